import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { pauseIfHeavy } from './pause.js';

const heavy = { data: Buffer.alloc(65_536), attributes: {} };
const light = { data: Buffer.alloc(10), attributes: {} };

describe('pauseIfHeavy', () => {
  it('runs one step of all heavy events at a time, and other requests for some turns of the event loop before the next', async () => {
    const steps: string[] = [];
    const work = async (name: string): Promise<void> => {
      for (const step of [1, 2]) {
        await pauseIfHeavy(heavy);
        steps.push(`${name}${step}`);
      }
    };
    const all = Promise.all(['a', 'b', 'c'].map(work));
    const stepAtTurn: number[] = [];
    for (let turns = 1; steps.length < 6; turns++) {
      const before = steps.length;
      await turn();
      for (let step = before; step < steps.length; step++) stepAtTurn.push(turns);
    }
    await all;
    const turnsBetween = stepAtTurn.slice(1).map((turns, index) => turns - (stepAtTurn[index] ?? 0));

    expect(steps).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
    expect(Math.min(...turnsBetween)).toBeGreaterThanOrEqual(3);
  });

  it('does not pause for a small event, and makes no promise', () => {
    expect(pauseIfHeavy(light)).toBeNull();
  });

  it('pauses for small data that is compressed', async () => {
    const pause = pauseIfHeavy({ ...light, attributes: { 'content-encoding': 'gzip' } });

    expect(pause).toBeInstanceOf(Promise);
    await pause;
  });
});
