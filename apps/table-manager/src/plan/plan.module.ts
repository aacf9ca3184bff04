import { Module, type DynamicModule } from '@nestjs/common';
import { TABLE_STORE, type TableStore } from '@pipeline/bigquery-tables';
import { eventTypeSources } from '../config/event-type-from.js';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { WorkingMemory } from '../memory/working-memory.js';
import { PlanBatchService } from './plan-batch.service.js';
import { PlanController } from './plan.controller.js';

/** A Pub/Sub message of 10 MB in base64, with its attributes. */
const MAX_LINE_BYTES = 14 * 1024 * 1024;

/** `POST /plan`. */
@Module({})
export class PlanModule {
  /** @param tables the module that has the tables */
  static forRoot(settings: Readonly<TableManagerSettings>, tables: DynamicModule): DynamicModule {
    const { projectId, dataset: datasetId, eventRoutes: routes } = settings;
    return {
      module: PlanModule,
      imports: [tables],
      controllers: [PlanController],
      providers: [
        {
          provide: PlanBatchService,
          inject: [TABLE_STORE, WorkingMemory],
          useFactory: (store: TableStore, memory: WorkingMemory) =>
            new PlanBatchService({
              store,
              memory,
              projectId,
              datasetId,
              routes,
              eventTypeFrom: eventTypeSources(settings.eventTypeFrom),
              maxLineBytes: MAX_LINE_BYTES,
            }),
        },
      ],
    };
  }
}
