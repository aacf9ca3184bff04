import { Global, Module } from '@nestjs/common';
import { Metrics } from '@pipeline/platform';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { WorkingMemory } from './working-memory.js';

/** The memory that events are handled in, shared by intake and plans. */
@Global()
@Module({
  providers: [
    {
      provide: WorkingMemory,
      inject: [Metrics, TableManagerSettings],
      useFactory: (metrics: Metrics, { maxWorkingBytes }: TableManagerSettings) => {
        const memory = new WorkingMemory(maxWorkingBytes);
        metrics.gauge({
          name: 'pipeline_working_bytes',
          help: 'Estimated memory of the events that are being handled',
          read: () => memory.bytes,
        });
        return memory;
      },
    },
  ],
  exports: [WorkingMemory],
})
export class MemoryModule {}
