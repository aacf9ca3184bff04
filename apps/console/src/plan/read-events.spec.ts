import { describe, expect, it } from '@jest/globals';
import { readEvents } from './read-events.js';

const texts = (text: string): readonly (readonly [number, string])[] =>
  readEvents({ text }).map(({ line, message }) => [line, Buffer.from(message.data).toString()]);

describe('readEvents', () => {
  it('reads a line as an event with its bytes, and leaves out blank ones', () => {
    expect(texts('\ufeff{"a": 1.10}\r\n\n {"b":2}\n')).toEqual([
      [1, '{"a": 1.10}'],
      [3, ' {"b":2}'],
    ]);
  });

  it('reads the elements of an array with every digit', () => {
    expect(texts(' [{"a":1.10}, {"b":12345678901234567890}]')).toEqual([
      [1, '{"a":1.10}'],
      [2, '{"b":12345678901234567890}'],
    ]);
  });

  it('passes on a line that is no JSON, because it would be a dead letter', () => {
    expect(texts('{"a":')).toEqual([[1, '{"a":']]);
  });

  it('gives every message the event type', () => {
    expect(readEvents({ text: '{}', eventType: 'order' })[0]?.message.attributes).toEqual({
      event_type: 'order',
    });
  });

  it.each(['', ' \n ', '[]', '[{"a":1}'])('refuses %j with the remedy', (text) => {
    expect(() => readEvents({ text })).toThrow(/event/);
  });
});
