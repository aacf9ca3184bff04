import { type KnownTable, type TableReconciler } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { traced } from '@pipeline/platform';
import { fit } from '@pipeline/schema-inference';
import type { IncomingEvent } from '../intake/event-destination.port.js';

/** Rounds of change that one delivery takes part in. One is normal; more happen if others change the table too. */
export const MAX_ROUNDS = 5;

/**
 * Changes a table until it has a column for everything in the event, in one round.
 * @throws CloudError
 */
export function changeTable(
  reconciler: Pick<TableReconciler, 'reconcile'>,
  table: string,
  { message, event }: IncomingEvent,
): Promise<KnownTable> {
  return traced('reconcile', { table }, () =>
    reconciler.reconcile(table, {
      pendingIn: (compiled) => fit(event, compiled, { verdictOnly: true }).pending,
      cause: message.messageId,
      eventType: event.eventType,
    }),
  );
}

/** The table still lacks something after {@link MAX_ROUNDS} rounds. */
export function contended(table: string): CloudError {
  const message = `The table kept changing; gave up after ${MAX_ROUNDS} attempts`;
  return new CloudError({ code: 'CONTENDED', message, tableId: table });
}
