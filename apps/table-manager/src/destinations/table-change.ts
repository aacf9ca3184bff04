import { type KnownTable, type TableReconciler } from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { traced } from '@pipeline/platform';
import { fit, type DecodedEvent } from '@pipeline/schema-inference';
import { TOO_LATE, untilDeadline } from '../intake/deadline.js';
import type { IncomingEvent } from '../intake/event-destination.port.js';
import { isLight } from '../memory/event-weight.js';

/** Rounds of change that one delivery takes part in. One is normal; more happen if others change the table too. */
export const MAX_ROUNDS = 5;

/**
 * Changes a table until it has a column for everything in the event, in one round.
 *
 * The round goes on after the deadline, without a heavy event, so that its memory is free.
 * @returns {@link TOO_LATE} at the deadline of the delivery
 * @throws CloudError
 */
export async function changeTable(
  reconciler: Pick<TableReconciler, 'reconcile'>,
  table: string,
  { message, event, deadlineAtMs }: IncomingEvent,
): Promise<KnownTable | typeof TOO_LATE> {
  const { messageId: cause } = message;
  const { eventType } = event;
  let waiting: DecodedEvent | null = event;
  const round = traced('reconcile', { table }, () =>
    reconciler.reconcile(table, {
      pendingIn: (compiled) =>
        waiting === null ? [] : fit(waiting, compiled, { verdictOnly: true }).pending,
      cause,
      eventType,
    }),
  );
  const outcome = await untilDeadline(round, deadlineAtMs);
  if (outcome === TOO_LATE && !isLight(message)) waiting = null;
  return outcome;
}

/** The table still lacks something after {@link MAX_ROUNDS} rounds. */
export function contended(table: string): CloudError {
  const message = `The table kept changing; gave up after ${MAX_ROUNDS} attempts`;
  return new CloudError({ code: 'CONTENDED', message, tableId: table });
}
