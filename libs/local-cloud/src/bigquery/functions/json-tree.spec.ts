import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readJson, writeJson } from './json-tree.js';

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

  it.each([
    '{"a":[1,-0.5e+3,"x\\u0041\\n",null,true,false,{}],"b":[]}',
    ' { "a" : [ 1 , 2 ] } ',
    '"plain"',
    '12345678901234567890.10',
  ])('keeps what %s says', (text) => {
    expect(JSON.parse(writeJson(readJson(text), false))).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '{a:1}',
    '[1 2]',
    '"a',
    '"a\u0001b"',
    '"\\x"',
    '01',
    '1.',
    '+1',
    '--1',
    'nul',
    'nulls',
    '1 1',
    '[',
    '{"a":1',
    '-',
  ])('refuses %j as JSON.parse does', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
    expect(() => readJson(text)).toThrow(SyntaxError);
  });

  it('agrees with JSON.parse on random documents, with any space between tokens', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);

        expect(JSON.parse(writeJson(readJson(text), false))).toEqual(JSON.parse(text));
      }),
    );
  });
});
