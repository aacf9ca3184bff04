import { Module } from '@nestjs/common';
import { RowWriter, TableReconciler } from '@pipeline/bigquery-tables';
import { eventTypeSources } from '../config/event-type-from.js';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import {
  DEAD_LETTER_PUBLISHER,
  type DeadLetterPublisher,
} from '../dead-letters/dead-letter-publisher.port.js';
import { DeadLettersModule } from '../dead-letters/dead-letters.module.js';
import { RowDestination, type RowDestinationOptions } from '../destinations/row-destination.js';
import { SchemaDestination } from '../destinations/schema-destination.js';
import { TableNotes } from '../tables/table-notes.js';
import { TablesModule } from '../tables/tables.module.js';
import { EVENT_DESTINATION, type EventDestination } from './event-destination.port.js';
import { EventMetrics } from '../metrics/event-metrics.js';
import { RowMetrics } from '../metrics/row-metrics.js';
import { WorkingMemory } from '../memory/working-memory.js';
import { INTAKE_PARTS, IntakeService, type IntakeParts } from './intake.service.js';
import { OutcomeLog } from './log-outcome.js';

/** From a push request to its outcome, with the destination of the delivery mode. */
@Module({
  imports: [TablesModule, DeadLettersModule],
  providers: [
    IntakeService,
    OutcomeLog,
    {
      provide: EVENT_DESTINATION,
      inject: [
        TableManagerSettings,
        TableReconciler,
        RowWriter,
        DEAD_LETTER_PUBLISHER,
        RowMetrics,
        TableNotes,
      ],
      useFactory: createDestination,
    },
    {
      provide: INTAKE_PARTS,
      inject: [TableManagerSettings, EVENT_DESTINATION, WorkingMemory, EventMetrics, OutcomeLog],
      useFactory: createParts,
    },
  ],
})
export class IntakeModule {}

function createDestination(
  settings: TableManagerSettings,
  reconciler: TableReconciler,
  writer: RowWriter,
  deadLetters: DeadLetterPublisher,
  rowMetrics: RowMetrics,
  notes: TableNotes,
): EventDestination {
  const { deliveryMode, eventRoutes: routes, schemaGraceMs } = settings;
  const eventTypeFrom = eventTypeSources(settings.eventTypeFrom);
  const onStored: RowDestinationOptions['onStored'] = (table, overflowed) => {
    rowMetrics.stored(table, overflowed);
    for (const { reason } of overflowed) notes.overflowed(table, reason);
  };
  const onOverflow = notes.overflowed.bind(notes);
  return deliveryMode === 'direct'
    ? new RowDestination({ reconciler, writer, deadLetters, routes, eventTypeFrom, schemaGraceMs, onStored })
    : new SchemaDestination({ reconciler, routes, eventTypeFrom, onOverflow });
}

function createParts(
  { projectId, replayTopic: topic, eventDeadlineMs }: TableManagerSettings,
  destination: EventDestination,
  memory: WorkingMemory,
  metrics: EventMetrics,
  log: OutcomeLog,
): IntakeParts {
  return { destination, replays: { projectId, topic }, memory, eventDeadlineMs, metrics, log };
}
