import { describe, expect, it } from '@jest/globals';
import { compileFilter } from './filter.js';

describe('compileFilter', () => {
  it.each([
    ['nothing', '', {}, true],
    ['a key that is there', 'attributes:kind', { kind: '' }, true],
    ['a key that is missing', 'attributes:kind', {}, false],
    ['an equal value', 'attributes.kind = "a"', { kind: 'a' }, true],
    ['another value', 'attributes.kind = "a"', { kind: 'A' }, false],
    ['!= with the value', 'attributes.kind != "a"', { kind: 'a' }, false],
    ['!= with another value', 'attributes.kind != "a"', { kind: 'b' }, true],
    ['!= without the key', 'attributes.kind != "a"', {}, true],
    ['a prefix', 'hasPrefix(attributes.kind, "ord")', { kind: 'order' }, true],
    ['a prefix of nothing', 'hasPrefix(attributes.kind, "ord")', {}, false],
    ['NOT', 'NOT attributes:kind', {}, true],
    ['minus', '-attributes:kind', { kind: 'x' }, false],
    ['AND', 'attributes:a AND attributes:b', { a: '', b: '' }, true],
    ['AND in part', 'attributes:a AND attributes:b AND attributes:c', { a: '', b: '' }, false],
    ['OR', 'attributes:a OR attributes:b', { b: '' }, true],
    ['parentheses', '(attributes:a OR attributes:b) AND NOT (attributes:c)', { a: '' }, true],
    ['a quoted key', 'attributes."iana.org/tag" = "en"', { 'iana.org/tag': 'en' }, true],
    ['escapes', 'attributes.q = "a\\"b\\\\c\\u00e9"', { q: 'a"b\\cé' }, true],
    ['a key with a hyphen', 'attributes.order-id = "1"', { 'order-id': '1' }, true],
    ['white space', '  attributes . kind="a"  ', { kind: 'a' }, true],
    ['an inherited name', 'attributes:toString', {}, false],
  ])('decides on %s', (_, filter, attributes, expected) => {
    expect(compileFilter(filter)(attributes)).toBe(expected);
  });

  it.each([
    ['AND and OR without parentheses', 'attributes:a AND attributes:b OR attributes:c', 31],
    ['an unknown operator', 'attributes.a == "x"', 15],
    ['a value without quotes', 'attributes.a = x', 16],
    ['an open parenthesis', '(attributes:a', 14],
    ['a text that does not end', 'attributes.a = "x', 16],
    ['anything but attributes', 'data:a', 1],
    ['a lower-case operator', 'attributes:a and attributes:b', 14],
    ['nothing behind NOT', 'NOT', 4],
  ])('refuses %s with the column', (_, filter, column) => {
    expect(() => compileFilter(filter)).toThrow(`column ${column}`);
  });

  it('refuses more than 256 bytes', () => {
    expect(() => compileFilter(`attributes.a = "${'é'.repeat(125)}"`)).toThrow('256 bytes');
  });
});
