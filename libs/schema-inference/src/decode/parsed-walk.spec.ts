import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column } from '../schema/column.js';
import { compileSchema } from '../schema/compile-schema.js';
import { decodeEvent } from './decode-event.js';
import { ParsedWalk, type ParsedObject } from './parsed-walk.js';
import { shortestNumberLength } from './shortest-number.js';

const MESSAGE = { attributes: { event_type: 't' } };

function walkAny(text: string): { length: number; isProved: boolean } {
  const walk = new ParsedWalk(text.length);
  const length = walk.any(JSON.parse(text) as ParsedObject, 1);
  return { length, isProved: length === text.length && walk.hasProvedNumbers };
}

describe('the parsed walk', () => {
  it.each([
    ['an empty object', '{}'],
    ['empty values', '{"a":[],"b":{},"c":null,"d":""}'],
    ['nested values', '{"a":[1,2,{"b":[true,false]}],"c":"é😀"}'],
    ['amounts', '{"a":49.99,"b":-0.5,"c":123456.7,"d":0.05,"e":100,"f":-12}'],
    ['longer decimals', '{"a":3.14159,"b":0.012,"c":123456789.12345}'],
  ])('proves a compact text: %s', (_name, text) => {
    expect(walkAny(text)).toEqual({ length: text.length, isProved: true });
  });

  it.each([
    ['a space', '{"a": 1}'],
    ['an escape', '{"a":"\\u0061"}'],
    ['a zero at the end', '{"a":1.50}'],
    ['a rounded number', '{"a":0.1000000000000000055}'],
    ['an integer beyond 2^53', '{"a":9007199254740993}'],
    ['minus zero', '{"a":-0}'],
    ['an exponent', '{"a":1e5}'],
    ['a number an exponent would shorten', '{"a":5000}'],
    ['a duplicate key', '{"a":1,"a":1}'],
  ])('proves nothing about a text with %s', (_name, text) => {
    expect(walkAny(text).isProved).toBe(false);
  });

  it.each([
    ['a short exponent hides no duplicate key', '{"b":1e8,"a":1,"a":1}'],
    ['a negative exponent hides no duplicate key', '{"b":1e-7,"a":1,"a":1}'],
    ['a short exponent in an array hides no duplicate key', '{"b":[1e8],"a":1,"a":1}'],
    ['a key that every object seems to have hides no duplicate key', '{"a":1,"a":1}'],
  ])('%s', (_name, text) => {
    const columns: readonly Column[] = [
      { name: 'a', type: 'INT64', mode: 'NULLABLE' },
      { name: 'b', type: 'JSON', mode: 'NULLABLE' },
      { name: 'toString', type: 'JSON', mode: 'NULLABLE' },
      { name: '__proto__', type: 'JSON', mode: 'NULLABLE' },
    ];
    const compiled = compileSchema({ columns: [...PIPELINE_COLUMNS, ...columns], closed: false });

    for (const options of [{}, { schemaOf: () => compiled }]) {
      expect(decodeEvent({ ...MESSAGE, data: Buffer.from(text) }, options)).toMatchObject({
        code: 'DUPLICATE_KEY',
      });
    }
  });

  it('never makes a number longer than its shortest literal', () => {
    for (let cents = -250_000; cents <= 250_000; cents += 7) {
      const value = cents / 100;
      const length = shortestNumberLength(value);
      if (length > 0) expect(length).toBe(String(value).length);
    }
  });
});
