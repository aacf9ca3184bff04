import { describe, expect, it } from '@jest/globals';
import type { RetypeRefusal } from '@pipeline/bigquery-tables';
import { UsageError } from '../command/exit-codes.js';
import { refusalWords, renderRetype } from './render-retype.js';
import { toWish } from './retype-wish.js';

const asked = { table: 'orders', column: 'prise', type: 'numeric' };
const run = {
  runId: 'r',
  retypes: [],
  isComplete: true,
  days: [
    {
      table: 'orders',
      day: '2026-11-29',
      outcome: 'promoted' as const,
      rowsRead: 3,
      rowsChanged: 3,
      valuesMoved: 3,
      valuesOverflowed: 1,
      bytesProcessed: 5_000_000,
      detail: null,
      startedAtMs: 0,
      durationMs: 1_400,
    },
  ],
};
const columns = { retired: 'price', added: 'price__v2', progress: null, run };
const progress = { table: 'orders', column: 'price', left: 0, untilMs: null, detail: null };
const until = { stage: 'settling', untilMs: Date.parse('2026-11-29T13:00:00Z') } as const;

describe('retype', () => {
  it('says what would move, what moved, and what is left', () => {
    expect(renderRetype({ kind: 'planned', ...columns, left: 2 }, asked)).toBe(
      'price would be retired and price__v2 would take its place: 3 values would move, 1 of them to _overflow because NUMERIC does not hold them. 2 rows have a value in price. BigQuery would read 5.0 MB.',
    );
    expect(renderRetype({ kind: 'retyped', ...columns, left: 0 }, asked)).toBe(
      'price is retired, and price__v2 has its place: 3 values moved, 1 of them to _overflow because NUMERIC does not hold them. BigQuery processed 5.0 MB in 1.4 s.',
    );
    expect(renderRetype({ kind: 'retyped', ...columns, left: 2 }, asked)).toContain(
      '2 rows still have a value in price: run the command again.',
    );
    expect(renderRetype({ kind: 'done', progress: null }, asked)).toBe('orders.prise is NUMERIC already.');
  });

  it.each([
    [
      until,
      'The retired column is empty. The next step is due at 2026-11-29T13:00:00.000Z, when every writer knows of the change: ' +
        'the nightly promotion takes it, or this command. orders_unique shows price meanwhile.',
    ],
    [
      { stage: 'refused', detail: 'Name reserved.' } as const,
      'BigQuery refuses the next step for now; it is tried again every night. orders_unique shows price meanwhile. Name reserved.',
    ],
    [
      { stage: 'moving', left: 2 } as const,
      '2 rows still have a value in a retired column of price: run the command again.',
    ],
    [{ stage: 'ended' } as const, 'The retired column is gone, and price is its name again.'],
  ])('says what is left to do: %j', (state, words) => {
    const result = { kind: 'retyped', ...columns, left: 0, progress: { ...progress, ...state } } as const;

    expect(renderRetype(result, asked).split('\n')[1]).toBe(words);
    expect(renderRetype({ kind: 'done', progress: { ...progress, ...state } }, asked)).toContain(words);
  });

  it.each<[RetypeRefusal, readonly string[], string]>([
    ['PIPELINE_COLUMN', [], 'prise is a column of the pipeline: only columns of events can be retyped.'],
    [
      'NO_SUCH_COLUMN',
      ['price', 'sku'],
      'Table orders has no column prise: see pipeline tables orders. Did you mean price?',
    ],
    ['IS_RECORD', [], 'prise is a record: retype one of its fields, or the record to JSON.'],
    ['KEY_UNKNOWN', [], 'The event key of prise is too long to be recorded, so its values cannot be moved.'],
    [
      'TABLE_CLOSED',
      [],
      'Table orders is closed and takes no new column: remove its label pipeline_schema first.',
    ],
  ])('explains %s', (code, names, words) => {
    const error = refusalWords({ kind: 'refused', code, names }, asked);

    expect([error instanceof UsageError, error.message]).toEqual([true, words]);
  });

  it('reads the wish, and names the nearest type', () => {
    expect(toWish('items.price', 'Array<string>', true)).toEqual({
      path: ['items', 'price'],
      type: 'STRING',
      isRepeated: true,
      numbersAsText: true,
    });
    expect(() => toWish('a', 'NUMERICS', false)).toThrow('Did you mean NUMERIC?');
    expect(() => toWish('a', 'GEOGRAPHY', false)).toThrow(
      'GEOGRAPHY is not a type that a column of events can have',
    );
    expect(() => toWish('a', 'JSON', true)).toThrow('--numbers-as-text goes with STRING, not with JSON.');
  });
});
