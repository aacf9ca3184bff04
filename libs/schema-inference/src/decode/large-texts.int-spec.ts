import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ENGINE = join(import.meta.dirname, '../../dist/index.js');

/** Expressions for messages of ten megabytes, each of which repeats one kind of character. */
const LARGE = {
  letters: `'x'.repeat(9_990_000)`,
  'letters and a mark': `'x'.repeat(9_990_000) + '!'`,
  'white space and a letter': `' '.repeat(9_990_000) + 'x'`,
  digits: `'1'.repeat(9_990_000) + 'x'`,
  'digits after a point': `'0.' + '1'.repeat(9_990_000) + 'x'`,
  'digits of an exponent': `'1e' + '1'.repeat(9_990_000) + 'x'`,
  'a string of white space': `JSON.stringify(' '.repeat(9_990_000) + 'x')`,
  'a key of digits': `'{"event_type":"x","a":{"' + '1'.repeat(9_000_000) + '":1}}'`,
  'a key of marks': `'{"event_type":"x","a' + '\\u0301'.repeat(3_000_000) + '":1}'`,
  'a key of letters': `'{"event_type":"x","' + 'k'.repeat(9_000_000) + '":1}'`,
};

describe('a message of ten megabytes', () => {
  // V8 leaves the optimisation out by itself once a process has compiled many patterns.
  it.each(Object.entries(LARGE))('of %s is decoded without optimised patterns', (_name, text) => {
    const code = `
      const { decodeEvent } = await import(${JSON.stringify(ENGINE)});
      const decoded = decodeEvent({ data: Buffer.from(${text}), attributes: {} });
      process.stdout.write(decoded.kind);`;
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--no-regexp-optimization', '--input-type=module', '--eval', code],
      { encoding: 'utf8' },
    );

    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(/^(event|rejected)$/),
      stderr: '',
    });
  });
});
