import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { WorkingMemory } from './working-memory.js';

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
