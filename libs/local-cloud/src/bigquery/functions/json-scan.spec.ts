import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonStep } from './json-path.js';
import { scanJson } from './json-scan.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Every path of a document with its value. */
function* places(value: Json, path: readonly JsonStep[] = []): Generator<[readonly JsonStep[], Json]> {
  yield [path, value];
  if (value === null || typeof value !== 'object') return;
  const entries: [JsonStep, Json][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  for (const [step, child] of entries) yield* places(child, [...path, step]);
}

describe('scanJson', () => {
  it('finds the text of every value of every document, compact or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, spaces) => {
        const text = JSON.stringify(value, null, spaces);
        const document = JSON.parse(text) as Json;
        for (const [path, part] of places(document)) {
          expect(JSON.parse(scanJson(text, path) ?? 'undefined')).toEqual(part);
        }
      }),
    );
  });

  it.each<[string, string, JsonStep[]]>([
    ['a missing key', '{"a":1}', ['b']],
    ['a key of an array', '[1]', ['a']],
    ['a position of an object', '{"0":1}', [0]],
    ['a position beyond the end', '[1,2]', [2]],
    ['a position of an empty array', '[]', [0]],
    ['a key inside a string', '{"a":"\\"b\\":1"}', ['b']],
    ['a key below a scalar', '{"a":1}', ['a', 'b']],
  ])('finds nothing for %s', (_name, text, path) => {
    expect(scanJson(text, path)).toBeUndefined();
  });

  it.each([
    ['the first of two', '{"a":1,"a":2}', '1'],
    ['an escaped one', '{"\\u0061":3}', '3'],
    ['one after a string that ends in a backslash', '{"x":"\\\\","a":4}', '4'],
  ])('takes the key: %s', (_name, text, value) => {
    expect(scanJson(text, ['a'])).toBe(value);
  });

  it('passes megabytes of string, number and brackets', () => {
    const long = `{"s":"${'\\"x'.repeat(1_000_000)}","n":${'9'.repeat(1_000_000)},"d":${'['.repeat(500_000)}${']'.repeat(500_000)},"a":5}`;
    expect(scanJson(long, ['a'])).toBe('5');
  });
});
