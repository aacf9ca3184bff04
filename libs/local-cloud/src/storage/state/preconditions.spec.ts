import { describe, expect, it } from '@jest/globals';
import { checkConditions, parseConditions } from './preconditions.js';
import { StorageError } from './storage.errors.js';

const THERE = { generation: 7, metageneration: 2 };

function statusOf(query: string, target: typeof THERE | null, access: 'read' | 'write'): number {
  try {
    checkConditions(parseConditions(new URLSearchParams(query)), target, access);
    return 200;
  } catch (failure) {
    return StorageError.from(failure).status;
  }
}

describe('preconditions', () => {
  it.each([
    ['', 200, 200, 200],
    ['ifGenerationMatch=7', 200, 200, 412],
    ['ifGenerationMatch=8', 412, 412, 412],
    ['ifGenerationMatch=0', 412, 412, 200],
    ['ifGenerationNotMatch=7', 304, 412, 200],
    ['ifGenerationNotMatch=8', 200, 200, 200],
    ['ifGenerationNotMatch=0', 200, 200, 412],
    ['ifMetagenerationMatch=2', 200, 200, 412],
    ['ifMetagenerationMatch=3', 412, 412, 412],
    ['ifMetagenerationNotMatch=2', 304, 412, 200],
    ['ifMetagenerationNotMatch=3', 200, 200, 200],
    ['ifGenerationMatch=7&ifMetagenerationMatch=3', 412, 412, 412],
    ['ifGenerationMatch=7&ifMetagenerationNotMatch=2', 304, 412, 412],
    ['ifGenerationMatch=x', 400, 400, 400],
    ['ifGenerationMatch=-1', 400, 400, 400],
  ])('%s: read %i, write %i, write of an absent object %i', (query, read, write, absent) => {
    expect([
      statusOf(query, THERE, 'read'),
      statusOf(query, THERE, 'write'),
      statusOf(query, null, 'write'),
    ]).toEqual([read, write, absent]);
  });

  it('reads those of the source of a copy under their own names', () => {
    const query = new URLSearchParams('ifSourceGenerationMatch=3&ifGenerationMatch=4');
    expect(parseConditions(query, 'ifSource')).toEqual({ generationMatch: 3 });
  });
});
