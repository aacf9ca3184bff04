import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness, push } from './harness.js';
import { Prober } from './hostile/prober.js';
import { LimitedProcess } from './hostile/limited-process.js';
import { FIRST_EVENT, HOSTILE_SHAPES } from './hostile/shapes.js';

/** Minutes of the long form: a hostile message every 2 s beside 100 good events a second. 0: each shape once. */
const MINUTES = Number(process.env['HOSTILE_MINUTES'] ?? 0);
const AT_A_TIME = MINUTES > 0 ? 24 : 8;
const MAX_MEBIBYTES = 800;
const MAX_P99_MS = 5_000;
/** A second of processor time where the unit takes 17 ms, so that health is answered within a second. */
const MAX_UNITS_OF_WORK = 60;
/** As Eventarc's managed subscription starts with; it goes on to 600 s. */
const MAX_BACKOFF_MS = 10_000;
/** The good events that are open at one time, as Pub/Sub limits them: a machine that is too slow for the rate gets fewer. */
const MAX_OPEN = 500;

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(() => harness.stop());

/** Delivers until the message is acknowledged, as Pub/Sub does, with its growing delays. @returns its id */
async function deliver(url: string, data: string | Buffer): Promise<string> {
  const id = harness.newId();
  for (let delayMs = 100; ; delayMs = Math.min(2 * delayMs, MAX_BACKOFF_MS)) {
    const { status } = await push(url, id, data);
    if (status === 204) return id;
    if (![429, 503].includes(status)) throw new Error(`${id} was answered ${status}`);
    await pause(delayMs);
  }
}

/** The messages that are neither a row nor a dead letter. */
async function unaccounted(messageIds: readonly string[]): Promise<readonly string[]> {
  const stored = await harness.messageIds('hostile');
  return harness.withoutLetter(
    messageIds.filter((id) => !stored.has(id)),
    60_000,
  );
}

function p99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0);
}

/** Delivers good events until the signal. @returns the duration of each, in ms */
async function deliverGoodEvents(
  url: string,
  signal: AbortSignal,
  everyMs: number,
): Promise<readonly number[]> {
  const took: number[] = [];
  const open = new Set<Promise<void>>();
  for (let index = 0; !signal.aborted; index++) {
    const startedMs = performance.now();
    const one = deliver(url, JSON.stringify({ event_type: 'good', index })).then(() => {
      took.push(performance.now() - startedMs);
      open.delete(one);
    });
    open.add(one);
    await pause(everyMs);
    while (open.size >= MAX_OPEN) await Promise.race(open);
  }
  await Promise.all(open);
  return took;
}

describe.each(['direct', 'dataflow'])('an instance of 1 GiB in %s mode', (mode) => {
  let service: LimitedProcess;

  beforeAll(async () => {
    service = await LimitedProcess.start({
      ...harness.environment(),
      DELIVERY_MODE: mode,
      EVENT_DEADLINE_MS: '60000',
    });
    await deliver(service.url, JSON.stringify(FIRST_EVENT));
    await service.longestWork(); // of the start
  });

  afterAll(() => service.stop());

  it(
    'survives every hostile message, acknowledges each, and answers good events beside them',
    async () => {
      const good = new AbortController();
      const latencies = deliverGoodEvents(service.url, good.signal, MINUTES > 0 ? 10 : 100);
      const untilMs = Date.now() + MINUTES * 60_000;
      const prober = new Prober(`${service.url}/health`);
      const sent: Promise<string>[] = [];
      for (let index = 0; index < HOSTILE_SHAPES.length || Date.now() < untilMs; index++) {
        const { data } = HOSTILE_SHAPES[index % HOSTILE_SHAPES.length]?.() ?? { data: Buffer.of() };
        const one = deliver(service.url, data);
        sent.push(one);
        await (MINUTES > 0 ? pause(2_000) : one);
      }
      const ids = await Promise.all(sent);
      good.abort();
      const took = await latencies;
      const health = await prober.stop();
      const peak = await service.peakMebibytes();
      const [load] = loadavg();
      process.stdout.write(
        `${mode}: ${ids.length} hostile messages, ${took.length} good events, p99 ${p99(took)} ms, peak ${peak} MiB, ` +
          `load ${load?.toFixed(1)}; health p99 ${p99(health.answers)} ms, longest ${Math.max(...health.answers).toFixed()} ms, ` +
          `the prober's own p99 ${p99(health.own)} ms, longest ${Math.max(...health.own).toFixed()} ms\n`,
      );

      expect(service.end).toBeNull();
      expect(mode === 'direct' ? await unaccounted(ids) : []).toEqual([]);
      expect(peak).toBeLessThanOrEqual(MAX_MEBIBYTES);
      if (MINUTES > 0) expect(p99(took)).toBeLessThanOrEqual(MAX_P99_MS);
    },
    (MINUTES + 10) * 60_000,
  );

  it('lets other requests run between pieces of that work, none of which takes long', async () => {
    const { longestMs, unitMs } = await service.longestWork();
    process.stdout.write(
      `${mode}: longest work ${longestMs.toFixed()} ms, the unit ${unitMs.toFixed()} ms\n`,
    );

    expect(longestMs / unitMs).toBeLessThanOrEqual(MAX_UNITS_OF_WORK);
  });

  it(`survives ${AT_A_TIME} conflicting events of 1 MB at a time`, async () => {
    const data = JSON.stringify({
      event_type: 'hostile',
      a: Array.from({ length: 111_000 }, () => ({ x: 's' })),
    });

    await Promise.all(Array.from({ length: AT_A_TIME }, () => deliver(service.url, data)));

    expect(service.end).toBeNull();
    expect(await service.peakMebibytes()).toBeLessThanOrEqual(MAX_MEBIBYTES);
  }, 600_000);

  it('answers a plan of one line with 240,000 keys', async () => {
    const keys = Array.from({ length: 240_000 }, (_unused, index) => `"key_${index}":1`).join(',');
    const response = await fetch(`${service.url}/plan`, {
      method: 'POST',
      body: `{"event_type":"planned",${keys}}`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    const plan = (await response.json()) as { events: number; rejected: { count: number } };

    expect([response.status, plan.events + plan.rejected.count]).toEqual([200, 1]);
    expect(service.end).toBeNull();
    expect(await service.peakMebibytes()).toBeLessThanOrEqual(MAX_MEBIBYTES);
  }, 600_000);
});
