import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  HISTORY_COLUMNS,
  HISTORY_TABLE,
  PROMOTIONS_COLUMNS,
  PROMOTIONS_TABLE,
} from '@pipeline/bigquery-tables';
import type { Column } from '@pipeline/schema-inference';
import { Harness, post, type Row } from './harness.js';

const DATASET = 'prod_events_dataset';
/** Longer than any of these tests: BigQuery's writers never learn a column. */
const LAG_MS = 3_600_000;

let harness: Harness;
let url: string;

beforeAll(async () => {
  harness = await Harness.start();
  await createTable(HISTORY_TABLE, HISTORY_COLUMNS);
  await createTable(PROMOTIONS_TABLE, PROMOTIONS_COLUMNS);
  url = await harness.startInstance({ SCHEMA_GRACE_MS: '0' });
});

afterAll(async () => {
  await harness.stop();
});

async function createTable(tableId: string, columns: readonly Column[]): Promise<void> {
  await harness.bigquery.dataset(DATASET).createTable(tableId, {
    schema: columns.map(({ name, type, mode }) => ({ name, type, mode })),
  });
}

/** From now on the writers do not learn new columns of the table. */
async function blindWriters(table: string): Promise<void> {
  const body = JSON.stringify({ milliseconds: LAG_MS, table: `local-project.${DATASET}.${table}` });
  const answer = await fetch(`${harness.bigqueryUrl}/admin/metadata-lag`, { method: 'PUT', body });
  expect(answer.status).toBeLessThan(300);
}

const promote = (body = ''): Promise<{ readonly status: number; readonly body: unknown }> =>
  post(`${url}/promotions`, body, { 'content-type': 'application/json' });

/** The row of a message once the condition holds. */
async function rowOnce(table: string, messageId: string, isIt: (row: Row) => boolean): Promise<Row> {
  for (;;) {
    const row = await harness.row(table, messageId);
    if (isIt(row)) return row;
  }
}

describe('POST /promotions', () => {
  it('moves the value of a row that landed before its column, without the event coming again', async () => {
    await harness.deliver(url, { event_type: 'landed', a: 1 });
    await blindWriters('landed');
    const messageId = await harness.deliver(url, { event_type: 'landed', a: 2, b: { c: 'x' } });
    const before = await harness.row('landed', messageId);
    expect(before).toMatchObject({ a: 2, _revision: null });
    expect(JSON.parse(String(before['_overflow']))).toEqual({
      '/b/c': { reason: 'AWAITING_COLUMN', value: 'x' },
    });

    const tables = { tables: ['landed'] };
    const planned = await promote(JSON.stringify({ ...tables, dryRun: true }));
    const { status, body } = await promote(JSON.stringify(tables));

    expect(planned).toMatchObject({ status: 200 });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      isComplete: true,
      days: [{ table: 'landed', outcome: 'promoted', valuesMoved: 1 }],
    });
    expect(await harness.row('landed', messageId)).toMatchObject({
      a: 2,
      b: { c: 'x' },
      _overflow: null,
      _revision: 1,
    });
    const [records] = await harness.bigquery.query({ query: `SELECT * FROM \`${DATASET}._promotions\`` });
    expect(records).toMatchObject([{ table_name: 'landed', outcome: 'promoted', values_moved: 1 }]);
  });

  it('finds the tables that changed lately by itself', async () => {
    await harness.deliver(url, { event_type: 'changed' });
    await blindWriters('changed');
    const messageId = await harness.deliver(url, { event_type: 'changed', n: 7 });
    for (;;) {
      const { body } = await promote();
      // The history of the change may not be written yet.
      if ((body as { days: { table: string }[] }).days.some(({ table }) => table === 'changed')) break;
    }

    expect(await harness.row('changed', messageId)).toMatchObject({ n: 7, _overflow: null });
  });

  it('moves values by the timer of a process that has one', async () => {
    const timed = await harness.startInstance({ SCHEMA_GRACE_MS: '0', PROMOTION_INTERVAL_SECONDS: '1' });
    await harness.deliver(timed, { event_type: 'timed' });
    await blindWriters('timed');
    const messageId = await harness.deliver(timed, { event_type: 'timed', n: 7 });

    expect(await rowOnce('timed', messageId, (row) => row['_revision'] === 1)).toMatchObject({
      n: 7,
      _overflow: null,
    });
  });

  it('widens a field of an array after the first number that it does not hold, without being asked', async () => {
    await harness.deliver(url, { event_type: 'priced', items: [{ price: 10 }] });
    const messageId = await harness.deliver(url, { event_type: 'priced', items: [{ price: 9.99 }] });

    expect(await promote()).toMatchObject({
      status: 200,
      body: { automatic: [{ table: 'priced', column: 'items.price', type: 'NUMERIC', outcome: 'retyped' }] },
    });
    expect(await harness.row('priced', messageId)).toMatchObject({ _overflow: null, _revision: 1 });
    const next = await harness.deliver(url, { event_type: 'priced', items: [{ price: 0.5 }] });
    expect(await harness.row('priced', next)).toMatchObject({ items: [], _overflow: null });
  });

  it('retypes a column by HTTP, one at a time with promotions, and says what it refuses', async () => {
    const messageId = await harness.deliver(url, { event_type: 'retyped', code: 7 });
    const wish = { table: 'retyped', column: 'code', type: 'STRING', numbersAsText: true };
    const retype = (body: object): ReturnType<typeof post> =>
      post(`${url}/retypes`, JSON.stringify(body), { 'content-type': 'application/json' });

    expect(await retype({ ...wish, dryRun: true })).toMatchObject({
      status: 200,
      body: { kind: 'planned', left: 1 },
    });
    expect(await retype(wish)).toMatchObject({
      status: 200,
      body: { kind: 'retyped', left: 0, progress: { column: 'code', stage: 'settling' } },
    });
    expect(await harness.row('retyped', messageId)).toMatchObject({ code__v2: '7', _revision: 1 });
    expect(await harness.row('retyped_unique', messageId)).toMatchObject({ code: '7' });
    expect(await retype({ ...wish, column: 'no_such' })).toMatchObject({
      status: 400,
      body: { error: { code: 'NO_SUCH_COLUMN' } },
    });
    expect(await retype({ ...wish, table: 'no_such' })).toMatchObject({ status: 404 });
    expect((await Promise.all([retype(wish), promote()])).map(({ status }) => status).sort()).toEqual([
      200, 429,
    ]);
  });

  it.each([
    ['an invalid body', '{"scope":"some"}', 400, 'INVALID_REQUEST'],
    ['a table that is none', '{"tables":["no_such_table"]}', 200, undefined],
  ])('answers %s', async (_name, body, status, code) => {
    const answer = await promote(body);

    expect(answer.status).toBe(status);
    expect((answer.body as { error?: { code: string } }).error?.code).toBe(code);
  });

  it('names the remedy if its table is missing', async () => {
    await harness.dropTable(PROMOTIONS_TABLE);
    await harness.deliver(url, { event_type: 'unrecorded' });
    await blindWriters('unrecorded');
    await harness.deliver(url, { event_type: 'unrecorded', n: 7 });

    expect(await promote('{"tables":["unrecorded"]}')).toMatchObject({
      status: 503,
      body: { error: { code: 'TABLE_NOT_FOUND', details: { disposition: 'transient' } } },
    });
    const health = (await (await fetch(`${url}/readiness`)).json()) as object;
    expect(JSON.stringify(health)).toContain('terraform apply');
  });
});
