import { describe, expect, it } from '@jest/globals';
import { readJson } from './json-tree.js';

describe('readJson', () => {
  const long = JSON.stringify(Object.fromEntries(Array.from({ length: 200 }, (_unused, n) => [`k${n}`, n])));

  it('reads a long text once, however often it is asked for', () => {
    expect(readJson(long)).toBe(readJson(long));
  });

  it('reads another text for itself', () => {
    const other = long.replace('"k0":0', '"k0":1');

    expect(
      [readJson(long), readJson(other), readJson(long)].map((tree) =>
        JSON.stringify([...(tree as Map<string, { text: string }>).values()][0]?.text),
      ),
    ).toEqual(['"0"', '"1"', '"0"']);
  });

  it('refuses a broken text each time', () => {
    const broken = long.slice(0, -1);

    for (let time = 0; time < 2; time++) expect(() => readJson(broken)).toThrow(SyntaxError);
  });
});
