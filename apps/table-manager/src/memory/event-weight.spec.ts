import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { EventSource } from '@pipeline/schema-inference';
import { weigh } from './event-weight.js';

describe('weigh', () => {
  const plain = (text: string): EventSource => ({ data: Buffer.from(text), attributes: {} });

  it('does not weigh a light event', () => {
    expect(weigh(plain(`[${'1,'.repeat(2_000)}1]`))).toBe(0);
  });

  it.each([
    ['an array of numbers', `[${'1,'.repeat(9_999)}1]`, 10_001],
    ['an array of objects', `[${'{"x":1},'.repeat(9_999)}{"x":1}]`, 30_001],
    ['a string', `"${'x'.repeat(9_998)}"`, 1],
    ['more values than any event has', `[${'1,'.repeat(999_999)}1]`, 250_000],
  ])('counts the values of %s', (_name, text, values) => {
    expect(weigh(plain(text))).toBe(text.length * 8 + values * 400);
  });
});

describe('weigh of compressed data', () => {
  const packed = (data: Uint8Array, encoding = 'gzip'): EventSource => ({
    data,
    attributes: { 'content-encoding': encoding },
  });
  const numbers = (count: number): string => `[${'1,'.repeat(count - 1)}1]`;

  it('is 0 for a small event, without waiting', () => {
    expect(weigh(packed(gzipSync(numbers(1_000))))).toBe(0);
  });

  it.each([
    ['a few kilobytes of numbers', numbers(10_000), 20_001, 10_001],
    ['half a megabyte from a few hundred bytes', `"${'x'.repeat(499_998)}"`, 500_000, 1],
    ['more values than any event has', numbers(1_000_000), 2_000_001, 250_000],
    ['more bytes than any event has', ' '.repeat(30_000_000), 20_000_000, 1],
  ])('is that of what it unpacks to: %s', async (_name, text, bytes, values) => {
    expect(await weigh(packed(gzipSync(text)))).toBe(bytes * 8 + values * 400);
  });

  it('adds up several members, and does not depend on the case of the encoding', async () => {
    const members = Buffer.concat([gzipSync(numbers(10_000)), gzipSync(numbers(10_000))]);

    expect(await weigh(packed(members, 'GZIP'))).toBe(40_002 * 8 + 20_001 * 400);
  });

  it('is that of the part that unpacks if the data is cut off or no gzip', async () => {
    const text = randomBytes(500_000).toString('base64');
    const cutOff = gzipSync(text).subarray(0, 250_000);

    expect(await weigh(packed(cutOff))).toBeGreaterThan(300_000 * 8);
    expect(await weigh(packed(cutOff))).toBeLessThan(400_000 * 8);
    expect(await weigh(packed(Buffer.from('no gzip')))).toBe(0);
  });
});
