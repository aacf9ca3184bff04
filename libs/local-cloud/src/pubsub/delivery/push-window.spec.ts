import { describe, expect, it } from '@jest/globals';
import { PushWindow } from './push-window.js';

function windowAfter(outcomes: readonly boolean[]): PushWindow {
  const window = new PushWindow();
  for (const isSuccess of outcomes) {
    window.began();
    window.ended(isSuccess);
  }
  return window;
}

const times = (count: number, isSuccess: boolean): boolean[] =>
  Array.from({ length: count }, () => isSuccess);

describe('PushWindow', () => {
  it.each([
    ['begins with eight requests', [], 8],
    ['grows by one with each success', times(10, true), 18],
    ['shrinks by one with each failure while it is large', [...times(300, true), ...times(4, false)], 304],
    ['keeps 256 requests however many fail', [...times(300, true), ...times(500, false)], 256],
    ['does not shrink before it has grown', times(20, false), 8],
    ['ends growing at 1,000', times(2_000, true), 1_000],
  ])('%s', (_what, outcomes, room) => {
    expect(windowAfter(outcomes).room).toBe(room);
  });

  it('has no room for more requests than it allows', () => {
    const window = new PushWindow();

    for (let open = 0; open < 9; open += 1) window.began();

    expect(window.room).toBe(0);
  });
});
