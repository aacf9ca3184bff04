/** The most events that one request to event-generator may ask for. */
const EVENTS_PER_REQUEST = 1_000;

/** Largest seed that event-generator takes. */
export const MAX_SEED = 2 ** 32 - 1;

/** The event-generator to publish through, and its seed. */
export interface Generation {
  readonly url: string;
  readonly seed?: number;
}

interface Batch {
  readonly count: number;
  readonly seed?: number;
}

/** Publishes `count` events of all types. Shape: the same seed and count publish the same events. */
export async function publishExactly(
  count: number,
  { url, seed }: Generation,
  onPublished: (messageIds: readonly string[]) => void,
): Promise<void> {
  for (let published = 0, request = 0; published < count; request += 1) {
    const size = Math.min(EVENTS_PER_REQUEST, count - published);
    onPublished(await generate(`${url}/generate`, batch(size, seed, request)));
    published += size;
  }
}

/** Events of publishing at a rate. */
export interface SteadyListener {
  onPublished(messageIds: readonly string[]): void;
  /** A request failed; the next one is tried in its turn. `undefined` when one succeeds again. */
  onProblem(problem: string | undefined): void;
}

/** Publishes at a rate until `signal` aborts, at most five requests a second; the types take turns. */
export async function publishSteadily(
  { url, seed, rate, signal }: Generation & { readonly rate: number; readonly signal: AbortSignal },
  listener: SteadyListener,
): Promise<void> {
  const types = await eventTypes(url);
  const requestsPerSecond = Math.min(rate, 5);
  for (let request = 0; !signal.aborted; request += 1) {
    const due =
      Math.round((rate * (request + 1)) / requestsPerSecond) -
      Math.round((rate * request) / requestsPerSecond);
    const type = types[request % types.length];
    try {
      listener.onPublished(await generate(`${url}/generate/${type}`, batch(due, seed, request)));
      listener.onProblem(undefined);
    } catch (error) {
      listener.onProblem(error instanceof Error ? error.message : String(error));
    }
    await pause(1_000 / requestsPerSecond, signal);
  }
}

/** Shape: the seed of request 0 is the one asked for; each further request has the next one, round the end. */
function batch(count: number, seed: number | undefined, request: number): Batch {
  return seed === undefined ? { count } : { count, seed: (seed + request) % (MAX_SEED + 1) };
}

async function eventTypes(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/event-types`);
  const { eventTypes: all } = (await response.json()) as { eventTypes: { type: string }[] };
  return all.map(({ type }) => type);
}

async function generate(url: string, body: Batch): Promise<readonly string[]> {
  const response = await fetch(url, {
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
