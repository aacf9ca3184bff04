import { describe, expect, it } from '@jest/globals';
import { UnderWay } from './under-way.js';

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

/** A whole turn of the loop, in which Node finds a rejection that nobody handles. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

describe('UnderWay', () => {
  it('starts work at once while there is room, and waits where there is none', async () => {
    const underWay = new UnderWay(2);
    const [first, second] = [aTask(), aTask()];
    const started: string[] = [];

    await underWay.start(first.work);
    await underWay.start(second.work);
    const third = underWay.start(() => Promise.resolve(started.push('third')));
    await turn();
    const before = [...started];
    first.finish();
    second.finish();
    await third;

    expect([before, started]).toEqual([[], ['third']]);
  });

  it('keeps the first failure until it is asked for, and starts nothing after it', async () => {
    const underWay = new UnderWay(3);
    const [first, second] = [aTask(), aTask()];
    const started: string[] = [];
    await underWay.start(first.work);
    await underWay.start(second.work);
    second.fail(new Error('second'));
    await turn();

    await expect(underWay.start(() => Promise.resolve(started.push('third')))).rejects.toThrow('second');
    first.fail(new Error('first'));
    await underWay.end();

    expect(started).toEqual([]);
    expect(() => {
      underWay.throwFailure();
    }).toThrow('second');
  });

  it('has nothing to throw where all went well', async () => {
    const underWay = new UnderWay(1);
    await underWay.start(() => Promise.resolve());
    await underWay.end();

    expect(() => {
      underWay.throwFailure();
    }).not.toThrow();
  });
});
