import { describe, expect, it } from '@jest/globals';
import { isKept, MAX_DEAD_LETTER_DATA_BYTES, toDeadLetterJson, type DeadLetter } from './dead-letter.js';

const service = { name: 'table-manager', version: '1.2.3' };
const letter: DeadLetter = {
  reason: 'NOT_JSON',
  stage: 'decode',
  detail: 'the data is not one JSON value',
  eventType: null,
  table: null,
  messageId: '1',
  publishTime: '2026-11-22T23:05:00Z',
  attributes: { source: 'shop' },
  data: Buffer.from('hello'),
};

describe('toDeadLetterJson', () => {
  it('has every field, unknown ones as null', () => {
    expect(JSON.parse(toDeadLetterJson(letter, service))).toEqual({
      reason: 'NOT_JSON',
      stage: 'decode',
      detail: 'the data is not one JSON value',
      event_type: null,
      table: null,
      message_id: '1',
      publish_time: '2026-11-22T23:05:00Z',
      attributes: { source: 'shop' },
      data: 'aGVsbG8=',
      data_in: null,
      attempt: 1,
      service: 'table-manager',
      service_version: '1.2.3',
    });
  });

  it.each([
    ['data at the limit', MAX_DEAD_LETTER_DATA_BYTES, '1', { data: expect.any(String), data_in: null }],
    ['data beyond it', MAX_DEAD_LETTER_DATA_BYTES + 1, '1', { data: null, data_in: '_raw_events' }],
    ['a body that is in no archive', MAX_DEAD_LETTER_DATA_BYTES + 1, null, { data: null, data_in: null }],
  ])('leaves out what would not fit a message: %s', (_name, bytes, messageId, expected) => {
    const text = toDeadLetterJson({ ...letter, messageId, data: new Uint8Array(bytes) }, service);

    expect(JSON.parse(text)).toMatchObject(expected);
    expect(Buffer.byteLength(text)).toBeLessThan(9_000_000);
  });
});

describe('isKept', () => {
  it.each([
    ['a message of any size', 20_000_000, '1', true],
    ['a body that fits a dead letter', MAX_DEAD_LETTER_DATA_BYTES, null, true],
    ['a body that does not, which is in no archive', MAX_DEAD_LETTER_DATA_BYTES + 1, null, false],
  ])('knows of %s', (_name, bytes, messageId, expected) => {
    expect(isKept({ ...letter, messageId, data: new Uint8Array(bytes) })).toBe(expected);
  });
});
