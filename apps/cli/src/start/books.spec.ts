import { describe, expect, it } from '@jest/globals';
import { balanceBooks, describeBooks } from './books.js';

const ids = (...values: string[]): Set<string> => new Set(values);

describe('balanceBooks', () => {
  it('counts each event as a row or a rejection', () => {
    const books = balanceBooks(ids('1', '2', '3'), {
      received: ids('1', '2', '3'),
      inTables: ids('1', '2'),
      rejected: ids('3'),
    });

    expect(books).toEqual({ published: 3, rows: 2, rejected: 1, missing: [] });
  });

  it('names an event that the archive saw and that is nowhere', () => {
    const books = balanceBooks(ids('1'), { received: ids('1', '2'), inTables: ids('1'), rejected: ids() });

    expect(books).toEqual({ published: 2, rows: 1, rejected: 0, missing: ['2'] });
  });

  it('names a published event that the archive never saw, even when it is a row', () => {
    const books = balanceBooks(ids('1', '2'), {
      received: ids('1'),
      inTables: ids('1', '2'),
      rejected: ids(),
    });

    expect(books).toEqual({ published: 2, rows: 2, rejected: 0, missing: ['2'] });
  });
});

describe('describeBooks', () => {
  it('is the line that ends a run', () => {
    const line = describeBooks({ published: 300, rows: 299, rejected: 0, missing: ['7'] });

    expect(line).toBe('300 published, 299 rows, 0 rejected, 1 missing');
  });
});
