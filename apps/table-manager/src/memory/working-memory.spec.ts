import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { EventSource } from '@pipeline/schema-inference';
import { weigh, WorkingMemory } from './working-memory.js';

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
  const packed = (bytes: number, encoding = 'gzip'): EventSource => ({
    data: new Uint8Array(bytes),
    attributes: { 'content-encoding': encoding },
  });

  it.each([
    [30, 30_960, 15_480],
    [1_000, 1_032_000, 250_000],
    [20_000, 20_000_000, 250_000],
    [1_000_000, 20_000_000, 250_000],
  ])('is that of the largest event that %i bytes unpack to', (bytes, unpacked, values) => {
    expect(weigh(packed(bytes))).toBe(unpacked * 8 + values * 400);
  });

  it('does not depend on the case of the encoding', () => {
    expect([weigh(packed(30, 'GZIP')), weigh(packed(30, 'Gzip'))]).toEqual([6_439_680, 6_439_680]);
  });
});

describe('WorkingMemory', () => {
  let memory: WorkingMemory;
  let log: string[];

  beforeEach(() => {
    jest.useFakeTimers();
    memory = new WorkingMemory(100);
    log = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  /** Work that goes on until `end` is called. */
  function work(name: string, bytes: number, waitMs = 1_000): { end: () => void; result: Promise<unknown> } {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const result = memory.run(bytes, waitMs, async () => {
      log.push(name);
      await ended;
      return name;
    });
    return { end, result };
  }

  it('runs what fits at once, and the rest in order', async () => {
    const [a, b, c] = [work('a', 60), work('b', 60), work('c', 10)];
    await jest.advanceTimersByTimeAsync(0);
    expect([log, memory.bytes]).toEqual([['a'], 60]);

    a.end();
    await a.result;
    await jest.advanceTimersByTimeAsync(0);
    expect([log, memory.bytes]).toEqual([['a', 'b', 'c'], 70]);
    b.end();
    c.end();
    expect([await b.result, await c.result, memory.bytes]).toEqual(['b', 'c', 0]);
  });

  it('admits what is heavier than the limit if it is alone', async () => {
    const [a, b] = [work('a', 500), work('b', 1)];
    await jest.advanceTimersByTimeAsync(0);

    expect(log).toEqual(['a']);
    a.end();
    b.end();
    expect([await a.result, await b.result]).toEqual(['a', 'b']);
  });

  it('gives up what waited too long, and lets those behind it in', async () => {
    const [a, b, c] = [work('a', 60), work('b', 60, 500), work('c', 10, 2_000)];
    await jest.advanceTimersByTimeAsync(500);

    expect([await b.result, log]).toEqual([null, ['a', 'c']]);
    a.end();
    c.end();
    await Promise.all([a.result, c.result]);
    expect(memory.bytes).toBe(0);
  });

  it('releases what failed work held', async () => {
    const failed = memory.run(100, 1_000, () => Promise.reject(new Error('no')));

    await expect(failed).rejects.toThrow('no');
    expect(memory.bytes).toBe(0);
  });
});
