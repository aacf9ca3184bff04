/** The most events that one request to event-generator may ask for. */
const EVENTS_PER_REQUEST = 1_000;

/** What to publish through event-generator's `POST /generate`. */
export interface Generation {
  readonly url: string;
  readonly seed?: number;
}

/** Publish `count` events of all types. Shape: the same seed and count publish the same events. */
export async function publishExactly(
  count: number,
  { url, seed }: Generation,
  onPublished: (messageIds: readonly string[]) => void,
): Promise<void> {
  for (let published = 0, request = 0; published < count; request += 1) {
    const size = Math.min(EVENTS_PER_REQUEST, count - published);
    onPublished(
      await generate(url, { count: size, ...(seed === undefined ? {} : { seed: seed + request }) }),
    );
    published += size;
  }
}

/** Publish at a rate until `signal` aborts: one request a second at most, or one for each event below that. */
export async function publishSteadily(
  { url, seed, rate, signal }: Generation & { readonly rate: number; readonly signal: AbortSignal },
  onPublished: (messageIds: readonly string[]) => void,
): Promise<void> {
  const requestsPerSecond = Math.min(rate, 5);
  for (let request = 0; !signal.aborted; request += 1) {
    const due =
      Math.round((rate * (request + 1)) / requestsPerSecond) -
      Math.round((rate * request) / requestsPerSecond);
    onPublished(await generate(url, { count: due, ...(seed === undefined ? {} : { seed: seed + request }) }));
    await pause(1_000 / requestsPerSecond, signal);
  }
}

async function generate(url: string, body: { count: number; seed?: number }): Promise<readonly string[]> {
  const response = await fetch(`${url}/generate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`event-generator refused to publish with ${response.status}: ${answer}`);
  return (JSON.parse(answer) as { messageIds: string[] }).messageIds;
}

/** Wait, or less when `signal` aborts meanwhile. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener('abort', done);
  });
}
