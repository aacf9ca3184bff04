import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BodyRates, type WatchedBody } from './body-rates.js';

const WINDOW_MS = 1_000;
const TICK_MS = 100;
const MIN_BYTES = 500;

let nowMs: number;
let rates: BodyRates;
let slow: number[];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  nowMs = 0;
  slow = [];
  rates = new BodyRates(WINDOW_MS, MIN_BYTES, () => nowMs);
});

afterEach(() => {
  jest.useRealTimers();
});

function aBody(): { length: number; readonly watched: WatchedBody } {
  const body = { length: 0, onTooSlow: (bytes: number) => void slow.push(bytes) };
  return Object.assign(body, { watched: rates.watch(body) });
}

/** One tick of the interval, at the time it was due or later, then one turn of the event loop. */
async function tick(lateMs = 0, betweenTickAndTurn = (): void => undefined): Promise<void> {
  nowMs += TICK_MS + lateMs;
  jest.advanceTimersToNextTimer();
  betweenTickAndTurn();
  await new Promise((resolve) => setImmediate(resolve));
}

async function ticks(count: number, eachTick = (): void => undefined): Promise<void> {
  for (let index = 0; index < count; index++) {
    eachTick();
    await tick();
  }
}

describe('BodyRates', () => {
  it('reports a body that brought less than its share within a window, once', async () => {
    const body = aBody();
    body.length = 499;
    await ticks(10);
    expect(slow).toEqual([]);

    await ticks(30);
    expect(slow).toEqual([499]);
  });

  it('does not report a body that brings its share in every window', async () => {
    const body = aBody();
    await ticks(100, () => (body.length += 50));

    expect(slow).toEqual([]);
  });

  it('judges each window by itself', async () => {
    const body = aBody();
    body.length = 1_000_000;
    await ticks(11);
    expect(slow).toEqual([]);

    body.length += 10;
    await ticks(10);
    expect(slow).toEqual([10]);
  });

  it('does not count the time in which the process was busy', async () => {
    aBody();
    for (let index = 0; index < 100; index++) await tick(TICK_MS);
    expect(slow).toEqual([]);

    await ticks(11);
    expect(slow).toEqual([0]);
  });

  it('reads the socket once more before it judges', async () => {
    const body = aBody();
    await ticks(10);
    await tick(0, () => (body.length = 500));

    expect(slow).toEqual([]);
  });

  it('forgets a complete body, and stops its interval when no body is left', async () => {
    const body = aBody();
    await ticks(5);
    rates.forget(body.watched);
    await ticks(1);

    expect([slow, jest.getTimerCount()]).toEqual([[], 0]);
  });

  it('watches the others after it forgot some, in any order and twice', async () => {
    const [first, second, third, fourth] = [aBody(), aBody(), aBody(), aBody()];
    [second.length, third.length] = [20, 30];
    for (const { watched } of [first, fourth, first]) rates.forget(watched);
    await ticks(11);

    expect(slow.toSorted()).toEqual([20, 30]);
  });
});
