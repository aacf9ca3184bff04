import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows, type SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';
import { uniqueView } from '../schema-changes/unique-views.js';
import { BigqueryStaging } from './bigquery-staging.js';
import { parseRetypeType, planRetype, type RetypeWish } from './plan-retype.js';
import { Promoter } from './promoter.js';
import { column, DATASET, rowOf, startPromotionDataset, type PromotionDataset } from './promotion.builder.js';

const WHEN = { publishTime: '2026-11-29T10:00:00Z' };
let dataset: PromotionDataset;

beforeAll(async () => {
  dataset = await startPromotionDataset();
});

afterAll(() => dataset.stop());

async function append(tableId: string, columns: readonly Column[], values: readonly string[]): Promise<void> {
  const rows = values.map((value, index) =>
    rowOf({ ...WHEN, messageId: `m${columns.length}${index}` }, `{"v":${value}}`, columns),
  );
  expect(await dataset.appender.append(tableId, rows)).toEqual({ kind: 'answered', errors: [] });
}

/** Changes the columns as a retype does, and moves nothing. */
async function begin(
  tableId: string,
  path: string,
  type: string,
  numbersAsText: boolean,
): Promise<TableSchema> {
  const table = await dataset.store.read(tableId);
  if (table === null) throw new Error(`${tableId} is missing`);
  const parsed = parseRetypeType(type) as Pick<RetypeWish, 'type' | 'isRepeated'>;
  const planned = planRetype(table.schema, { path: path.split('.'), numbersAsText, ...parsed });
  if (planned.kind !== 'begin') throw new Error(planned.kind);
  const changed = await dataset.store.patchSchema(table, planned.schema);
  if (changed.kind !== 'changed') throw new Error(JSON.stringify(changed));
  return changed.table.schema;
}

function shown(tableId: string, { columns }: TableSchema): Promise<SqlRow[]> {
  const { query } = uniqueView({ ...DATASET, tableId, columns });
  return allRows(dataset.sql, {
    sql: `SELECT _message_id AS id, TO_JSON_STRING(v) AS v FROM (${query}\n) ORDER BY id`,
  });
}

async function promote(tableId: string): Promise<void> {
  const { sql, store, client } = dataset;
  const promoter = new Promoter({
    sql,
    store,
    staging: new BigqueryStaging(client),
    maxBytes: 1e12,
    actor: 'spec',
  });
  const { days } = await promoter.run({
    tables: [tableId],
    scope: 'all',
    publishedSince: new Date(0),
    changedSince: new Date(0),
    isDryRun: false,
    endsAtMs: Infinity,
  });
  expect(days.map(({ outcome, detail }) => [outcome, detail])).toEqual([['promoted', null]]);
}

interface Case {
  readonly from: Partial<Column> & Pick<Column, 'type'>;
  readonly values: readonly string[];
  readonly to: string;
  readonly numbersAsText?: boolean;
  readonly path?: string;
  /** The values as JSON text, null where the new type does not hold one. */
  readonly shows: readonly (string | null)[];
}

const price = (type: Column['type']): readonly Column[] => [
  column('sku', 'STRING'),
  column('unit_price', type, { description: 'pipeline:{"key":"unit-price"}' }),
];
const ITEM = '{"sku":"a","unit-price":10}';

describe('the unique view of a table with a retyped column', () => {
  it.each<[string, Case]>([
    [
      'an integer as NUMERIC',
      {
        from: { type: 'INT64' },
        values: ['1', '-9223372036854775808'],
        to: 'NUMERIC',
        shows: ['1', '"-9223372036854775808"'],
      },
    ],
    ['an integer as BIGNUMERIC', { from: { type: 'INT64' }, values: ['7'], to: 'BIGNUMERIC', shows: ['7'] }],
    [
      'an integer as FLOAT64, if exact',
      { from: { type: 'INT64' }, values: ['7', '9007199254740993'], to: 'FLOAT64', shows: ['7', null] },
    ],
    [
      'a number as an integer, if it is one',
      {
        from: { type: 'NUMERIC' },
        values: ['7', '7.5', '99999999999999999999'],
        to: 'INT64',
        shows: ['7', null, null],
      },
    ],
    [
      'an integer as text, if wanted',
      { from: { type: 'INT64' }, values: ['7'], to: 'STRING', numbersAsText: true, shows: ['"7"'] },
    ],
    [
      'a number as text, if wanted',
      {
        from: { type: 'NUMERIC' },
        values: ['7.50', '-0.1'],
        to: 'STRING',
        numbersAsText: true,
        shows: ['"7.5"', '"-0.1"'],
      },
    ],
    [
      'no number as text unless wanted',
      { from: { type: 'INT64' }, values: ['7'], to: 'STRING', shows: [null] },
    ],
    [
      'a date as text',
      { from: { type: 'DATE' }, values: ['"2026-01-05"'], to: 'STRING', shows: ['"2026-01-05"'] },
    ],
    [
      'a time as text',
      {
        from: { type: 'TIMESTAMP' },
        values: ['"2026-01-05T10:00:00.5Z"'],
        to: 'STRING',
        shows: ['"2026-01-05T10:00:00.500000Z"'],
      },
    ],
    [
      'text as a date, if strict',
      {
        from: { type: 'STRING' },
        values: ['"2026-01-05"', '"2026-1-5"', '"soon"', '"2026-02-30"'],
        to: 'DATE',
        shows: ['"2026-01-05"', null, null, null],
      },
    ],
    [
      'text as a timestamp, if strict',
      {
        from: { type: 'STRING' },
        values: ['"2026-01-05T10:00:00+01:00"', '"2026-01-05 10:00:00"'],
        to: 'TIMESTAMP',
        shows: ['"2026-01-05T09:00:00Z"', null],
      },
    ],
    [
      'text as a datetime, if strict',
      {
        from: { type: 'STRING' },
        values: ['"2026-01-05T10:00:00"', '"2026-01-05"'],
        to: 'DATETIME',
        shows: ['"2026-01-05T10:00:00"', null],
      },
    ],
    ['no text as a number', { from: { type: 'STRING' }, values: ['"7"'], to: 'INT64', shows: [null] }],
    [
      'text as JSON',
      { from: { type: 'STRING' }, values: ['"7"', '"{}"'], to: 'JSON', shows: ['"7"', '"{}"'] },
    ],
    [
      'a number as JSON, if exact',
      {
        from: { type: 'NUMERIC' },
        values: ['9.99', '12345678901234567.89'],
        to: 'JSON',
        shows: ['9.99', null],
      },
    ],
    ['a boolean as JSON', { from: { type: 'BOOL' }, values: ['true'], to: 'JSON', shows: ['true'] }],
    [
      'a date as JSON',
      { from: { type: 'DATE' }, values: ['"2026-01-05"'], to: 'JSON', shows: ['"2026-01-05"'] },
    ],
    [
      'JSON as text',
      { from: { type: 'JSON' }, values: ['"x"', '7', '{"a":1}'], to: 'STRING', shows: ['"x"', null, null] },
    ],
    [
      'JSON as a number',
      {
        from: { type: 'JSON' },
        values: ['7', '"7"', '7.5', 'true'],
        to: 'INT64',
        shows: ['7', null, null, null],
      },
    ],
    [
      'JSON as a boolean',
      { from: { type: 'JSON' }, values: ['true', '"true"'], to: 'BOOL', shows: ['true', null] },
    ],
    [
      'an array of integers as an array of NUMERIC',
      {
        from: { type: 'INT64', mode: 'REPEATED' },
        values: ['[3,1,2]'],
        to: 'ARRAY<NUMERIC>',
        shows: ['[3,1,2]'],
      },
    ],
    [
      'an array whole or not at all',
      {
        from: { type: 'NUMERIC', mode: 'REPEATED' },
        values: ['[1,2.5]', '[1,2]'],
        to: 'ARRAY<INT64>',
        shows: ['[]', '[1,2]'],
      },
    ],
    [
      'an array as JSON',
      { from: { type: 'STRING', mode: 'REPEATED' }, values: ['["b","a"]'], to: 'JSON', shows: ['["b","a"]'] },
    ],
    [
      'no array as a scalar',
      { from: { type: 'INT64', mode: 'REPEATED' }, values: ['[1]'], to: 'INT64', shows: [null] },
    ],
    [
      'a field of a record',
      {
        from: { type: 'RECORD', columns: price('INT64') },
        values: [ITEM],
        to: 'NUMERIC',
        path: 'v.unit_price',
        shows: ['{"sku":"a","unit_price":10}'],
      },
    ],
    [
      'a field of an array of records',
      {
        from: { type: 'RECORD', mode: 'REPEATED', columns: price('INT64') },
        values: [`[${ITEM},{"sku":"b"}]`],
        to: 'NUMERIC',
        path: 'v.unit_price',
        shows: ['[{"sku":"a","unit_price":10},{"sku":"b","unit_price":null}]'],
      },
    ],
    [
      'a record as JSON, by the keys of events',
      {
        from: { type: 'RECORD', columns: price('INT64') },
        values: [ITEM, '{"sku":"b"}'],
        to: 'JSON',
        shows: [ITEM, '{"sku":"b"}'],
      },
    ],
    [
      'an array of records as JSON',
      {
        from: { type: 'RECORD', mode: 'REPEATED', columns: price('NUMERIC') },
        values: [`[${ITEM},{"sku":"b"}]`],
        to: 'JSON',
        shows: [`[${ITEM},{"sku":"b"}]`],
      },
    ],
  ])(
    'shows %s, before and after its values move',
    async (name, { from, values, to, numbersAsText = false, path = 'v', shows }) => {
      const tableId = `t_${name.replace(/\W+/g, '_')}`;
      const columns = [...PIPELINE_COLUMNS, column('v', from.type, from)];
      await dataset.createTable(tableId, columns);
      await append(tableId, columns, values);
      const schema = await begin(tableId, path, to, numbersAsText);

      const before = await shown(tableId, schema);
      await promote(tableId);
      expect(await shown(tableId, schema)).toEqual(before);
      expect(before.map(({ v }) => (v === 'null' ? null : v))).toEqual(shows);
    },
  );
});
