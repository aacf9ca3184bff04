import { describe, expect, it } from '@jest/globals';
import { editEvent, parseJsonPatch, splitEvents } from './edit-event.js';

function edit(event: string, patch: string): string {
  const edited = editEvent(Buffer.from(event), parseJsonPatch(patch));
  return edited.kind === 'edited' ? edited.data.toString() : `impossible: ${edited.detail}`;
}

describe('editEvent', () => {
  it.each([
    ['removes a field', '{"a":1,"b":2}', '[{"op":"remove","path":"/a"}]', '{"b":2}'],
    [
      'adds a field',
      '{"a":1}',
      '[{"op":"add","path":"/event_type","value":"order"}]',
      '{"a":1,"event_type":"order"}',
    ],
    [
      'replaces a value',
      '{"a":"x"}',
      '[{"op":"replace","path":"/a","value":12345678901234567890}]',
      '{"a":12345678901234567890}',
    ],
    [
      'moves and copies',
      '{"a":1.10}',
      '[{"op":"copy","from":"/a","path":"/b"},{"op":"move","from":"/a","path":"/c"}]',
      '{"b":1.10,"c":1.10}',
    ],
    [
      'tests before it edits',
      '{"v":2}',
      '[{"op":"test","path":"/v","value":2},{"op":"add","path":"/w","value":[1]}]',
      '{"v":2,"w":[1]}',
    ],
    ['appends to an array', '{"l":[1]}', '[{"op":"add","path":"/l/-","value":"n1"}]', '{"l":[1,"n1"]}'],
    ['replaces the event', '[{"a":1}]', '[{"op":"move","from":"/0","path":""}]', '{"a":1}'],
    ['finds escaped keys', '{"a/b":{"m~n":1}}', '[{"op":"remove","path":"/a~1b/m~0n"}]', '{"a/b":{}}'],
  ])('%s', (_fact, event, patch, expected) => {
    expect(edit(event, patch)).toBe(expected);
  });

  it.each([
    '{"n":9007199254740993,"d":1.10,"e":1E400,"z":-0.0}',
    '{"__proto__":{"x":1},"constructor":2,"toString":"s","s":"n1"}',
    String.raw`{"é":"😀","s":"\"\\","u":"\u0001"}`,
  ])('keeps every digit and key of %s', (event) => {
    expect(edit(event, '[{"op":"add","path":"/q","value":0}]')).toBe(`${event.slice(0, -1)},"q":0}`);
  });

  it.each([
    [
      'a field that is missing',
      '{"a":1}',
      '[{"op":"remove","path":"/b"}]',
      'impossible: remove /b: the event has no such value',
    ],
    [
      'a test that fails',
      '{"a":1}',
      '[{"op":"test","path":"/a","value":2}]',
      'impossible: test /a: the event has another value',
    ],
  ])('refuses %s', (_what, event, patch, expected) => {
    expect(edit(event, patch)).toBe(expected);
  });

  it('refuses bytes that are not JSON', () => {
    expect(edit('{"a":NaN}', '[{"op":"remove","path":"/a"}]')).toMatch(
      /^impossible: a JSON Patch needs JSON: /,
    );
  });

  it.each(['{}', '[]', '[1]', '[{"op":"frob","path":"/a"}]', '[{"op":"remove"}]', 'jq .a'])(
    'refuses the patch %s',
    (patch) => {
      expect(() => parseJsonPatch(patch)).toThrow(SyntaxError);
    },
  );
});

describe('splitEvents', () => {
  const split = (text: string): readonly string[] | string => {
    const result = splitEvents(Buffer.from(text));
    return result.kind === 'split' ? result.events.map(String) : result.detail;
  };

  it.each([
    ['an array', '[{"a":1.10},{"a":2}]', ['{"a":1.10}', '{"a":2}']],
    ['an array with a byte order mark', '\ufeff[{"a":1}]', ['{"a":1}']],
    ['lines', '{"a":1.10}\r\n\n{"a" : 2}\n', ['{"a":1.10}', '{"a" : 2}']],
  ])('splits %s', (_what, text, expected) => {
    expect(split(text)).toEqual(expected);
  });

  it.each([
    ['one event', '{"a":1}', 'it is one JSON value and not an array'],
    ['an empty array', '[]', 'it is an empty array'],
    ['a line that is not JSON', '{"a":1}\n{"a":', 'it is neither a JSON array nor lines of JSON'],
    ['no JSON', 'a=1&b=2', 'it is neither a JSON array nor lines of JSON'],
  ])('refuses %s', (_what, text, expected) => {
    expect(split(text)).toBe(expected);
  });
});
