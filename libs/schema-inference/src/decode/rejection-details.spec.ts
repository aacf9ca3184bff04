import { describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { decodeEvent } from './decode-event.js';

function detailOf(data: string | Uint8Array, attributes: Record<string, string> = {}): string {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const decoded = decodeEvent({ data: bytes, attributes });
  return decoded.kind === 'rejected' ? `${decoded.code}: ${decoded.detail}` : 'event';
}

const binary = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);

describe('the detail of a rejection', () => {
  it.each([
    // Nothing, and cut off
    ['', 'the data is empty'],
    ['\ufeff', 'the data is empty'],
    [' \n\t', 'the data is white space only'],
    ['{"a":1', 'cut off after 6 bytes: expected a comma or the end of the object or array'],
    ['{"a":"é', 'cut off after 8 bytes: expected the end of the string'],
    ['{"a":tru', 'cut off after 8 bytes: expected a JSON value'],
    ['{"a":"\\u12', 'cut off after 10 bytes: expected an escape that JSON has'],
    ['{', 'cut off after 1 bytes: expected a key in double quotes or }'],
    ['[1,', 'cut off after 3 bytes: expected a JSON value'],
    // NaN and friends
    [
      '{"a":1,\n "b":NaN}',
      'line 2, column 6: NaN or Infinity, which JSON does not have: leave the field out or write a string; expected a JSON value',
    ],
    [
      '{"a":-Infinity}',
      'line 1, column 6: NaN or Infinity, which JSON does not have: leave the field out or write a string; expected a JSON value',
    ],
    [
      '[Infinity]',
      'line 1, column 2: NaN or Infinity, which JSON does not have: leave the field out or write a string; expected a JSON value or ]',
    ],
    [
      '{"a":undefined}',
      'line 1, column 6: undefined, which JSON does not have: leave the field out; expected a JSON value',
    ],
    // Python
    [
      '{"a":True}',
      'line 1, column 6: a Python literal; JSON has true, false and null: use json.dumps; expected a JSON value',
    ],
    [
      '{"a":None}',
      'line 1, column 6: a Python literal; JSON has true, false and null: use json.dumps; expected a JSON value',
    ],
    [
      "{'a':1}",
      "line 1, column 2: a single quote; JSON's strings have double quotes; expected a key in double quotes or }",
    ],
    [
      '{"a":\'x\'}',
      "line 1, column 6: a single quote; JSON's strings have double quotes; expected a JSON value",
    ],
    [
      '{"a":NULL}',
      'line 1, column 6: a literal in capitals; JSON has true, false and null; expected a JSON value',
    ],
    // Commas, comments, keys
    [
      '{"a":1,}',
      'line 1, column 8: a comma after the last element, which JSON does not allow; expected a key in double quotes',
    ],
    [
      '{"a":[1,2, ]}',
      'line 1, column 12: a comma after the last element, which JSON does not allow; expected a JSON value',
    ],
    ['{"a":1,,"b":2}', 'line 1, column 8: the character ,; expected a key in double quotes'],
    [
      '{"a":1 /* x */}',
      'line 1, column 8: a comment, which JSON does not have; expected a comma or the end of the object or array',
    ],
    ['// x\n{"a":1}', 'line 1, column 1: a comment, which JSON does not have; expected a JSON value'],
    [
      '{"a":1 # x\n}',
      'line 1, column 8: a comment, which JSON does not have; expected a comma or the end of the object or array',
    ],
    ['{a:1}', 'line 1, column 2: a key without double quotes; expected a key in double quotes or }'],
    ['{"x":{"b":1,$c:2}}', 'line 1, column 13: a key without double quotes; expected a key in double quotes'],
    ['{"a" 1}', 'line 1, column 6: a digit; expected a colon'],
    // Numbers
    [
      '{"a":007}',
      'line 1, column 7: a number with a leading zero, which JSON does not have; expected a comma or the end of the object or array',
    ],
    [
      '{"a":.5}',
      'line 1, column 6: a number that begins with + or a point, which JSON does not have; expected a JSON value',
    ],
    [
      '{"a":0x1F}',
      'line 1, column 7: a number that is not decimal; expected a comma or the end of the object or array',
    ],
    // Strings
    [
      '{"a":"x\ny"}',
      'line 1, column 8: the control character U+000A; expected an escape: control characters are not allowed in strings',
    ],
    [
      '{"a":"\u0000"}',
      'line 1, column 7: the control character U+0000; expected an escape: control characters are not allowed in strings',
    ],
    ['{"a":"C:\\data"}', 'line 1, column 9: the character \\; expected an escape that JSON has'],
    // Several values
    [
      '{"a":1}\n{"a":2}\n',
      '2 JSON values, the second at line 2, column 1; publish each as a message of its own',
    ],
    [
      '{"a":1}{"a":2} {"a":3}',
      '3 JSON values, the second at line 1, column 8; publish each as a message of its own',
    ],
    ['{"a":1}x', 'line 1, column 8: a letter after the JSON value; expected the end of the data'],
    [
      '{"a":1}\u0000',
      'line 1, column 8: the control character U+0000 after the JSON value; expected the end of the data',
    ],
    // Other formats
    ['<order><id>7</id></order>', 'the data is XML or HTML; publish JSON'],
    ['<?xml version="1.0"?><a/>', 'the data is XML or HTML; publish JSON'],
    ['id=7&name=x%20y', 'the data is form data (name=value); publish JSON'],
    [
      Buffer.from('{"a":1}').toString('base64'),
      'the data is base64 of JSON; publish the JSON itself, the client encodes it',
    ],
    [
      Buffer.from('{"ab":1}').toString('base64url'),
      'the data is base64 of JSON; publish the JSON itself, the client encodes it',
    ],
    ['Obj\u0001\u0004\u0014avro.codec', 'the data is an Avro file; publish JSON'],
    [
      '\n\u0005hello\u0010\u0001',
      'the data is binary, as Avro and Protobuf are; publish JSON, or set the encoding of the topic schema to JSON',
    ],
    [
      '\u0000\u0000\u0000\u0000\u0001\u0002a',
      'the data is binary, as Avro and Protobuf are; publish JSON, or set the encoding of the topic schema to JSON',
    ],
  ])('%j is not JSON: %s', (text, detail) => {
    expect(detailOf(text)).toBe(`NOT_JSON: ${detail}`);
  });

  it.each([
    [gzipSync('{}'), 'the data is gzip; publish it with the attribute content-encoding: gzip'],
    [Buffer.from('\ufeff{}', 'utf16le'), 'the data is UTF-16; publish UTF-8'],
    [binary(0x7b, 0xff), 'the data is not UTF-8; it may be binary (Avro, Protobuf) or Latin-1'],
  ])('bytes %#: %s', (bytes, detail) => {
    expect(detailOf(bytes)).toBe(`NOT_UTF8: ${detail}`);
  });

  it.each([
    ['{"a":1,"a":2}', 'the key "a" occurs twice in one object: line 1, column 2 and line 1, column 8'],
    [
      '{"x":[\n  {"b": {"c":1},\n   "a":2, "\\u0062":3}]}',
      'the key "b" occurs twice in one object: line 2, column 4 and line 3, column 11',
    ],
    [
      '{"a:\\"":1,"b":2,"a:\\"":3}',
      'the key "a:\\"" occurs twice in one object: line 1, column 2 and line 1, column 17',
    ],
    [
      `{${Array.from({ length: 30 }, (_, index) => `"k${index}":${index}`).join(',')},"k7":0}`,
      'the key "k7" occurs twice in one object: line 1, column 51 and line 1, column 252',
    ],
    [
      `{"${'k'.repeat(200)}":1,"${'k'.repeat(200)}":2}`,
      `the key "${'k'.repeat(100)}…" occurs twice in one object: line 1, column 2 and line 1, column 207`,
    ],
  ])('%#: both places of a duplicate key', (text, detail) => {
    expect(detailOf(text)).toBe(`DUPLICATE_KEY: ${detail}`);
  });

  it.each([
    ['{"a":1,\n"\\ud800":2}', 'line 2, column 1'],
    ['{"\\udc00x":2}', 'line 1, column 2'],
    ['{"漢😀":[{"a":{"b\\ud800c":1},"\\ud801":2}]}', 'line 1, column 15'],
  ])('%#: the place of a key that is not Unicode', (text, place) => {
    expect(detailOf(text)).toBe(`KEY_NOT_UNICODE: the key at ${place} holds an unpaired surrogate`);
  });

  it.each([
    ['[{"a":1},{"a":2}]', 'the data is an array of 2 events; publish each element as a message of its own'],
    ['[{"a":1}]', 'the data is an array of 1 event; publish each element as a message of its own'],
    ['[1,2,3]', 'the data is an array of 3 values; publish each element as a message of its own'],
    ['[]', 'the data is an empty array, not an object'],
    [
      JSON.stringify('{"a":1}'),
      'the data is a string that holds JSON; publish the object itself, encoded once',
    ],
    ['"x"', 'the data is of kind string, not an object'],
    ['null', 'the data is of kind null, not an object'],
  ])('%s is not an object: %s', (text, detail) => {
    expect(detailOf(text)).toBe(`NOT_AN_OBJECT: ${detail}`);
  });

  it.each([
    [
      '{"a":1}',
      {},
      'EVENT_TYPE_MISSING: field:event_type, attribute:event_type, cloudevent: none is present',
    ],
    ['{"event_type":7}', {}, 'EVENT_TYPE_INVALID: field:event_type is not a string'],
    ['{}', { event_type: '--' }, 'EVENT_TYPE_INVALID: attribute:event_type has no letter and no digit'],
    [
      '{}',
      { event_type: 'x'.repeat(1025) },
      'EVENT_TYPE_INVALID: attribute:event_type has 1025 characters; at most 1024 are allowed',
    ],
    [
      '{}',
      { 'content-encoding': 'gzip' },
      'NOT_DECOMPRESSIBLE: content-encoding is gzip, but the data is not gzip, or its checksum is wrong',
    ],
    [
      `[${'1,'.repeat(250_000)}1]`,
      {},
      'TOO_LARGE: 250002 values; an event may have 250000. Publish it as several events',
    ],
  ])('%#: %j', (text, attributes, detail) => {
    expect(detailOf(text, attributes as Record<string, string>)).toBe(detail);
  });

  it('holds no value of the event', () => {
    for (const text of [
      '{"a":secret}',
      '{"a":"secret" "b"}',
      '{"a":1}secret',
      'secret',
      '{"a":"x\u0001secret"}',
    ]) {
      expect(detailOf(text)).not.toContain('secret');
    }
  });
});
