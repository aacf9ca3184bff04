import { describe, expect, it } from '@jest/globals';
import { InFlight } from './in-flight.js';

/** Work that ends when the spec says so. */
function aTask(): { readonly work: () => Promise<void>; finish: () => void; fail: (cause: Error) => void } {
  let finish = (): void => undefined;
  let fail: (cause: Error) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  return { work: () => ended, finish, fail };
}

/** A whole turn of the loop, in which Node finds an unhandled rejection. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('InFlight', () => {
  it('starts work at once while there is room, and waits where there is none', async () => {
    const inFlight = new InFlight(2);
    const [first, second] = [aTask(), aTask()];
    const started: string[] = [];

    await inFlight.start(first.work);
    await inFlight.start(second.work);
    const third = inFlight.start(() => Promise.resolve(started.push('third')));
    await turn();
    const before = [...started];
    first.finish();
    second.finish();
    await third;

    expect([before, started]).toEqual([[], ['third']]);
  });

  it('keeps the first failure until it is asked for, and starts nothing after it', async () => {
    const inFlight = new InFlight(3);
    const [first, second] = [aTask(), aTask()];
    const started: string[] = [];
    await inFlight.start(first.work);
    await inFlight.start(second.work);
    second.fail(new Error('second'));
    await turn();

    await expect(inFlight.start(() => Promise.resolve(started.push('third')))).rejects.toThrow('second');
    first.fail(new Error('first'));
    await inFlight.end();

    expect(started).toEqual([]);
    expect(() => {
      inFlight.throwFailure();
    }).toThrow('second');
  });

  it('has nothing to throw where all went well', async () => {
    const inFlight = new InFlight(1);
    await inFlight.start(() => Promise.resolve());
    await inFlight.end();

    expect(() => {
      inFlight.throwFailure();
    }).not.toThrow();
  });
});
