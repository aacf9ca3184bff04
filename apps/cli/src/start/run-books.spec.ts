import { describe, expect, it } from '@jest/globals';
import { describeBooks, isBalanced } from './run-books.js';

const TOTALS = {
  received: 300,
  rows: 298,
  deadLetters: 1,
  dismissed: 0,
  quarantined: 0,
  inProgress: 0,
  unaccounted: 0,
  duplicates: 0,
  unarchived: 0,
  mistimed: 0,
};

describe('the books of a run', () => {
  it('are one line in the words of the audit', () => {
    expect(describeBooks({ ...TOTALS, unaccounted: 1 })).toBe(
      '300 received, 298 rows, 1 dead letter, 0 in progress, 1 unaccounted',
    );
  });

  it.each([
    ['balance', TOTALS, [], true],
    ['do not balance with an unaccounted message', { ...TOTALS, unaccounted: 1 }, [], false],
    ['do not balance with a message in progress', { ...TOTALS, inProgress: 1 }, [], false],
    ['do not balance with a row of another event', { ...TOTALS, mistimed: 1 }, [], false],
    ['do not balance with a message that the archive never received', TOTALS, ['7'], false],
  ])('%s', (_fact, totals, notReceived, expected) => {
    expect(isBalanced({ totals, unaccounted: [], notReceived })).toBe(expected);
  });
});
