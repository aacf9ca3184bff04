import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import { AutoRetyper, type AutoRetype } from './auto-retyper.js';
import { BigqueryStaging } from './bigquery-staging.js';
import { Promoter } from './promoter.js';
import { column, DATASET, rowOf, startPromotionDataset, type PromotionDataset } from './promotion.builder.js';
import { RetypeEnd } from './retype-end.js';
import { Retyper } from './retyper.js';

const COLUMNS = [
  ...PIPELINE_COLUMNS,
  column('items', 'RECORD', { mode: 'REPEATED', columns: [column('price', 'INT64')] }),
  column('sizes', 'INT64', { mode: 'REPEATED' }),
];
let dataset: PromotionDataset;

beforeAll(async () => {
  dataset = await startPromotionDataset();
});

afterAll(() => dataset.stop());

function retype(tableId: string, maxBytes: number): Promise<readonly AutoRetype[]> {
  const { sql, store, client } = dataset;
  const ports = { sql, store, actor: 'table-manager@spec' };
  const promoter = new Promoter({ ...ports, staging: new BigqueryStaging(client), maxBytes: 1e12 });
  const retyper = new Retyper({ ...ports, promoter, end: new RetypeEnd({ ...ports, ...DATASET }) });
  return new AutoRetyper({ ...ports, retyper, maxBytes }).run(tableId, {
    publishedSince: new Date(0),
    endsAtMs: Infinity,
  });
}

async function start(tableId: string): Promise<void> {
  await dataset.createTable(tableId, COLUMNS);
  const texts = [
    '{"items":[{"price":10}]}',
    '{"items":[{"price":1},{"price":9.99}],"sizes":[1,2.5]}',
    '{"sizes":[0.12345678901]}',
  ];
  const rows = texts.map((text, index) =>
    rowOf({ messageId: `m${index}`, publishTime: '2026-11-29T10:00:00Z' }, text, COLUMNS),
  );
  expect(await dataset.appender.append(tableId, rows)).toEqual({ kind: 'answered', errors: [] });
}

describe('AutoRetyper', () => {
  it('gives each field that cannot widen the widest type that its values need, once', async () => {
    await start('prices');

    expect(await retype('prices', 1e12)).toEqual([
      { table: 'prices', column: 'items.price', type: 'NUMERIC', outcome: 'retyped' },
      { table: 'prices', column: 'sizes', type: 'BIGNUMERIC', outcome: 'retyped' },
    ]);
    expect(
      await allRows(dataset.sql, {
        sql: `SELECT TO_JSON_STRING(items__v2) AS items, TO_JSON_STRING(sizes__v2) AS sizes, TO_JSON_STRING(_overflow) AS overflow FROM ${dataset.sql.name('prices')} ORDER BY _message_id`,
      }),
    ).toEqual([
      { items: '[{"price":10}]', sizes: '[]', overflow: 'null' },
      { items: '[{"price":1},{"price":"9.99"}]', sizes: '[1,"2.5"]', overflow: 'null' },
      { items: '[]', sizes: '["0.12345678901"]', overflow: 'null' },
    ]);
    expect(await retype('prices', 1e12)).toEqual([]);
    expect(
      await allRows(dataset.sql, {
        sql: `SELECT DISTINCT kind, path, actor FROM ${dataset.sql.name('_schema_history')} WHERE kind = 'RETIRE_COLUMN' ORDER BY path`,
      }),
    ).toEqual([
      { kind: 'RETIRE_COLUMN', path: 'items', actor: 'table-manager@spec' },
      { kind: 'RETIRE_COLUMN', path: 'sizes', actor: 'table-manager@spec' },
    ]);
  });

  it('only proposes a retype of a table that is too large, and with a limit of 0', async () => {
    await start('large');

    expect((await retype('large', 0)).map(({ column: name, outcome }) => [name, outcome])).toEqual([
      ['items.price', 'proposed'],
      ['sizes', 'proposed'],
    ]);
    expect((await dataset.store.read('large'))?.schema.columns).toHaveLength(COLUMNS.length);
  });

  it('leaves a table alone that is gone', async () => {
    expect(await retype('gone', 1e12)).toEqual([]);
  });
});
