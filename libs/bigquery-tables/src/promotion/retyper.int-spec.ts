import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows, BigqueryClient, BigquerySql, type SqlRow } from '@pipeline/google-clients';
import { startBigqueryEmulator } from '@pipeline/local-cloud';
import {
  buildRow,
  compileSchema,
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  type Column,
  type TableSchema,
} from '@pipeline/schema-inference';
import { HISTORY_COLUMNS, HISTORY_TABLE } from '../history/history-row.js';
import { createRowAppender } from '../rows/create-row-appender.js';
import type { RowAppender } from '../rows/row-appender.port.js';
import { BigqueryTableStore } from '../schema-changes/bigquery-table-store.adapter.js';
import { toField } from '../schema-changes/table-resource.js';
import type { TableStore } from '../schema-changes/table-store.port.js';
import { BigqueryStaging } from './bigquery-staging.js';
import { parseRetypeType, type RetypeWish } from './plan-retype.js';
import { Promoter } from './promoter.js';
import { PROMOTIONS_COLUMNS, PROMOTIONS_TABLE } from './promotion-record.js';
import { Retyper, type RetypeResult } from './retyper.js';

const dataset = { projectId: 'local-project', datasetId: 'events' };

let emulator: Awaited<ReturnType<typeof startBigqueryEmulator>>;
let client: BigqueryClient;
let sql: BigquerySql;
let store: BigqueryTableStore;
let appender: RowAppender;

beforeAll(async () => {
  emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  client = new BigqueryClient({ ...dataset, endpoint: `http://127.0.0.1:${emulator.port}` });
  await client.request({ method: 'POST', path: ['datasets'], body: { datasetReference: dataset } });
  sql = new BigquerySql(client);
  store = new BigqueryTableStore(client);
  appender = createRowAppender({ ...dataset, endpoint: `127.0.0.1:${emulator.storageWritePort}` });
  await createTable(HISTORY_TABLE, HISTORY_COLUMNS);
  await createTable(PROMOTIONS_TABLE, PROMOTIONS_COLUMNS);
});

afterAll(async () => {
  await appender.close?.();
  await emulator.stop();
});

async function createTable(tableId: string, columns: readonly Column[]): Promise<void> {
  await client.request({
    method: 'POST',
    path: ['datasets', dataset.datasetId, 'tables'],
    body: { tableReference: { ...dataset, tableId }, schema: { fields: columns.map(toField) } },
  });
}

const column = (name: string, type: Column['type'], rest: Partial<Column> = {}): Column => ({
  name,
  type,
  mode: 'NULLABLE',
  ...rest,
});

let messages = 0;

/** Stores events as a writer does that knows a version of the table. */
async function append(tableId: string, { columns }: TableSchema, ...texts: readonly string[]): Promise<void> {
  const rows = texts.map((text) => {
    const index = messages++;
    const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } });
    if (decoded.kind === 'rejected') throw new Error(decoded.detail);
    const fitted = fit(decoded.event, compileSchema({ columns, closed: false }), { pending: 'overflow' });
    const message = { messageId: `m${index}`, publishTime: `2026-11-${10 + (index % 4)}T10:00:00Z` };
    const built = buildRow(message, decoded.event, fitted, '2026-11-29T10:00:01Z');
    if (built.kind === 'rejected') throw new Error(built.detail);
    return { insertId: message.messageId, row: built.row, columns };
  });
  expect(await appender.append(tableId, rows)).toEqual({ kind: 'answered', errors: [] });
}

interface RetypeSettings {
  readonly numbersAsText?: boolean;
  readonly isDryRun?: boolean;
  readonly tables?: Pick<TableStore, 'read' | 'patchSchema'>;
}

function retype(
  tableId: string,
  path: string,
  type: string,
  { numbersAsText = false, isDryRun = false, tables = store }: RetypeSettings = {},
): Promise<RetypeResult> {
  const promoter = new Promoter({
    sql,
    store,
    staging: new BigqueryStaging(client),
    maxBytes: 1e12,
    actor: 'spec',
  });
  const parsed = parseRetypeType(type) as Pick<RetypeWish, 'type' | 'isRepeated'>;
  const wish = { path: path.split('.'), numbersAsText, ...parsed };
  return new Retyper({ sql, store: tables, promoter, actor: 'spec' }).retype(tableId, wish, isDryRun);
}

const rowsOf = (tableId: string, columns: string): Promise<SqlRow[]> =>
  allRows(sql, { sql: `SELECT ${columns} FROM ${sql.name(tableId)} ORDER BY _message_id` });

const schemaOf = (...columns: Column[]): TableSchema => ({
  columns: [...PIPELINE_COLUMNS, ...columns],
  closed: false,
});
const OVERFLOW = 'TO_JSON_STRING(_overflow) AS overflow';

/** The values that a dry run says the new type does not hold. */
function overflowedOf({ run }: Extract<RetypeResult, { kind: 'planned' | 'retyped' }>): number {
  return run.days.reduce((sum, { valuesOverflowed }) => sum + valuesOverflowed, 0);
}

describe('Retyper', () => {
  it('moves every value to a column of the new type, of all days, and puts what it does not hold into the overflow', async () => {
    const schema = schemaOf(column('v', 'STRING'), column('other', 'INT64'));
    await createTable('flipped', schema.columns);
    await append('flipped', schema, '{"v":"x","other":1}', '{"v":7,"other":2}', '{"v":true}', '{"other":3}');

    const planned = await retype('flipped', 'v', 'INT64', { isDryRun: true });
    const before = await store.read('flipped');
    const result = await retype('flipped', 'v', 'INT64');

    expect(planned).toMatchObject({ kind: 'planned', retired: 'v', added: 'v__v2', left: 1 });
    expect(before?.schema).toEqual(schema);
    expect(planned.kind === 'planned' ? overflowedOf(planned) : null).toBe(1);
    expect(result).toMatchObject({ kind: 'retyped', retired: 'v', added: 'v__v2', left: 0 });
    expect(await rowsOf('flipped', `v, v__v2, other, ${OVERFLOW}`)).toEqual([
      { v: null, v__v2: null, other: 1, overflow: '{"/v":{"reason":"TYPE_CONFLICT","value":"x"}}' },
      { v: null, v__v2: 7, other: 2, overflow: 'null' },
      { v: null, v__v2: null, other: null, overflow: '{"/v":{"reason":"TYPE_CONFLICT","value":true}}' },
      { v: null, v__v2: null, other: 3, overflow: 'null' },
    ]);
  });

  it('widens a number inside an array, which BigQuery cannot do in place', async () => {
    const items = column('items', 'RECORD', {
      mode: 'REPEATED',
      columns: [column('sku', 'STRING'), column('price', 'INT64')],
    });
    const schema = schemaOf(items);
    await createTable('prices', schema.columns);
    await append('prices', schema, '{"items":[{"sku":"a","price":10},{"sku":"b","price":9.99}]}');

    expect(await retype('prices', 'items.price', 'NUMERIC')).toMatchObject({ kind: 'retyped', left: 0 });
    expect(
      await rowsOf(
        'prices',
        `TO_JSON_STRING(items__v2) AS items, ARRAY_LENGTH(items) AS before, ${OVERFLOW}`,
      ),
    ).toEqual([
      { items: '[{"sku":"a","price":10},{"sku":"b","price":"9.99"}]', before: 0, overflow: 'null' },
    ]);
  });

  it('turns numbers into text only if that is wanted', async () => {
    const schema = schemaOf(column('a', 'INT64'), column('b', 'INT64'));
    await createTable('texts', schema.columns);
    await append('texts', schema, '{"a":1,"b":2}');

    await retype('texts', 'a', 'STRING');
    await retype('texts', 'b', 'STRING', { numbersAsText: true });

    expect(await rowsOf('texts', `a__v2, b__v2, ${OVERFLOW}`)).toEqual([
      { a__v2: null, b__v2: '2', overflow: '{"/a":{"reason":"TYPE_CONFLICT","value":1}}' },
    ]);
  });

  it('continues after it was stopped, and moves what a writer that knew the old column wrote meanwhile', async () => {
    const schema = schemaOf(column('n', 'INT64'));
    await createTable('stopped', schema.columns);
    await append('stopped', schema, '{"n":1}');
    const dies = {
      read: (tableId: string) => store.read(tableId),
      patchSchema: store.patchSchema.bind(store),
    };
    await expect(
      retype('stopped', 'n', 'NUMERIC', {
        tables: {
          ...dies,
          patchSchema: async (...words) => {
            await store.patchSchema(...words);
            throw new Error('killed');
          },
        },
      }),
    ).rejects.toThrow('killed');
    await append('stopped', schema, '{"n":2}');

    expect(await retype('stopped', 'n', 'NUMERIC')).toMatchObject({
      kind: 'retyped',
      added: 'n__v2',
      left: 0,
    });
    expect(await retype('stopped', 'n', 'NUMERIC')).toMatchObject({ kind: 'retyped', left: 0 });
    expect(await rowsOf('stopped', 'n, CAST(n__v2 AS STRING) AS v2')).toEqual([
      { n: null, v2: '1' },
      { n: null, v2: '2' },
    ]);
  });

  it('plans again if another writer changes the table first, and records what it did', async () => {
    const schema = schemaOf(column('n', 'INT64'));
    await createTable('raced', schema.columns);
    let isFirst = true;
    const result = await retype('raced', 'n', 'STRING', {
      tables: {
        read: (tableId) => store.read(tableId),
        patchSchema: async (...words) => {
          if (isFirst) await sql.execute({ sql: `ALTER TABLE ${sql.name('raced')} ADD COLUMN other INT64` });
          isFirst = false;
          return store.patchSchema(...words);
        },
      },
    });
    const history = await allRows(sql, {
      sql: `SELECT path, kind, to_type, actor FROM ${sql.name(HISTORY_TABLE)} WHERE table_name = 'raced' ORDER BY kind`,
    });

    expect(result).toMatchObject({ kind: 'retyped', added: 'n__v2' });
    expect((await store.read('raced'))?.schema.columns.slice(-3).map(({ name }) => name)).toEqual([
      'n',
      'other',
      'n__v2',
    ]);
    expect(history).toEqual([
      { path: 'n__v2', kind: 'ADD_COLUMN', to_type: 'STRING', actor: 'spec' },
      { path: 'n', kind: 'RETIRE_COLUMN', to_type: null, actor: 'spec' },
    ]);
  });

  it('says that a table or a column is not there, and what has the type already', async () => {
    await createTable('same', schemaOf(column('n', 'INT64')).columns);

    expect(await retype('no_such_table', 'n', 'STRING')).toEqual({ kind: 'missing' });
    expect(await retype('same', 'm', 'STRING')).toEqual({
      kind: 'refused',
      code: 'NO_SUCH_COLUMN',
      names: ['n'],
    });
    expect(await retype('same', 'n', 'INT64')).toEqual({ kind: 'done' });
  });
});
