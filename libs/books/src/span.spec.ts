import { describe, expect, it } from '@jest/globals';
import { parseTime, splitByDay } from './span.js';

const NOW = new Date('2026-11-23T12:00:00Z');

describe('parseTime', () => {
  it.each([
    ['24h', '2026-11-22T12:00:00.000Z'],
    ['30m', '2026-11-23T11:30:00.000Z'],
    ['7d', '2026-11-16T12:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T10:00:00+02:00', '2026-11-01T08:00:00.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseTime(text, NOW)?.toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '24', '1w', '2026-13-01', '2026-11-01 10:00', '2026-11-01T10:00:00'])(
    'does not read %j',
    (text) => {
      expect(parseTime(text, NOW)).toBeUndefined();
    },
  );
});

describe('splitByDay', () => {
  it('cuts at midnight UTC', () => {
    const days = splitByDay({ from: new Date('2026-11-21T22:00:00Z'), to: new Date('2026-11-23T01:00:00Z') });

    expect(days.map(({ from, to }) => `${from.toISOString()} ${to.toISOString()}`)).toEqual([
      '2026-11-21T22:00:00.000Z 2026-11-22T00:00:00.000Z',
      '2026-11-22T00:00:00.000Z 2026-11-23T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z 2026-11-23T01:00:00.000Z',
    ]);
  });
});
