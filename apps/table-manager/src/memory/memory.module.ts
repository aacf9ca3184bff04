import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Metrics } from '@pipeline/platform';
import { WorkingMemory } from './working-memory.js';

/** The memory that events are handled in, shared by intake and plans. */
@Global()
@Module({})
export class MemoryModule {
  static forRoot({ maxWorkingBytes }: { readonly maxWorkingBytes: number }): DynamicModule {
    return {
      module: MemoryModule,
      providers: [
        {
          provide: WorkingMemory,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => {
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
    };
  }
}
