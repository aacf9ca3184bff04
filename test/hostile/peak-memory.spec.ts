import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';

/** The costliest messages that are within all limits, each settled by a process with a quarter of a 1 GiB instance. */
const OLD_SPACE_MB = 256;
const SHAPES = [
  ['records that conflict', 4_000_000, 'TOO_LARGE'],
  ['escaped strings that conflict', 4_000_000, 'row'],
  ['records that fit', 9_900_000, 'row'],
  ['pairs in an array', 9_900_000, 'TOO_LARGE'],
  ['many keys at the root', 4_000_000, 'TOO_LARGE'],
  ['an array of empty records', 9_900_000, 'TOO_LARGE'],
  ['one long string of half surrogates', 9_900_000, 'TOO_LARGE'],
] as const;

describe(`one message in a process with ${OLD_SPACE_MB} MB of heap`, () => {
  it.each(SHAPES)('%s of %i bytes is settled as %s', (shape, size, outcome) => {
    const flags = [`--max-old-space-size=${OLD_SPACE_MB}`, 'bench/inference/peak-child.mjs'];
    const printed = execFileSync(process.execPath, [...flags, shape, String(size)], { encoding: 'utf8' });

    expect(JSON.parse(printed)).toMatchObject({ outcome });
  });
});
