import { Module, type DynamicModule } from '@nestjs/common';
import { RowWriter, TableReconciler } from '@pipeline/bigquery-tables';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import {
  DEAD_LETTER_PUBLISHER,
  type DeadLetterPublisher,
} from '../dead-letters/dead-letter-publisher.port.js';
import { RowDestination } from '../destinations/row-destination.js';
import { SchemaDestination } from '../destinations/schema-destination.js';
import { EVENT_DESTINATION, type EventDestination } from './event-destination.port.js';
import { IntakeService } from './intake.service.js';
import { OutcomeLog } from './log-outcome.js';
import { REPLAY_RULE, type ReplayRule } from './replayed-message.js';

/** From a push request to its outcome, with the destination of the delivery mode. */
@Module({})
export class IntakeModule {
  /** @param imports the modules that export the tables and the dead-letter publisher */
  static forRoot(settings: Readonly<TableManagerSettings>, imports: readonly DynamicModule[]): DynamicModule {
    const replays: ReplayRule = { projectId: settings.projectId, topic: settings.replayTopic };
    return {
      module: IntakeModule,
      imports: [...imports],
      providers: [
        IntakeService,
        OutcomeLog,
        { provide: REPLAY_RULE, useValue: replays },
        {
          provide: EVENT_DESTINATION,
          inject: [TableReconciler, RowWriter, DEAD_LETTER_PUBLISHER],
          useFactory: (reconciler: TableReconciler, writer: RowWriter, deadLetters: DeadLetterPublisher) =>
            createDestination(settings, { reconciler, writer, deadLetters }),
        },
      ],
    };
  }
}

function createDestination(
  settings: Readonly<TableManagerSettings>,
  parts: {
    readonly reconciler: TableReconciler;
    readonly writer: RowWriter;
    readonly deadLetters: DeadLetterPublisher;
  },
): EventDestination {
  const { deliveryMode, eventRoutes: routes, eventDeadlineMs, schemaWaitSeconds } = settings;
  return deliveryMode === 'direct'
    ? new RowDestination({ ...parts, routes, eventDeadlineMs, schemaWaitMs: schemaWaitSeconds * 1_000 })
    : new SchemaDestination({ reconciler: parts.reconciler, routes, eventDeadlineMs });
}
