import type { AckOutcome } from '../backlog/backlog.js';
import type { Subscription } from '../broker/subscription.js';
import { invalidArgument, PubsubError } from '../wire/status.js';

const MAX_DEADLINE_SECONDS = 600;

/** Acknowledge; the errors of the `Acknowledge` RPC. */
export function acknowledge(subscription: Subscription, ackIds: readonly string[]): void {
  checkAckIds(ackIds);
  refuseStale(subscription, ackIds, subscription.acknowledge(ackIds));
}

/** Move deadlines; the errors of the `ModifyAckDeadline` RPC. */
export function modifyAckDeadline(
  subscription: Subscription,
  ackIds: readonly string[],
  seconds: number,
): void {
  checkAckIds(ackIds);
  checkDeadline(seconds);
  refuseStale(subscription, ackIds, subscription.modifyDeadline(ackIds, seconds * 1_000));
}

export function checkDeadline(seconds: number): void {
  if (seconds < 0 || seconds > MAX_DEADLINE_SECONDS) {
    throw invalidArgument(`Invalid ack deadline given: (seconds=${seconds}). It must be between 0 and 600.`);
  }
}

function checkAckIds(ackIds: readonly string[]): void {
  if (ackIds.length === 0) throw invalidArgument('No ack ids specified.');
}

/**
 * With exactly-once delivery stale ids are errors, listed per id; without it they are fine.
 *
 * Source: https://cloud.google.com/pubsub/docs/exactly-once-delivery, read 2026-11-22.
 */
function refuseStale(
  subscription: Subscription,
  ackIds: readonly string[],
  outcomes: readonly AckOutcome[],
): void {
  const malformed = ackIds.find((_, index) => outcomes[index] === 'malformed');
  if (malformed !== undefined) {
    throw invalidArgument(`You have passed an invalid ack ID to the service (ack_id=${malformed}).`);
  }
  if (subscription.resource.enableExactlyOnceDelivery !== true) return;
  const stale = ackIds.filter((_, index) => outcomes[index] === 'stale');
  if (stale.length === 0) return;
  throw new PubsubError(
    'FAILED_PRECONDITION',
    'Some acknowledgement ids in the request were invalid or expired.',
    {
      ackFailures: Object.fromEntries(stale.map((ackId) => [ackId, 'PERMANENT_FAILURE_INVALID_ACK_ID'])),
    },
  );
}
