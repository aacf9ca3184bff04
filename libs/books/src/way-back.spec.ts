import { describe, expect, it } from '@jest/globals';
import { decodeEvent, parseEventTypeSources } from '@pipeline/schema-inference';
import { editEvent, parseJsonPatch, splitEvents } from './edit-event.js';
import { decodeRouted, type EventRouting } from './event-routing.js';
import { wayBack } from './way-back.js';

const DEFAULT: EventRouting = { routes: {} };

function recommended(
  text: string | Buffer,
  attributes: Record<string, string> = {},
  routing: EventRouting = DEFAULT,
): string {
  const raw = { data: Buffer.from(text), attributes };
  return wayBack('7', { raw, decoded: decodeRouted(raw, routing), routing }).join(' ');
}

function typesFrom(setting: string): EventRouting {
  const parsed = parseEventTypeSources(setting);
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  return { routes: {}, eventTypeFrom: parsed.sources };
}

describe('wayBack', () => {
  it.each([
    ['an event', '{"event_type":"order","a":1}'],
    ['an event with the type in an attribute', '{"a":1}'],
  ])('of %s is a replay', (_what, text) => {
    expect(recommended(text, { event_type: 'order' })).toBe(
      'Once the cause is gone, bring it back with: pipeline replay --id 7',
    );
  });

  it.each([
    ['an array of events', '[{"event_type":"a"},{"event_type":"b"}]'],
    ['an array with one event', '[{"event_type":"a"}]'],
    ['lines', '{"event_type":"a"}\n{"event_type":"b"}\n'],
  ])('of %s is a split', (_what, text) => {
    expect(recommended(text)).toContain('pipeline replay --id 7 --split');
    expect(splitEvents(Buffer.from(text)).kind).toBe('split');
  });

  it.each(['{"a":1}', '{"event_type":7}', '{"event_type":"--","a":1}'])(
    'of %s is an edit that helps',
    (text) => {
      const command = recommended(text);
      const patch = /--edit '(.*)'$/.exec(command)?.[1] ?? '';
      const edited = editEvent(Buffer.from(text), parseJsonPatch(patch));

      expect(edited.kind).toBe('edited');
      if (edited.kind === 'edited')
        expect(decodeEvent({ data: edited.data, attributes: {} })).toMatchObject({ kind: 'event' });
    },
  );

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff])],
    ['a text that is cut off', '{"event_type":"order"'],
    ['a key that is there twice', '{"event_type":"order","a":1,"a":2}'],
    ['half a surrogate pair as a key', String.raw`{"event_type":"order","\ud800":1}`],
    ['deep nesting', `{"event_type":"order","a":${'['.repeat(101)}${']'.repeat(101)}}`],
    ['a text', '"order"'],
  ])('of %s is a mended copy, never a replay of the same bytes', (_what, data) => {
    const command = recommended(data);

    expect(command).toContain('pipeline dead-letters export --id 7');
    expect(command).not.toContain('pipeline replay');
  });

  it.each([
    [
      'a member of an object that is there',
      'field:/meta/kind',
      '{"meta":{}}',
      '[{"op":"add","path":"/meta/kind","value":"TYPE"}]',
    ],
    [
      'a member of an object that is missing',
      'field:/meta/kind',
      '{"a":1}',
      '[{"op":"add","path":"/meta","value":{}},{"op":"add","path":"/meta/kind","value":"TYPE"}]',
    ],
    [
      'a name with a slash',
      '["field:a/b", "attribute:type"]',
      '{"event_type":"order"}',
      '[{"op":"add","path":"/a~1b","value":"TYPE"}]',
    ],
    [
      'the second place, if the first is beyond a value',
      'field:/a/kind, field:type',
      '{"a":[]}',
      '[{"op":"add","path":"/type","value":"TYPE"}]',
    ],
  ])('edits where EVENT_TYPE_FROM looks: %s', (_what, setting, text, patch) => {
    expect(recommended(text, {}, typesFrom(setting))).toBe(
      `The same bytes would be a dead letter again. Give it a type with: pipeline replay --id 7 --edit '${patch}'`,
    );
  });

  it('recommends a mended copy where no edit of the body gives a type', () => {
    const routing = typesFrom('attribute:kind, field:kind');

    expect(recommended('{"a":1}', { kind: '--' }, routing)).toContain('pipeline dead-letters export --id 7');
    expect(recommended('{"a":1}', {}, typesFrom('attribute:kind'))).toContain(
      'pipeline dead-letters export --id 7',
    );
  });
});
