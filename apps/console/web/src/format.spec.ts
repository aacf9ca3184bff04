import { describe, expect, it } from '@jest/globals';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatInstant,
  formatPrice,
  formatShare,
  visibleText,
} from './format';

describe('format', () => {
  it('writes counts exactly', () => {
    expect(formatCount(9_007_199_254_740_991)).toBe('9,007,199,254,740,991');
  });

  it.each([
    [0, '0 ms'],
    [1_234, '1.2 s'],
    [59_400, '59 s'],
    [90_000, '2 min'],
    [7_200_000, '2 h'],
    [259_200_000, '3 d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes instants in UTC, and nothing for none', () => {
    expect(formatInstant('2026-11-29T12:03:04.123456Z')).toBe('2026-11-29 12:03:04');
    expect(formatInstant('')).toBe('');
  });

  it('writes bytes with their price', () => {
    expect([formatBytes(999), formatBytes(1_200_000_000), formatPrice(2 ** 40), formatPrice(1)]).toEqual([
      '999 B',
      '1.2 GB',
      'about $6.25',
      'less than $0.01',
    ]);
  });

  it('writes neither 0 % for a part nor 100 % for less than all', () => {
    expect([formatShare(0, 5), formatShare(1, 1_000), formatShare(999, 1_000), formatShare(5, 5)]).toEqual([
      '0 %',
      '< 1 %',
      '> 99 %',
      '100 %',
    ]);
  });

  it('shows control characters, direction overrides and invisible characters, and leaves all others', () => {
    expect(visibleText('a\u001b[31m\u202eb\u200bc\u0085')).toBe(String.raw`a\u001b[31m\u202eb\u200bc\u0085`);
    expect(visibleText('שלום é 😀\n\t')).toBe('שלום é 😀\n\t');
  });
});
