import { describe, expect, it } from '@jest/globals';
import { parseChunkRange } from './chunk-range.js';

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
