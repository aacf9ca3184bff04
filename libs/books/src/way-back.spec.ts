import { describe, expect, it } from '@jest/globals';
import { decodeEvent } from '@pipeline/schema-inference';
import { editEvent, parseJsonPatch, splitEvents } from './edit-event.js';
import { wayBack } from './way-back.js';

function recommended(text: string | Buffer, attributes: Record<string, string> = {}): string {
  const data = Buffer.from(text);
  return wayBack('7', data, decodeEvent({ data, attributes })).join(' ');
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
});
