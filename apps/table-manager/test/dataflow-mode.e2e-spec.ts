import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness, post, push } from './harness.js';

let harness: Harness;
let url: string;

beforeAll(async () => {
  harness = await Harness.start();
  url = await harness.startInstance({ DELIVERY_MODE: 'dataflow', DEAD_LETTER_TOPIC: 'no-such-topic' });
});

afterAll(async () => {
  await harness.stop();
});

async function metric(line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1) ?? 0);
}

describe('dataflow mode', () => {
  it('keeps the table and leaves rows to the job', async () => {
    await harness.deliver(url, { event_type: 'kept', a: 1 });
    await harness.deliver(url, { event_type: 'kept', a: 2 });

    expect(await harness.rows('kept')).toEqual([]);
    expect(await metric('pipeline_events_total{outcome="changed",reason=""}')).toBe(1);
    expect(await metric('pipeline_events_total{outcome="known",reason=""}')).toBe(1);
    expect(await metric('pipeline_schema_changes_total{kind="CREATE_TABLE"}')).toBe(1);
    expect(await metric('pipeline_tables_cached')).toBe(1);
    expect(await metric('pipeline_event_lag_seconds_count')).toBe(2);
    expect(await metric('pipeline_in_flight_bytes')).toBe(0);
  });

  it.each([
    ['NOT_JSON', () => push(url, 'bad', 'hello')],
    ['ENVELOPE_INVALID', () => post(url, '{}', { 'content-type': 'application/json' })],
  ])('acknowledges what is no event and counts it as %s: the job dead-letters it', async (reason, send) => {
    expect((await send()).status).toBe(204);
    expect(await metric(`pipeline_events_total{outcome="left",reason="${reason}"}`)).toBe(1);
  });

  it('describes every route, with examples', async () => {
    const document = (await (await fetch(`${url}/docs-json`)).json()) as {
      paths: Record<string, object>;
      components: { schemas: Record<string, object> };
    };
    // Where an answer is described by a class, its properties have the examples.
    const wholeText = (item: object): string =>
      JSON.stringify(item).replace(/"#\/components\/schemas\/(\w+)"/g, (_reference, name: string) =>
        JSON.stringify(document.components.schemas[name]),
      );

    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining(['/', '/plan', '/tables', '/tables/{table}', '/metrics', '/health']),
    );
    for (const [path, item] of Object.entries(document.paths)) {
      expect([path, wholeText(item).includes('"example"')]).toEqual([path, true]);
    }
  });
});

describe('more than may be in flight', () => {
  it('is answered 429 with Retry-After, and taken once there is room', async () => {
    const small = await harness.startInstance({
      DELIVERY_MODE: 'dataflow',
      MAX_IN_FLIGHT_BYTES: '1048576',
    });
    const long = JSON.stringify({ event_type: 'long', text: 'x'.repeat(600_000) });
    const answers = await Promise.all([1, 2, 3].map((id) => push(small, `long-${id}`, long)));
    const statuses = answers.map(({ status }) => status);

    expect(statuses).toContain(204);
    expect(new Set(statuses)).toEqual(new Set([204, 429]));
    expect(answers.find(({ status }) => status === 429)?.body).toMatchObject({
      error: { code: 'TOO_MANY_BYTES_IN_FLIGHT' },
    });
    expect((await push(small, 'later', long)).status).toBe(204);
  });
});
