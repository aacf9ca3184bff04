import { describe, expect, it } from '@jest/globals';
import { parseJson, toJsonText } from './json.js';

describe('parseJson', () => {
  it.each([
    '{"a":9007199254740993}',
    '[1.10,1e2,-0,123456789012345678901234567890]',
    '{"a":{"b":[0.1,"1e5",null,true]}}',
  ])('gives %s back as it came', (text) => {
    expect(toJsonText(parseJson(text))).toBe(text);
  });

  it('leaves numbers that a double holds as numbers', () => {
    expect(parseJson('[1, 1.5, 1e3]')).toEqual([1, 1.5, expect.anything()]);
  });

  it('throws for what is no JSON', () => {
    expect(() => parseJson('{"a":01}')).toThrow(SyntaxError);
  });
});
