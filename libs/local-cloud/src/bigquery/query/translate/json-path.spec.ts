import { describe, expect, it } from '@jest/globals';
import { jsonPath } from './json-path.js';

describe('jsonPath', () => {
  it.each([
    ['$', '$'],
    ['$.a.b', '$."a"."b"'],
    ["$['a.b'][0]", '$."a.b"[0]'],
    ['$["a b"].c', '$."a b"."c"'],
    ['$."a b"', '$."a b"'],
    ['$[0][1]', '$[0][1]'],
  ])('writes %s as %s', (path, written) => {
    expect(jsonPath(path)).toBe(written);
  });

  it.each(['a', '$..a', '$.*', '$[*]', '$[-1]', '$.a b'])('refuses %s', (path) => {
    expect(() => jsonPath(path)).toThrow('the JSON path');
  });
});
