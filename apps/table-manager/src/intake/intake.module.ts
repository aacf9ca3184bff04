import { Module, type DynamicModule } from '@nestjs/common';
import { RowWriter, TableReconciler } from '@pipeline/bigquery-tables';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import {
  DEAD_LETTER_PUBLISHER,
  type DeadLetterPublisher,
} from '../dead-letters/dead-letter-publisher.port.js';
import { StoreEventService } from '../storing/store-event.service.js';
import { IntakeController } from './intake.controller.js';
import { TakePushService } from './take-push.service.js';

/** From a push request to a row or a dead letter. */
@Module({})
export class IntakeModule {
  /** @param parts the modules of the tables and of the dead letters */
  static forRoot(settings: Readonly<TableManagerSettings>, parts: readonly DynamicModule[]): DynamicModule {
    const { eventRoutes: routes, eventDeadlineMs, schemaWaitSeconds } = settings;
    return {
      module: IntakeModule,
      imports: [...parts],
      controllers: [IntakeController],
      providers: [
        {
          provide: StoreEventService,
          inject: [TableReconciler, RowWriter],
          useFactory: (reconciler: TableReconciler, writer: RowWriter) =>
            new StoreEventService({
              reconciler,
              writer,
              routes,
              eventDeadlineMs,
              schemaWaitMs: schemaWaitSeconds * 1000,
            }),
        },
        {
          provide: TakePushService,
          inject: [StoreEventService, DEAD_LETTER_PUBLISHER],
          useFactory: (storing: StoreEventService, letters: DeadLetterPublisher) =>
            new TakePushService(storing, letters),
        },
      ],
    };
  }
}
