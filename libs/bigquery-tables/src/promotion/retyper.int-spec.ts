import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { allRows, type SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';
import type { RowAppender } from '../rows/row-appender.port.js';
import type { BigqueryTableStore } from '../schema-changes/bigquery-table-store.adapter.js';
import type { TableStore } from '../schema-changes/table-store.port.js';
import { HISTORY_TABLE } from '../history/history-row.js';
import { BigqueryStaging } from './bigquery-staging.js';
import { parseRetypeType, type RetypeWish } from './plan-retype.js';
import { Promoter } from './promoter.js';
import { column, DATASET, rowOf, startPromotionDataset, type PromotionDataset } from './promotion.builder.js';
import { RetypeEnd } from './retype-end.js';
import { Retyper, type RetypeResult } from './retyper.js';

let dataset: PromotionDataset;
let client: BigqueryClient;
let sql: BigquerySql;
let store: BigqueryTableStore;
let appender: RowAppender;

beforeAll(async () => {
  dataset = await startPromotionDataset();
  ({ client, sql, store, appender } = dataset);
});

afterAll(() => dataset.stop());

const createTable = (tableId: string, columns: readonly Column[]): Promise<void> =>
  dataset.createTable(tableId, columns);

let messages = 0;

/** Stores events as a writer does that knows a version of the table. */
async function append(tableId: string, { columns }: TableSchema, ...texts: readonly string[]): Promise<void> {
  const rows = texts.map((text) => {
    const index = messages++;
    const message = { messageId: `m${index}`, publishTime: `2026-11-${10 + (index % 4)}T10:00:00Z` };
    return rowOf(message, text, columns);
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
  const end = new RetypeEnd({ sql, store, ...DATASET, actor: 'spec' });
  return new Retyper({ sql, store: tables, promoter, end, actor: 'spec' }).retype(tableId, wish, {
    isDryRun,
  });
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
    expect(await retype('same', 'n', 'INT64')).toEqual({ kind: 'done', progress: null });
  });
});
