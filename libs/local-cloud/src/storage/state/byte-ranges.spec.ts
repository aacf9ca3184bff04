import { describe, expect, it } from '@jest/globals';
import { parseChunkRange, parseRange } from './byte-ranges.js';

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

describe('parseChunkRange', () => {
  it.each([
    [undefined, null],
    ['bytes 0-9/10', { kind: 'bytes', start: 0, end: 10, total: 10 }],
    ['bytes 0-9/*', { kind: 'bytes', start: 0, end: 10, total: null }],
    ['bytes 5-*/*', { kind: 'bytes', start: 5, end: null, total: null }],
    ['bytes 5-*/10', { kind: 'bytes', start: 5, end: null, total: 10 }],
    ['bytes */10', { kind: 'status', total: 10 }],
    ['bytes */*', { kind: 'status', total: null }],
  ])('reads %s', (header, expected) => {
    expect(parseChunkRange(header)).toEqual(expected);
  });

  it.each(['bytes 9-0/10', 'bytes 0-10/10', 'bytes 0-9', '0-9/10', ''])('refuses %j', (header) => {
    expect(() => parseChunkRange(header)).toThrow('Content-Range');
  });
});
