import { describe, expect, it } from '@jest/globals';
import { parseRange } from './byte-ranges.js';

describe('parseRange of 10 bytes', () => {
  it.each([
    ['none', undefined, null],
    ['from and to', 'bytes=2-5', { start: 2, end: 6 }],
    ['from', 'bytes=9-', { start: 9, end: 10 }],
    ['the last three', 'bytes=-3', { start: 7, end: 10 }],
    ['more than there is', 'bytes=-30', { start: 0, end: 10 }],
    ['an end beyond', 'bytes=0-99', { start: 0, end: 10 }],
    ['another unit', 'lines=1-2', null],
    ['several ranges', 'bytes=0-1,3-4', null],
    ['backwards', 'bytes=5-2', null],
    ['nothing named', 'bytes=-', null],
  ])('reads %s', (_name, header, expected) => {
    expect(parseRange(header, 10)).toEqual(expected);
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('refuses %s', (header) => {
    expect(() => parseRange(header, 10)).toThrow('not satisfiable');
  });
});
