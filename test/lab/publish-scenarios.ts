import { pause } from '@pipeline/cli';
import { SCENARIO_ATTRIBUTE } from '../harness/gather-evidence.js';
import { ratePerSecond } from './lab.options.js';

interface Stream {
  readonly id: string;
  readonly state: 'running' | 'finished' | 'stopped' | 'failed';
  readonly published: number;
  readonly lastFailure: string | null;
}

const POLL_MS = 500;

/**
 * Publishes scenarios at their rates, concurrently, through the streams of event-generator.
 *
 * @returns how many messages of each Pub/Sub took
 */
export async function publishScenarios(
  url: string,
  {
    scenarios,
    durationSeconds,
    seed,
  }: { readonly scenarios: readonly string[]; readonly durationSeconds: number; readonly seed: number },
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (published: number) => void },
): Promise<ReadonlyMap<string, number>> {
  const streams = new Map<string, Stream>();
  for (const source of scenarios) {
    const request = {
      source,
      seed,
      durationSeconds,
      ratePerSecond: ratePerSecond(source, durationSeconds),
      attributes: { [SCENARIO_ATTRIBUTE]: source },
    };
    streams.set(source, await ask(`${url}/streams`, request));
  }
  while (!signal.aborted && [...streams.values()].some(({ state }) => state === 'running')) {
    await pause(POLL_MS, signal);
    for (const [source, { id }] of streams) streams.set(source, await ask(`${url}/streams/${id}`));
    onProgress([...streams.values()].reduce((sum, { published }) => sum + published, 0));
  }
  for (const [source, { state, lastFailure }] of streams) {
    if (state === 'failed')
      throw new Error(`Publishing ${source} failed: ${lastFailure ?? 'unknown reason'}`);
  }
  return new Map([...streams].map(([source, { published }]) => [source, published]));
}

async function ask(url: string, body?: object): Promise<Stream> {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`event-generator refused ${url} with ${response.status}: ${answer}`);
  return JSON.parse(answer) as Stream;
}
