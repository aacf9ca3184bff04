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
const LINE = '61 published, 61 received, 60 rows, 1 dead letters, 0 in progress, 0 unaccounted';

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
        '! BigQuery: Not found: Dataset',
      ].join('\n'),
    );
  });

  it('says so while there is no table', () => {
    const text = renderStatus({
      tables: [],
      changes: new Map(),
      published: 0,
      totals,
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
