import { isGzip, type EventSource } from '@pipeline/schema-inference';

/** A step of the work on an event of this size takes long enough for others to notice. */
const HEAVY_BYTES = 64 * 1024;

/** Resolves in the turn of the event loop of the step that came last. */
let lastTurn = Promise.resolve();

/**
 * Lets other requests, health checks among them, run between two steps of the work on a heavy event. Compressed data is
 * heavy whatever its size, because a hundredth of these bytes may unpack to them.
 *
 * Steps of several events run one at a time, each in a turn of the event loop of its own.
 */
export async function pauseIfHeavy({ data, attributes }: EventSource): Promise<void> {
  if (data.byteLength < HEAVY_BYTES && !isGzip(attributes)) return;
  lastTurn = lastTurn.then(nextTurn);
  await lastTurn;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
