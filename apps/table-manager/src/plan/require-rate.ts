import { RequestFailure } from '@pipeline/platform';

/** Allowance over the whole body. */
const GRACE_MS = 5_000;
const MIN_BYTES_PER_SECOND = 64_000;

/**
 * Passes on the pieces of a streamed body and gives up on a slow sender, which would keep one of few places for a plan.
 *
 * Only the time in which this side waits for a piece counts, so a slow plan does not end a fast sender.
 * @throws RequestFailure 408 `BODY_TOO_SLOW`
 */
export async function* requireRate(
  pieces: AsyncIterable<Uint8Array>,
  graceMs = GRACE_MS,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = pieces[Symbol.asyncIterator]();
  let waitedMs = 0;
  let bytes = 0;
  for (;;) {
    const allowedMs = graceMs + (bytes / MIN_BYTES_PER_SECOND) * 1_000 - waitedMs;
    const startedMs = performance.now();
    const next = await nextWithin(iterator, Math.max(0, allowedMs));
    if (next.done === true) return;
    waitedMs += performance.now() - startedMs;
    bytes += next.value.byteLength;
    yield next.value;
  }
}

async function nextWithin(
  iterator: AsyncIterator<Uint8Array>,
  limitMs: number,
): Promise<IteratorResult<Uint8Array, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(tooSlow());
    }, limitMs);
  });
  try {
    return await Promise.race([iterator.next(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(): RequestFailure {
  return new RequestFailure({
    status: 408,
    code: 'BODY_TOO_SLOW',
    message: `The body arrives too slowly: send at least ${MIN_BYTES_PER_SECOND} bytes a second`,
    headers: { connection: 'close' },
  });
}
