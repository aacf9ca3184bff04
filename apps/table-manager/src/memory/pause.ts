import { isGzip, type EventSource } from '@pipeline/schema-inference';

/** A step of the work on an event of this size takes long enough for others to notice. */
const HEAVY_BYTES = 64 * 1024;

/**
 * Turns of the event loop between two steps: a request on a new connection is accepted in one, read in the next and answered
 * in a third, and waits for one step, not for three.
 */
const TURNS_BETWEEN_STEPS = 4;

/** Resolves in the turn of the event loop of the step that came last. */
let lastTurn = Promise.resolve();

/**
 * Lets other requests, health checks among them, run between two steps of the work on a heavy event. Compressed data is
 * heavy whatever its size, because a hundredth of these bytes may unpack to them.
 *
 * Steps of several events run one at a time, with turns of the event loop between them.
 * @returns null for any other event, which therefore costs no promise
 */
export function pauseIfHeavy({ data, attributes }: EventSource): Promise<void> | null {
  if (data.byteLength < HEAVY_BYTES && !isGzip(attributes)) return null;
  lastTurn = lastTurn.then(otherTurns);
  return lastTurn;
}

async function otherTurns(): Promise<void> {
  for (let turn = 0; turn < TURNS_BETWEEN_STEPS; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
