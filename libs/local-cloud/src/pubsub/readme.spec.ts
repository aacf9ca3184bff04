import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { pubsubContract } from './pubsub.contract.js';

const README = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

/** The cells of a table row, without the padding that a formatter adds. */
const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

describe('README of the Pub/Sub emulator', () => {
  it('shows every case of the contract with both results', () => {
    const shown = README.slice(README.indexOf('## Contract'))
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .map(cellsOf);

    const expected = pubsubContract().flatMap(([chapter, cases]) =>
      cases.map(({ name, googleDiffers }) => [
        chapter,
        name,
        '✓',
        googleDiffers === undefined ? '✓' : `— ${googleDiffers}`,
      ]),
    );
    expect(shown).toEqual(expected);
  });
});
