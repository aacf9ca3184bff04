import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { RowWriter, TableReconciler } from '@pipeline/bigquery-tables';
import { PinoLogger } from 'nestjs-pino';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import {
  DEAD_LETTER_PUBLISHER,
  type DeadLetterPublisher,
} from '../dead-letters/dead-letter-publisher.port.js';
import { StoreEventService } from '../storing/store-event.service.js';
import { KeepTableService } from './keep-table.service.js';
import { PUSH_TAKER } from './push-taker.port.js';
import { TakePushService } from './take-push.service.js';
import { TakenLog } from './taken-log.js';

/** From a push request to its end: a row or a dead letter, or a table that is ready for the job's row. */
@Module({})
export class IntakeModule {
  /** @param parts the modules of the tables and of the dead letters */
  static forRoot(settings: Readonly<TableManagerSettings>, parts: readonly DynamicModule[]): DynamicModule {
    return {
      module: IntakeModule,
      imports: [...parts],
      providers: [
        ...(settings.deliveryMode === 'direct' ? direct(settings) : dataflow(settings)),
        { provide: TakenLog, inject: [PinoLogger], useFactory: (logger: PinoLogger) => new TakenLog(logger) },
      ],
    };
  }
}

function direct(settings: Readonly<TableManagerSettings>): Provider[] {
  const { eventRoutes: routes, eventDeadlineMs, schemaWaitSeconds, replayTopic } = settings;
  return [
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
      provide: PUSH_TAKER,
      inject: [StoreEventService, DEAD_LETTER_PUBLISHER],
      useFactory: (storing: StoreEventService, letters: DeadLetterPublisher) =>
        new TakePushService(storing, letters, replayTopic),
    },
  ];
}

function dataflow({
  eventRoutes: routes,
  eventDeadlineMs,
  replayTopic,
}: Readonly<TableManagerSettings>): Provider[] {
  return [
    {
      provide: PUSH_TAKER,
      inject: [TableReconciler],
      useFactory: (reconciler: TableReconciler) =>
        new KeepTableService({ reconciler, routes, eventDeadlineMs, replayTopic }),
    },
  ];
}
