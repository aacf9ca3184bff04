import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { pauseIfHeavy } from './pause.js';

const heavy = { data: Buffer.alloc(65_536), attributes: {} };
const light = { data: Buffer.alloc(10), attributes: {} };

describe('pauseIfHeavy', () => {
  it('runs one step of all heavy events in a turn of the event loop', async () => {
    const steps: string[] = [];
    const work = async (name: string): Promise<void> => {
      for (const step of [1, 2]) {
        await pauseIfHeavy(heavy);
        steps.push(`${name}${step}`);
      }
    };
    const all = Promise.all(['a', 'b', 'c'].map(work));
    const stepsPerTurn: number[] = [];
    while (steps.length < 6) {
      const before = steps.length;
      await turn();
      stepsPerTurn.push(steps.length - before);
    }
    await all;

    expect(steps).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
    expect(Math.max(...stepsPerTurn)).toBe(1);
  });

  it('does not pause for a small event', async () => {
    const order: string[] = [];
    const work = pauseIfHeavy(light).then(() => order.push('step'));
    await Promise.resolve().then(() => order.push('microtask'));
    await work;

    expect(order).toEqual(['step', 'microtask']);
  });
});
