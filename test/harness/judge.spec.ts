import { describe, expect, it } from '@jest/globals';
import { judge, type Evidence } from './judge.js';

const PUBLISHED = new Map([['poison', 1]]);

function evidenceOf(expected: string, found: Partial<Evidence>): Evidence {
  return {
    messages: [{ messageId: '1', scenario: 'poison', expected }],
    rows: [],
    letters: [],
    altered: [],
    ...found,
  };
}

const ROW = { messageId: '1', table: 'orders' };
const letter = (reason: string): Evidence['letters'][number] => ({
  messageId: '1',
  reason,
  isWhole: true,
});

describe('judge', () => {
  it.each<[string, string, Partial<Evidence>]>([
    ['a row where a row was expected', 'row', { rows: [ROW] }],
    ['a dead letter with the reason that was expected', 'NOT_JSON', { letters: [letter('NOT_JSON')] }],
    ['the same dead letter twice', 'NOT_JSON', { letters: [letter('NOT_JSON'), letter('NOT_JSON')] }],
  ])('finds nothing wrong with %s', (_name, expected, found) => {
    expect(judge(PUBLISHED, evidenceOf(expected, found)).problems).toEqual([]);
  });

  it.each<[string, string, Partial<Evidence>, string]>([
    ['an event that is nowhere', 'row', {}, 'lost: neither row nor dead letter'],
    ['a dead letter that is nowhere', 'NOT_JSON', {}, 'lost: its dead letter is missing'],
    [
      'a dead letter where a row was expected',
      'row',
      { letters: [letter('NOT_JSON')] },
      'dead letter NOT_JSON where a row was expected',
    ],
    [
      'a row beside its dead letter',
      'row',
      { rows: [ROW], letters: [letter('TOO_LARGE')] },
      'dead letter TOO_LARGE where a row was expected',
    ],
    ['another reason', 'NOT_JSON', { letters: [letter('TOO_DEEP')] }, 'dead letter says TOO_DEEP'],
    [
      'two reasons',
      'NOT_JSON',
      { letters: [letter('NOT_JSON'), letter('TOO_DEEP')] },
      'dead letter says NOT_JSON, TOO_DEEP',
    ],
    [
      'a dead letter of other bytes',
      'NOT_JSON',
      { letters: [{ ...letter('NOT_JSON'), isWhole: false }] },
      'its dead letter has not the bytes that were published',
    ],
    [
      'a row where a dead letter was expected',
      'NOT_JSON',
      { rows: [ROW] },
      'row in orders where a dead letter was expected',
    ],
    [
      'two rows by _unique',
      'row',
      { rows: [ROW, { messageId: '1', table: 'carts' }] },
      'more than one row by _unique: orders, carts',
    ],
    [
      'an altered value',
      'row',
      { rows: [ROW], altered: [{ table: 'orders', messageId: '1', pointer: '/a', problem: 'changed' }] },
      'value changed in orders: /a',
    ],
  ])('names %s', (_name, expected, found, what) => {
    const { problems } = judge(PUBLISHED, evidenceOf(expected, found));

    expect(problems).toEqual([{ messageId: '1', scenario: 'poison', expected, what }]);
  });

  it('names a row and a dead letter of a message that the archive never saw', () => {
    const found = evidenceOf('row', {
      rows: [ROW, { messageId: '2', table: 'orders' }],
      letters: [{ messageId: null, reason: 'ENVELOPE_INVALID', isWhole: true }],
    });

    const what = 'is there, and the archive never saw it';
    expect(judge(PUBLISHED, found).problems).toEqual([
      { messageId: '2', scenario: null, expected: null, what },
      { messageId: null, scenario: null, expected: null, what },
    ]);
  });

  it('names an alteration once, however many copies of the row have it', () => {
    const alteration = { table: 'orders', messageId: '1', pointer: '/a', problem: 'changed' } as const;
    const { problems } = judge(
      PUBLISHED,
      evidenceOf('row', { rows: [ROW], altered: [alteration, alteration] }),
    );

    expect(problems).toHaveLength(1);
  });

  it('says how many messages the archive misses', () => {
    const { problems } = judge(new Map([['poison', 3]]), evidenceOf('row', { rows: [ROW] }));

    expect(problems.map(({ what }) => what)).toEqual(['2 of 3 messages are not in the archive']);
  });

  it('counts each message of a scenario once, and dead letters that came twice', () => {
    const { scenarios, repeatedLetters } = judge(
      PUBLISHED,
      evidenceOf('NOT_JSON', { letters: [letter('NOT_JSON'), letter('NOT_JSON')] }),
    );

    expect(scenarios).toEqual([
      { scenario: 'poison', published: 1, rows: 0, deadLetters: { NOT_JSON: 1 }, wrong: 0 },
    ]);
    expect(repeatedLetters).toBe(1);
  });
});
