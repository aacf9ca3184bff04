import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@pipeline/platform';
import type { OverflowEntry, OverflowReason } from '@pipeline/schema-inference';
import { RowMetrics } from './row-metrics.js';

const entry = (reason: OverflowReason, pointer = '/a'): OverflowEntry => ({
  pointer,
  reason,
  value: '1',
  literal: null,
});

function watched(): {
  readonly rows: RowMetrics;
  readonly lines: unknown[];
  readonly text: () => Promise<string[]>;
  readonly clock: { nowMs: number };
} {
  const metrics = new Metrics();
  const lines: unknown[] = [];
  const clock = { nowMs: 0 };
  const logger = { warn: (...line: unknown[]) => void lines.push(line) };
  const rows = new RowMetrics(metrics, logger, () => clock.nowMs);
  const text = async (): Promise<string[]> =>
    (await metrics.text()).split('\n').filter((line) => /^pipeline_(rows|overflow)/.test(line));
  return { rows, lines, text, clock };
}

describe('RowMetrics', () => {
  it('counts rows by table, and overflowed values by table and reason', async () => {
    const { rows, text } = watched();

    rows.stored('orders', []);
    rows.stored('orders', [entry('TYPE_CONFLICT'), entry('TYPE_CONFLICT', '/b'), entry('NOT_WIDENABLE')]);
    rows.stored('stock', [entry('TYPE_CONFLICT')]);

    expect(await text()).toEqual([
      'pipeline_rows_total{table="orders"} 2',
      'pipeline_rows_total{table="stock"} 1',
      'pipeline_overflow_values_total{table="orders",reason="TYPE_CONFLICT"} 2',
      'pipeline_overflow_values_total{table="orders",reason="NOT_WIDENABLE"} 1',
      'pipeline_overflow_values_total{table="stock",reason="TYPE_CONFLICT"} 1',
    ]);
  });

  it('logs a table and reason once a minute, with the values since the last line', () => {
    const { rows, lines, clock } = watched();

    rows.stored('orders', [entry('TYPE_CONFLICT'), entry('TYPE_CONFLICT')]);
    rows.stored('orders', [entry('NOT_UNICODE')]);
    clock.nowMs = 59_999;
    rows.stored('orders', [entry('TYPE_CONFLICT')]);
    clock.nowMs = 60_000;
    rows.stored('orders', [entry('TYPE_CONFLICT', '/b')]);

    expect(lines).toEqual([
      [{ table: 'orders', reason: 'TYPE_CONFLICT', values: 1, path: '/a' }, 'values overflowed'],
      [{ table: 'orders', reason: 'NOT_UNICODE', values: 1, path: '/a' }, 'values overflowed'],
      [{ table: 'orders', reason: 'TYPE_CONFLICT', values: 3, path: '/b' }, 'values overflowed'],
    ]);
  });

  it('has no labels without end: tables beyond the first 200 are counted together', async () => {
    const { rows, text } = watched();

    for (let index = 0; index < 300; index++) rows.stored(`table_${index}`, [entry('TYPE_CONFLICT')]);

    const lines = await text();
    expect(lines).toHaveLength(2 * 201);
    expect(lines).toContain('pipeline_rows_total{table="(other)"} 100');
    expect(lines).toContain('pipeline_overflow_values_total{table="(other)",reason="TYPE_CONFLICT"} 100');
  });
});
