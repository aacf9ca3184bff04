import { describe, expect, it } from '@jest/globals';
import { isCollectionDue, type RestCheck } from './collect-at-rest.js';

const MIB = 1024 * 1024;
const AT_REST: RestCheck = { busyShare: 0.02, heapBytes: 240 * MIB, collectedBytes: 75 * MIB };

describe('a collection at rest', () => {
  it.each<[string, Partial<RestCheck>, boolean]>([
    ['is due after work', {}, true],
    ['waits while there is work', { busyShare: 0.5 }, false],
    ['is not repeated while the heap stays as it is', { heapBytes: 80 * MIB }, false],
  ])('%s', (_, state, isDue) => {
    expect(isCollectionDue({ ...AT_REST, ...state })).toBe(isDue);
  });
});
