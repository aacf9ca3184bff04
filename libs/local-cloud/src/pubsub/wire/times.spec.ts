import { describe, expect, it } from '@jest/globals';
import {
  durationMs,
  formatDuration,
  formatTimestamp,
  formatTimestampMs,
  parseDuration,
  parseTimestamp,
} from './times.js';

describe('durations', () => {
  it.each([
    ['10s', 10, 0],
    ['0.1s', 0, 100_000_000],
    ['1.000000001s', 1, 1],
    ['-2.5s', -2, -500_000_000],
  ])('reads and writes %s', (text, seconds, nanos) => {
    expect(parseDuration(text)).toEqual({ seconds, nanos });
    expect(durationMs(formatDuration({ seconds, nanos }))).toBe(durationMs(text));
  });

  it.each(['10', '1m', 's', '', '1.s'])('refuses %p', (text) => {
    expect(() => parseDuration(text)).toThrow('duration');
  });
});

describe('timestamps', () => {
  it.each([
    ['2026-11-22T01:02:03Z', '2026-11-22T01:02:03Z'],
    ['2026-11-22T01:02:03.5Z', '2026-11-22T01:02:03.500Z'],
    ['2026-11-22T01:02:03.123456Z', '2026-11-22T01:02:03.123456Z'],
    ['2026-11-22T01:02:03.123456789Z', '2026-11-22T01:02:03.123456789Z'],
    ['2026-11-22T03:02:03+02:00', '2026-11-22T01:02:03Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.500Z'],
  ])('reads %s and writes %s', (text, expected) => {
    expect(formatTimestamp(parseTimestamp(text))).toBe(expected);
  });

  it.each(['2026-11-22', 'now', '2026-13-01T00:00:00Z'])('refuses %p', (text) => {
    expect(() => parseTimestamp(text)).toThrow('Invalid time');
  });

  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_700_000_000_123, '2023-11-14T22:13:20.123Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
  ])('writes %d ms', (ms, expected) => {
    expect(formatTimestampMs(ms)).toBe(expected);
  });
});
