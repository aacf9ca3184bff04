import { describe, expect, it } from '@jest/globals';
import { exportLine, readMendedLine } from './exported-letter.js';
import type { ReplayCandidate } from './replay-candidates.js';

function letter(data: Buffer | string): ReplayCandidate {
  return {
    message: {
      messageId: '7',
      publishedAt: '2026-11-23T10:00:00.000000Z',
      data: Buffer.from(data),
      attributes: { source: 'shop' },
    },
    attempts: 1,
    reason: 'EVENT_TYPE_MISSING',
    table: null,
    publishedParts: [],
  };
}

describe('an exported dead letter', () => {
  it.each([
    [
      'JSON with every digit',
      '{"n":1.10,"big":9007199254740993}',
      '"event":{"n":1.10,"big":9007199254740993}',
    ],
    ['an array', '[1,2]', '"event":[1,2]'],
    ['text that is not JSON', '{"n":NaN}\n', String.raw`"text":"{\"n\":NaN}\n"`],
    ['JSON with the same key twice', '{"a":1,"a":2}', String.raw`"text":"{\"a\":1,\"a\":2}"`],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff]), '"base64":"e/8="'],
  ])('is one line with %s', (_what, data, expected) => {
    const line = exportLine(letter(data));

    expect(line).toContain(expected);
    expect(line).not.toContain('\n');
    expect(readMendedLine(Buffer.from(line))).toEqual({
      messageId: '7',
      data: Buffer.from(data),
      attributes: { source: 'shop' },
    });
  });

  it('is published as it was mended', () => {
    const line = exportLine(letter('{"a":1,"a":2}')).replace(/"text":.*\}$/, '"event":{"a":1,"b":2.0}}');

    expect(String(readMendedLine(Buffer.from(line)).data)).toBe('{"a":1,"b":2.0}');
  });

  it.each([
    ['no id', '{"event":{}}', /message_id/],
    ['no payload', '{"message_id":"7"}', /exactly one/],
    ['two payloads', '{"message_id":"7","event":{},"text":"{}"}', /exactly one/],
    ['attributes that are not texts', '{"message_id":"7","attributes":{"a":1},"event":{}}', /attributes/],
    ['no JSON', '{"message_id"', /./],
  ])('is refused with %s', (_what, line, message) => {
    expect(() => readMendedLine(Buffer.from(line))).toThrow(message);
  });
});
