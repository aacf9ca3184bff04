import { Module, type DynamicModule } from '@nestjs/common';
import { RowWriter, TableReconciler } from '@pipeline/bigquery-tables';
import { eventTypeSources } from '../config/event-type-from.js';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import {
  DEAD_LETTER_PUBLISHER,
  type DeadLetterPublisher,
} from '../dead-letters/dead-letter-publisher.port.js';
import { RowDestination } from '../destinations/row-destination.js';
import { SchemaDestination } from '../destinations/schema-destination.js';
import { EVENT_DESTINATION, type EventDestination } from './event-destination.port.js';
import { EventMetrics } from '../metrics/event-metrics.js';
import { WorkingMemory } from '../memory/working-memory.js';
import { INTAKE_PARTS, IntakeService, type IntakeParts } from './intake.service.js';
import { OutcomeLog } from './log-outcome.js';
import type { ReplayRule } from './replayed-message.js';

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
        {
          provide: EVENT_DESTINATION,
          inject: [TableReconciler, RowWriter, DEAD_LETTER_PUBLISHER],
          useFactory: (reconciler: TableReconciler, writer: RowWriter, deadLetters: DeadLetterPublisher) =>
            createDestination(settings, { reconciler, writer, deadLetters }),
        },
        {
          provide: INTAKE_PARTS,
          inject: [EVENT_DESTINATION, WorkingMemory, EventMetrics, OutcomeLog],
          useFactory: (
            destination: EventDestination,
            memory: WorkingMemory,
            metrics: EventMetrics,
            log: OutcomeLog,
          ): IntakeParts => ({ destination, replays, memory, metrics, log }),
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
  const eventTypeFrom = eventTypeSources(settings.eventTypeFrom);
  return deliveryMode === 'direct'
    ? new RowDestination({
        ...parts,
        routes,
        eventTypeFrom,
        eventDeadlineMs,
        schemaWaitMs: schemaWaitSeconds * 1_000,
      })
    : new SchemaDestination({ reconciler: parts.reconciler, routes, eventTypeFrom, eventDeadlineMs });
}
