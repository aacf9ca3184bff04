import { describe, expect, it } from '@jest/globals';
import { sumCounts, type Books, type BooksLine } from '@pipeline/books';
import { renderBooks, renderEstimate, type BooksView } from './render-books.js';

function booksOf(lines: readonly BooksLine[], unaccounted: Books['unaccounted'] = []): Books {
  const to = new Date('2026-11-23T12:00:00Z');
  return {
    span: { from: new Date('2026-11-22T12:00:00Z'), to },
    auditedAt: to,
    totals: sumCounts(lines),
    lines,
    unaccounted,
    mistimed: [],
    estimatedBytes: 0,
  };
}

const LINE: BooksLine = {
  hour: '2026-11-23T10:00:00.000000Z',
  table: 'orders',
  received: 5,
  rows: 4,
  deadLetters: 1,
  dismissed: 0,
  quarantined: 0,
  inProgress: 0,
  unaccounted: 0,
  duplicates: 2,
  unarchived: 0,
  mistimed: 0,
};

const VIEW: BooksView = {
  by: 'table',
  command: (command) => `npx pipeline ${command} --local`,
  sameVerdict: '',
};

describe('renderBooks', () => {
  it('names rows whose publish time is not that of the archive', () => {
    const text = renderBooks(
      {
        ...booksOf([{ ...LINE, mistimed: 1 }]),
        mistimed: [{ messageId: 'm-1', publishedAt: '2026-11-23T10:00:01.000000Z', table: 'orders' }],
      },
      null,
      VIEW,
    );

    expect(text.split('\n').slice(-2)).toEqual([
      '1 ROW with another publish time than the archive: another event is stored under their id.',
      '  m-1  2026-11-23T10:00:01.000000Z  orders',
    ]);
  });

  it('leaves out columns that are 0 everywhere, so that 80 characters are enough', () => {
    const text = renderBooks(booksOf([LINE, { ...LINE, hour: '2026-11-23T11:00:00.000000Z' }]), null, VIEW);

    expect(text.split('\n').slice(2, 5)).toEqual([
      'table   received  rows  dead letters  unaccounted  duplicates',
      'orders        10     8             2            0           4',
      'all           10     8             2            0           4',
    ]);
  });

  it('says what values wait for if the next promotion does not move them', () => {
    const wait = { table: 'orders', awaitingColumn: 2, awaitingApproval: 0, obstacle: null };
    const waits = [
      wait,
      { ...wait, table: 'bills', awaitingApproval: 1 },
      { ...wait, table: 'users', obstacle: { outcome: 'deferred', detail: 'the limit is spent' } },
    ];
    const overflow = { byTable: new Map<string, number>(), values: 7, waiting: 6, waits };

    const lines = renderBooks(booksOf([LINE]), null, { ...VIEW, overflow }).split('\n');
    expect(lines.filter((line) => line.startsWith('  '))).toEqual([
      '  bills: 2 for their column, 1 for an approval',
      '  users: 2 for their column (promotion deferred: the limit is spent)',
    ]);
  });

  it('shows how many values are in _overflow, and how many of them wait', () => {
    const overflow = { byTable: new Map([['orders', 3]]), values: 3, waiting: 1, waits: [] };

    const text = renderBooks(booksOf([LINE]), null, { ...VIEW, overflow });

    expect(text.split('\n').slice(2)).toEqual([
      'table   received  rows  dead letters  unaccounted  duplicates  in overflow',
      'orders         5     4             1            0           2            3',
      'all            5     4             1            0           2            3',
      '',
      'The books balance: nothing is unaccounted.',
      '3 values are in _overflow, 1 of them until their column is there: npx pipeline overflow --local',
    ]);
  });

  it('shows a line for each table, the sum and the verdict', () => {
    const lines = [LINE, { ...LINE, hour: '2026-11-23T11:00:00.000000Z' }];
    const text = renderBooks(booksOf(lines), null, { ...VIEW, wide: true });

    expect(text.split('\n')).toEqual([
      'Messages published from 2026-11-22 12:00 to 2026-11-23 12:00 UTC',
      '',
      'table   received  rows  dead letters  dismissed  quarantined  in progress  unaccounted  duplicates  not in archive',
      'orders        10     8             2          0            0            0            0           4               0',
      'all           10     8             2          0            0            0            0           4               0',
      '',
      'The books balance: nothing is unaccounted.',
    ]);
  });

  it('names what is unaccounted and what to do', () => {
    const lost = { ...LINE, table: null, rows: 0, deadLetters: 0, received: 1, unaccounted: 1 };

    const text = renderBooks(
      booksOf([lost], [{ messageId: 'm-1', publishedAt: '2026-11-23T10:00:01.000000Z' }]),
      null,
      { ...VIEW, by: 'hour', sameVerdict: ' --in-progress-seconds 0' },
    );

    expect(text).toContain('1 UNACCOUNTED of 1 received');
    expect(text).toContain('  m-1  2026-11-23T10:00:01.000000Z');
    expect(text.split('\n').slice(-2)).toEqual([
      'What one of them was: npx pipeline explain m-1 --since 2026-11-22T12:00:00.000Z --in-progress-seconds 0 --local',
      'Bring them back: npx pipeline replay --unaccounted --since 2026-11-22T12:00:00.000Z --in-progress-seconds 0 --local',
    ]);
    expect(text).toContain('2026-11-23T10:00');
  });

  it('names altered values, without the values', () => {
    const values = [{ table: 'orders', messageId: 'm-1', pointer: '/total', problem: 'changed' as const }];

    expect(renderBooks(booksOf([LINE]), { rows: 4, leaves: 20, altered: 1, values }, VIEW)).toContain(
      'Rebuilt 20 values from 4 rows: 1 ALTERED.\n  m-1  orders  /total  changed',
    );
  });

  it('says that there is nothing to account for', () => {
    expect(renderBooks(booksOf([]), null, VIEW)).toContain('Nothing to account for');
  });
});

describe('renderEstimate', () => {
  it('says what BigQuery will read', () => {
    expect(renderEstimate(540e9, false)).toBe('Taking the books: BigQuery will read 540.0 GB …');
  });
});
