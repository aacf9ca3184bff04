import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlQuery } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import {
  column,
  rowOf,
  startPromotionDataset,
  type PromotionDataset,
} from '../promotion/promotion.builder.js';
import type { StoredTable } from '../schema-changes/table-store.port.js';
import {
  approvalCosts,
  MAX_COST_TABLES,
  spansOf,
  type ApprovalCost,
  type ApprovalCostOptions,
} from './approval-costs.js';

let dataset: PromotionDataset;

beforeAll(async () => {
  dataset = await startPromotionDataset();
  await dataset.createTable('orders', [...PIPELINE_COLUMNS, column('total', 'NUMERIC')]);
  await dataset.createTable('parcels', PIPELINE_COLUMNS);
});

afterAll(() => dataset.stop());

/** A row whose field `n` no column has, of a publish day. */
async function append(tableId: string, messageId: string, day: string): Promise<void> {
  const row = rowOf({ messageId, publishTime: `${day}T10:00:00Z` }, '{"n":1}', PIPELINE_COLUMNS);
  expect(await dataset.appender.append(tableId, [row])).toEqual({ kind: 'answered', errors: [] });
}

const costsOf = (...tables: readonly string[]): Promise<readonly ApprovalCost[]> =>
  approvalCosts(dataset, tables);

const bytesOf = async (table: string): Promise<number> => (await costsOf(table))[0]?.bytes ?? Number.NaN;

describe('what an approval costs', () => {
  it('are the bytes of its statements over the days with an overflow, for each table once', async () => {
    await append('orders', 'm1', '2026-11-27');
    const one = await bytesOf('orders');
    await append('orders', 'm2', '2026-11-29');
    await append('orders', 'm3', '2026-11-29');

    expect(await costsOf('orders', 'parcels')).toEqual([
      { table: 'orders', days: 2, bytes: expect.any(Number), unknown: null },
      { table: 'parcels', days: 0, bytes: 0, unknown: null },
    ]);
    expect(one).toBeGreaterThan(0);
    expect(await bytesOf('orders')).toBeGreaterThanOrEqual(3 * one);
  });

  it('is unknown, with the reason, for a table that is gone and when a dry run fails', async () => {
    const { sql, store } = dataset;
    const failing = {
      store,
      sql: {
        name: (tableId: string) => sql.name(tableId),
        rows: (query: SqlQuery) => sql.rows(query),
        estimateBytes: () => Promise.reject(new Error('no dry run')),
      },
    };
    const none = { days: null, bytes: null };

    expect(await costsOf('gone')).toEqual([{ table: 'gone', ...none, unknown: 'the table was deleted' }]);
    expect(await approvalCosts(failing, ['orders'])).toEqual([
      { table: 'orders', ...none, unknown: expect.stringContaining('no dry run') },
    ]);
  });

  it('is unknown beyond a hundred tables', async () => {
    const tables = Array.from({ length: MAX_COST_TABLES + 1 }, (_unused, n) => `t${n}`);
    const costs = await costsOf(...tables);

    expect(costs.map(({ table }) => table)).toEqual(tables);
    expect(costs.at(-1)).toMatchObject({ bytes: null, unknown: 'more than 100 tables: ask for one table' });
  });

  it('is unknown beyond three hundred dry runs', async () => {
    const tables = Array.from({ length: 70 }, (_unused, n) => `t${n}`);
    const days = tables.flatMap((table) =>
      ['2026-01-01', '2026-01-02'].map((day) => ({ table_name: table, day, row_count: 1 })),
    );
    let runs = 0;
    const sql: ApprovalCostOptions['sql'] = {
      name: (table) => table,
      rows: async function* () {
        await Promise.resolve();
        yield* days;
      },
      estimateBytes: () => Promise.resolve(++runs),
    };
    const store: ApprovalCostOptions['store'] = {
      read: (tableId) =>
        Promise.resolve({
          tableId,
          kind: 'TABLE',
          schema: { columns: PIPELINE_COLUMNS, closed: false },
        } as StoredTable),
    };
    const costs = await approvalCosts({ sql, store }, tables);

    expect(costs.filter(({ unknown }) => unknown === null)).toHaveLength(60);
    expect(costs.at(-1)?.unknown).toBe('more than 300 dry runs: ask for one table');
    expect(runs).toBe(300);
  });

  it('asks once for days that follow each other, and once for all if there are very many gaps', () => {
    const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10);
    const everySecond = Array.from({ length: 100 }, (_unused, n) => day(2 * n + 1));

    expect(spansOf([day(31), day(32), day(3), day(31)])).toEqual([
      { day: day(3), lastDay: day(3) },
      { day: day(31), lastDay: day(32) },
    ]);
    expect(spansOf(everySecond)).toEqual([{ day: day(1), lastDay: day(199) }]);
    expect(spansOf([])).toEqual([]);
  });
});
