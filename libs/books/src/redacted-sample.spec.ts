import { describe, expect, it } from '@jest/globals';
import { redactedText, warningsOf } from './redacted-sample.js';

describe('redactedText', () => {
  it.each([
    ['ada@example.org', 'xxx@xxxxxxx.xxx'],
    ['-12.5', '-99.9'],
    ['Zoë ٣', 'xxx 9'],
    ['{"a":[1,"b"]}', '{"x":[9,"x"]}'],
    ['😀!', '😀!'],
  ])('keeps of %p only its form', (value, redacted) => {
    expect(redactedText(value)).toBe(redacted);
  });

  it('is cut after 60 characters', () => {
    expect(redactedText('a'.repeat(61))).toBe(`${'x'.repeat(60)}…`);
  });
});

describe('warningsOf', () => {
  it.each([
    ['an e-mail address', 'mail to ada@example.org', '/a', ['EMAIL']],
    ['a card number', '4111 1111 1111 1111', '/a', ['CARD_NUMBER']],
    ['digits whose check digit is wrong', '4111 1111 1111 1112', '/a', []],
    ['a key that is an id', 'x', '/m/0123456789abcdef', ['DATA_KEY']],
    ['a key that is a date', 'x', '/m/2026-11-29', ['DATA_KEY']],
    ['anything else', 'x', '/a', []],
  ])('looks twice at %s', (_what, value, path, warnings) => {
    expect(warningsOf(value, path, 0)).toEqual(warnings);
  });

  it('names the share of the column budget that is used', () => {
    expect(warningsOf('x', '/a', 4_007)).toEqual(['BUDGET_80']);
  });
});
