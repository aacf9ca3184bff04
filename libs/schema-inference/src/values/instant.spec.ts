import { describe, expect, it } from '@jest/globals';
import { parseDays, parseInstant, toMicros } from './instant.js';

describe('parseDays', () => {
  it.each([
    ['the epoch', '1970-01-01', 0],
    ['the day before', '1969-12-31', -1],
    ['a leap day', '2024-02-29', 19_782],
    ['the first day', '0001-01-01', -719_162],
    ['a year below 100', '0099-12-31', -683_004],
    ['the last day', '9999-12-31', 2_932_896],
    ['no real day', '2023-02-29', null],
    ['no real month', '2023-13-01', null],
    ['a time behind it', '2023-01-01T00:00:00Z', null],
    ['other signs', '2023/01/01', null],
  ])('knows %s', (_name, text, days) => {
    expect(parseDays(text)).toBe(days);
  });
});

describe('parseInstant', () => {
  it.each([
    ['whole seconds', '2026-11-22T23:05:00Z', 1_795_388_700_000_000],
    ['milliseconds', '2026-11-22T23:05:00.123Z', 1_795_388_700_123_000],
    ['microseconds', '2026-11-22T23:05:00.123456Z', 1_795_388_700_123_456],
    ['one digit', '2026-11-22T23:05:00.5Z', 1_795_388_700_500_000],
    ['an offset ahead', '2026-11-23T00:05:00+01:00', 1_795_388_700_000_000],
    ['an offset behind', '2026-11-22T12:35:00-10:30', 1_795_388_700_000_000],
    ['a time before 1970', '1969-12-31T23:59:59.999999Z', -1],
    ['small letters', '2026-11-22t23:05:00z', 1_795_388_700_000_000],
    ['the first instant', '0001-01-01T00:00:00Z', -62_135_596_800_000_000n],
    ['the last instant', '9999-12-31T23:59:59.999999Z', 253_402_300_799_999_999n],
    ['no zone', '2026-11-22T23:05:00', null],
    ['seven digits', '2026-11-22T23:05:00.1234567Z', null],
    ['zeros after six digits', '2026-11-22T23:05:00.123456000Z', 1_795_388_700_123_456],
    ['a letter in the time', '2026-11-22T23:0x:00Z', null],
    ['a letter in the fraction', '2026-11-22T23:05:00.1x3Z', null],
    ['a point without digits', '2026-11-22T23:05:00.Z', null],
    ['something behind it', '2026-11-22T23:05:00Z ', null],
    ['no time', '2026-11-22', null],
  ])('knows %s', (_name, text, micros) => {
    const instant = parseInstant(text);

    expect(instant === null ? null : toMicros(instant)).toBe(micros);
  });
});
