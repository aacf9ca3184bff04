import { describe, expect, it } from '@jest/globals';
import { ledgerLine, ledgerLines } from './facts.builder.js';
import { ledgerFacts, type LedgerLine } from './ledger-facts.js';

/** Type, table and item of the facts of one table, beside another table with messages in every hour. */
function factsOf(lines: readonly LedgerLine[], table: string | null = 'orders'): readonly unknown[] {
  const facts = ledgerFacts([
    { table, lines },
    { table: 'steady', lines: ledgerLines(49, 1) },
  ]);
  return facts.map((fact) => [fact.type, fact.table, fact.item]);
}

describe('books.unbalanced', () => {
  it.each([
    ['an hour without unaccounted messages', [ledgerLine(1)], []],
    [
      'an hour with some',
      [ledgerLine(1, { unaccounted: 3 })],
      [
        {
          hour: '2026-11-30T09:00:00.000Z',
          unaccounted: 3,
          auditedAt: '2026-11-30T10:00:00.000Z',
        },
      ],
    ],
    ['an hour of the day before yesterday', [ledgerLine(30, { unaccounted: 3 })], []],
  ])('is %s', (_name, lines, items) => {
    expect(factsOf(lines, null)).toEqual(items.map((item) => ['books.unbalanced', null, item]));
  });

  it('is another fact with another number', () => {
    const keys = [3, 4, 3].map(
      (unaccounted) => ledgerFacts([{ table: null, lines: [ledgerLine(1, { unaccounted })] }])[0]?.key,
    );

    expect(new Set(keys).size).toBe(2);
  });
});

describe('deadletters.rising', () => {
  const day = (deadLetters: number): LedgerLine[] => ledgerLines(25, 2, { deadLetters });

  it.each([
    ['few', [...day(0), ledgerLine(1, { deadLetters: 9 })], []],
    ['the first ten', [...day(0), ledgerLine(1, { deadLetters: 10 })], [[10, 0]]],
    ['as many as every hour', [...day(50), ledgerLine(1, { deadLetters: 50 })], []],
    ['less than three times the worst hour', [...day(50), ledgerLine(1, { deadLetters: 149 })], []],
    ['three times the worst hour', [...day(50), ledgerLine(1, { deadLetters: 150 })], [[150, 50]]],
    [
      'a rise that lasts',
      [...day(0), ledgerLine(2, { deadLetters: 20 }), ledgerLine(1, { deadLetters: 25 })],
      [[20, 0]],
    ],
  ])('is judged by the 24 hours before: %s', (_name, lines, expected) => {
    const byHour = new Map(lines.map((line) => [line.hour, line]));
    expect(factsOf([...byHour.values()])).toEqual(
      expected.map(([deadLetters, worstHourBefore]) => [
        'deadletters.rising',
        'orders',
        { hour: expect.any(String), deadLetters, worstHourBefore },
      ]),
    );
  });

  it('is known of messages of no table', () => {
    expect(factsOf([ledgerLine(1, { deadLetters: 10 })], null)).toEqual([
      ['deadletters.rising', null, { hour: '2026-11-30T09:00:00.000Z', deadLetters: 10, worstHourBefore: 0 }],
    ]);
  });
});

describe('type.silent', () => {
  const silent = (hour: string): unknown => [
    'type.silent',
    'orders',
    { silentSince: hour, receivedInDayBefore: 2_400 },
  ];

  it.each([
    ['messages in every hour', ledgerLines(49, 1), []],
    ['the first hour without any', ledgerLines(49, 2), [silent('2026-11-30T09:00:00.000Z')]],
    ['three hours without any, once', ledgerLines(49, 4), [silent('2026-11-30T07:00:00.000Z')]],
    ['a gap that is over', [...ledgerLines(49, 4), ledgerLine(1)], [silent('2026-11-30T07:00:00.000Z')]],
    ['23 hours with messages before', ledgerLines(24, 2), []],
    ['hours that had only dead letters of other tables', ledgerLines(49, 2, { received: 0 }), []],
  ])('is an hour without messages after 24 with some: %s', (_name, lines, expected) => {
    expect(factsOf(lines)).toEqual(expected);
  });

  it('is not judged while messages of the hour are in progress', () => {
    const facts = ledgerFacts([
      { table: 'orders', lines: ledgerLines(25, 2) },
      { table: null, lines: [ledgerLine(1, { inProgress: 1 })] },
    ]);

    expect(facts).toEqual([]);
  });

  it.each([
    ['an audit after the hour', '2026-11-30T10:00:00Z', 1],
    ['no audit since', '2026-11-30T09:59:59Z', 0],
  ])('of the whole pipeline needs %s', (_name, auditedAt, count) => {
    const lines = ledgerLines(25, 2, { auditedAt });

    expect(ledgerFacts([{ table: 'orders', lines }]).map(({ type }) => type)).toEqual(
      Array.from({ length: count }, () => 'type.silent'),
    );
  });
});
