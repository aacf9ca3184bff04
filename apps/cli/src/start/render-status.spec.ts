import { describe, expect, it } from '@jest/globals';
import { renderProgress, renderStatus } from './render-status.js';

const totals = {
  received: 61,
  rows: 60,
  deadLetters: 1,
  dismissed: 0,
  quarantined: 0,
  inProgress: 0,
  unaccounted: 0,
  duplicates: 0,
  unarchived: 0,
  mistimed: 0,
};
const NO_TROUBLE = { overflow: new Map<string, number>(), deadLetters: new Map<string, number>() };
const LINE = '61 published, 61 received, 60 rows, 1 dead letter, 0 in progress, 0 unaccounted';

describe('renderStatus', () => {
  it('shows each table with its rows, columns and last change, then the totals', () => {
    const text = renderStatus({
      tables: [
        { name: 'inventory', rows: 20, createdAtMs: 0, columns: new Map([['_message_id', 'STRING']]) },
        {
          name: 'orders',
          rows: 40,
          createdAtMs: 0,
          columns: new Map([
            ['a', 'STRING'],
            ['b', 'STRING'],
          ]),
        },
      ],
      changes: new Map([['orders', { what: '+ b', atMs: 1_000 }]]),
      published: 61,
      totals,
      trouble: {
        overflow: new Map([
          ['AWAITING_COLUMN', 1],
          ['TYPE_CONFLICT', 12],
        ]),
        deadLetters: new Map([['NOT_JSON', 1]]),
      },
      problems: ['BigQuery: Not found: Dataset'],
      nowMs: 6_400,
    });

    expect(text).toBe(
      [
        '┌───────────┬──────┬─────────┬──────────────┐',
        '│ table     │ rows │ columns │ last change  │',
        '├───────────┼──────┼─────────┼──────────────┤',
        '│ inventory │   20 │       1 │              │',
        '│ orders    │   40 │       2 │ + b, 5 s ago │',
        '└───────────┴──────┴─────────┴──────────────┘',
        LINE,
        'dead letters: 1 NOT_JSON (npx pipeline dead-letters --local)',
        'in _overflow: 12 TYPE_CONFLICT, 1 AWAITING_COLUMN (npx pipeline overflow --local)',
        '! BigQuery: Not found: Dataset',
      ].join('\n'),
    );
  });

  const many = Array.from({ length: 30 }, (_unused, index) => ({
    name: `table_${String(index).padStart(2, '0')}_of_a_long_name_that_is_cut`,
    rows: 1_000_000,
    createdAtMs: 0,
    columns: new Map([['a', 'STRING']]),
  }));

  it('fits a small screen: the tables that changed last, in the order of their names', () => {
    const changes = new Map(
      [25, 3, 17].map((index, order) => [
        many[index]?.name ?? '',
        { what: '+ a_column', atMs: 1_000 + order },
      ]),
    );
    const status = {
      tables: many,
      changes,
      published: 61,
      totals,
      trouble: NO_TROUBLE,
      problems: [],
      nowMs: 6_000,
    };

    const lines = renderStatus(status, { columns: 80, rows: 12 }).split('\n');

    expect(lines.filter((line) => line.includes('table_')).map((line) => line.slice(2, 10))).toEqual([
      'table_03',
      'table_17',
      'table_25',
    ]);
    expect(lines).toContain('and 27 tables that changed earlier');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(12);
  });

  it('says so while there is no table', () => {
    const text = renderStatus({
      tables: [],
      changes: new Map(),
      published: 0,
      totals,
      trouble: NO_TROUBLE,
      problems: [],
      nowMs: 0,
    });

    expect(text).toContain('No event table yet.');
  });
});

describe('renderProgress', () => {
  it('is one line', () => {
    expect(renderProgress({ published: 61, totals, problems: [] })).toBe(LINE);
  });
});
