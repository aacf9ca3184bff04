import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeOf } from './place';

function marked(text: string, path: string | null, detail: string | null = null): string | null {
  const place = placeOf(text, path, detail);
  return place === null ? null : text.slice(place.start, place.end);
}

describe('placeOf', () => {
  it.each([
    ['/id', '{"a": [1, {"id": 2}], "id": "x"}', '"x"'],
    ['/a/1/id', '{"a": [1, {"id": 2}], "id": "x"}', '2'],
    ['/a', '{"a": [1, {"b": "]"}]}', '[1, {"b": "]"}]'],
    ['/x~1y', String.raw`{"x\/y": "q\"uote"}`, String.raw`"q\"uote"`],
    ['/missing', '{"a": 1}', null],
    ['/a/b', '{"a": 1}', null],
    ['/a', '{"a": "cut of', '"cut of'],
    ['/a', 'no JSON', null],
  ])('finds %s in %s', (path, text, value) => {
    expect(marked(text, path)).toBe(value);
  });

  it.each([
    ['at line 2, column 3: a value was expected', '{\n  ?\n}', '?'],
    ['NaN at column 6', '{"a":NaN}', 'N'],
    ['column 9', '{"a": 1,', ','],
    ['line 9, column 1', '{}', null],
    ['the key "a" occurs twice: line 1, column 2 and line 1, column 8', '{"a":1,"a":2}', '"'],
    ['cut off after 6 bytes: expected a value', '{"a": ', ' '],
    ['not JSON', '{}', null],
  ])('finds "%s"', (detail, text, value) => {
    expect(marked(text, null, detail)).toBe(value);
  });

  it('finds any value of any JSON', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (name, value, other) => {
        const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const text = JSON.stringify({ ...(name === 'other' ? {} : { other }), [name]: value }, null, 2);
        expect(JSON.parse(marked(text, pointer) ?? '')).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('ends for any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, path) => {
        const place = placeOf(text, `/${path}`, null);
        expect(place === null || (place.start <= place.end && place.end <= text.length)).toBe(true);
      }),
    );
  });
});
