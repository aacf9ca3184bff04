import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows, BigqueryClient, BigquerySql, type SqlRow } from '@pipeline/google-clients';
import { startBigqueryEmulator } from '@pipeline/local-cloud';
import { buildRow, decodeEvent, fit, type DecodedEvent } from '@pipeline/schema-inference';
import { createRowAppender } from '../rows/create-row-appender.js';
import { RowWriter } from '../rows/row-writer.js';
import { BigqueryTableStore } from './bigquery-table-store.adapter.js';
import { TableReconciler } from './table-reconciler.js';

const dataset = { projectId: 'local-project', datasetId: 'events' };

let emulator: Awaited<ReturnType<typeof startBigqueryEmulator>>;
let sql: BigquerySql;
let reconciler: TableReconciler;
let writer: RowWriter;

beforeAll(async () => {
  emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  const client = new BigqueryClient({ ...dataset, endpoint: `http://127.0.0.1:${emulator.port}` });
  await client.request({ method: 'POST', path: ['datasets'], body: { datasetReference: dataset } });
  sql = new BigquerySql(client);
  reconciler = new TableReconciler({ store: new BigqueryTableStore(client), pace: { replicas: 1 } });
  const endpoint = `127.0.0.1:${emulator.storageWritePort}`;
  writer = new RowWriter({ appender: createRowAppender({ ...dataset, endpoint }) });
});

afterAll(async () => {
  await reconciler.stop();
  await writer.stop();
  await emulator.stop();
});

function decode(data: object): DecodedEvent {
  const decoded = decodeEvent({ data: Buffer.from(JSON.stringify(data)), attributes: {} });
  if (decoded.kind === 'rejected') throw new Error(decoded.detail);
  return decoded.event;
}

/** Changes the table for an event and stores its row, as `direct` mode does. */
async function store(tableId: string, messageId: string, data: object): Promise<string> {
  const event = decode({ event_type: tableId, ...data });
  const known = await reconciler.reconcile(tableId, {
    pendingIn: (compiled) => fit(event, compiled, { verdictOnly: true }).pending,
    cause: messageId,
  });
  const fitted = fit(event, known.compiled);
  const built = buildRow(
    { messageId, publishTime: '2026-11-29T10:00:00Z' },
    event,
    fitted,
    '2026-11-29T10:00:01Z',
  );
  if (built.kind === 'rejected') throw new Error(built.detail);
  const { columns } = known.stored.schema;
  const deadlineAtMs = Date.now() + 20_000;
  const outcome = await writer.write(tableId, {
    insertId: messageId,
    row: built.row,
    columns,
    bytes: built.bytes,
    deadlineAtMs,
  });
  return outcome.kind;
}

const rowsOf = (tableId: string, columns: string): Promise<SqlRow[]> =>
  allRows(sql, { sql: `SELECT ${columns} FROM ${sql.name(tableId)} ORDER BY _message_id` });

function keysOf(json: SqlRow[string] | undefined): readonly string[] {
  const value = typeof json === 'string' ? (JSON.parse(json) as object | null) : null;
  return Object.keys(value ?? {}).sort();
}

describe('a table made by hand', () => {
  it('gets the pipeline’s columns as NULLABLE and takes rows beside its own', async () => {
    await sql.execute({ sql: `CREATE TABLE ${sql.name('leads')} (id STRING NOT NULL, stage STRING)` });
    await sql.execute({ sql: `INSERT INTO ${sql.name('leads')} (id, stage) VALUES ('own', 'won')` });

    expect(await store('leads', 'm1', { id: '1', stage: 'new' })).toBe('stored');
    expect(await store('leads', 'm2', { stage: 'lost', extra: 7 })).toBe('stored');
    expect(await rowsOf('leads', '_message_id, id, stage')).toEqual([
      { _message_id: null, id: 'own', stage: 'won' },
      { _message_id: 'm1', id: '1', stage: 'new' },
      { _message_id: 'm2', id: null, stage: 'lost' },
    ]);
  });

  it('is recreated with the pipeline’s columns and partitions after it was deleted', async () => {
    await sql.execute({ sql: `CREATE TABLE ${sql.name('deals')} (id STRING NOT NULL)` });
    await reconciler.reconcile('deals', { pendingIn: () => [], cause: 'm0' });
    await sql.execute({ sql: `DROP TABLE ${sql.name('deals')}` });
    const { stored } = await reconciler.verify('deals', 'm1');

    expect(stored.isPartitioned).toBe(true);
    expect(await store('deals', 'm1', { id: '1' })).toBe('stored');
  });

  it('gives values that its type’s parameters exclude to _overflow, and the row lands', async () => {
    await sql.execute({
      sql: `CREATE TABLE ${sql.name('rates')} (code STRING(3), rate NUMERIC(5, 2), _message_id STRING, _publish_time TIMESTAMP)`,
    });

    expect(await store('rates', 'm1', { code: 'abc', rate: 1.25 })).toBe('stored');
    expect(await store('rates', 'm2', { code: 'abcd', rate: 99999 })).toBe('stored');
    expect(await store('rates', 'm3', { code: 'ab', rate: 0.001 })).toBe('stored');
    const rows = await rowsOf('rates', 'code, rate, TO_JSON_STRING(_overflow) AS overflow');
    expect(rows.map(({ code, rate }) => [code, rate])).toEqual([
      ['abc', '1.25'],
      [null, null],
      ['ab', null],
    ]);
    expect(rows.map(({ overflow }) => keysOf(overflow))).toEqual([[], ['/code', '/rate'], ['/rate']]);
  });

  it.each([
    ['a view', 'CREATE VIEW', 'AS SELECT 1 AS id', 'is a view, not a table'],
    [
      'a pipeline column of another type',
      'CREATE TABLE',
      '(_message_id INT64)',
      'column _message_id of table',
    ],
    [
      'a pipeline column that is an array',
      'CREATE TABLE',
      '(_event_type ARRAY<STRING>)',
      'is ARRAY<STRING> where',
    ],
  ])('is a setup problem that names the remedy if it is %s', async (_name, create, rest, words) => {
    const tableId = `unusable_${words.replaceAll(/[^a-z]/g, '')}`;
    await sql.execute({ sql: `${create} ${sql.name(tableId)} ${rest}` });

    await expect(store(tableId, 'm1', { id: 1 })).rejects.toMatchObject({
      code: 'TABLE_UNUSABLE',
      disposition: 'setup',
      message: expect.stringContaining(words),
    });
    await expect(store(tableId, 'm1', { id: 1 })).rejects.toMatchObject({
      message: expect.stringContaining('EVENT_ROUTES'),
    });
  });
});
