import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { generateEvents, MAX_SEED } from './generate-events.js';
import { instantOfSeed } from './instants.js';
import { Money } from './money.js';
import { serializeEvent } from './serialize-event.js';

describe('Money', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [99, '0.99'],
    [100, '1.00'],
    [9_999, '99.99'],
    [10_000, '100.00'],
    [123_456_789_012, '1234567890.12'],
  ])('writes %i cents as %s', (cents, literal) => {
    expect(new Money(cents).toLiteral()).toBe(literal);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %p cents', (cents) => {
    expect(() => new Money(cents)).toThrow(RangeError);
  });
});

describe('serializeEvent', () => {
  it('writes what JSON.stringify would, but for amounts, which always have two decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_SEED }), (seed) => {
        for (const event of generateEvents({ type: 'mix', count: 10, seed, until: instantOfSeed(seed) })) {
          const text = serializeEvent(event);
          const plain = JSON.stringify(event, (_key, value: unknown) =>
            value instanceof Money ? Number(value.toLiteral()) : value,
          );

          expect(JSON.parse(text)).toEqual(JSON.parse(plain));
          for (const [, amount] of text.matchAll(/"(?:total_amount|unit_price)":([^,}]+)/g)) {
            expect(amount).toMatch(/^\d+\.\d\d$/);
          }
        }
      }),
    );
  });

  it('escapes what JSON escapes', () => {
    const [event] = generateEvents({ type: 'user_activity', count: 1, seed: 1, until: instantOfSeed(1) });
    if (event?.event_type !== 'user_activity') {
      throw new Error('Not the event that was asked for');
    }

    const text = serializeEvent({ ...event, page_url: '/a"b\\c\n\u2028é' });

    expect(JSON.parse(text)).toMatchObject({ page_url: '/a"b\\c\n\u2028é' });
  });
});
