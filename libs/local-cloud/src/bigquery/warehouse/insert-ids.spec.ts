import { describe, expect, it } from '@jest/globals';
import { InsertIds } from './insert-ids.js';

describe('InsertIds', () => {
  it('knows an id for one minute after its row is stored', () => {
    let nowMs = 0;
    const ids = new InsertIds(() => nowMs);
    ids.record(['a']);

    nowMs = 59_999;
    expect([ids.has('a'), ids.has('b')]).toEqual([true, false]);
    nowMs = 60_000;
    expect(ids.has('a')).toBe(false);
  });
});
