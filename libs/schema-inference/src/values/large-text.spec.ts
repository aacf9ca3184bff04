import { describe, expect, it } from '@jest/globals';
import { digitsEnd, isArrayIndex, isBase64, startsWithOneOf } from './large-text.js';

describe('isArrayIndex', () => {
  it.each([
    ['0', true],
    ['10', true],
    ['007', false],
    ['', false],
    ['-1', false],
    ['1a', false],
    ['٣', false],
  ])('of %j is %s', (text, expected) => {
    expect(isArrayIndex(text)).toBe(expected);
  });
});

describe('isBase64', () => {
  it.each([
    ['eyJhIjoxfQ==', true],
    ['eyJh', true],
    ['ab-_', true],
    ['abc', false],
    ['====', false],
    ['a===', false],
    ['ab c', false],
    ['abcé', false],
  ])('of %j is %s', (text, expected) => {
    expect(isBase64(text)).toBe(expected);
  });
});

describe('startsWithOneOf', () => {
  it.each([
    ['{', true],
    ['\ufeff \n[1]', true],
    ['x{', false],
    ['   ', false],
    ['', false],
  ])('of %j is %s', (text, expected) => {
    expect(startsWithOneOf(text, '{[')).toBe(expected);
  });
});

describe('digitsEnd', () => {
  it('is the offset after the digits', () => {
    expect([digitsEnd('a12b', 1), digitsEnd('12', 0), digitsEnd('x', 0)]).toEqual([3, 2, 0]);
  });
});
