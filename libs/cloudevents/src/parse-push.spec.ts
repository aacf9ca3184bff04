import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePush } from './parse-push.js';
import type { PushRequest } from './push-request.js';

const ID = '10721501285371497';
const TIME = '2026-11-22T23:05:00.123Z';
const TYPE = 'google.cloud.pubsub.topic.v1.messagePublished';
const SUBSCRIPTION = 'projects/p/subscriptions/s';
const message = { messageId: ID, publishTime: TIME, data: 'eyJhIjoxfQ==', attributes: { source: 'shop' } };
const parsed = {
  messageId: ID,
  publishTime: TIME,
  attributes: { source: 'shop' },
  data: '{"a":1}',
  orderingKey: null,
  deliveryAttempt: null,
};

function json(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function parse(body: Uint8Array, headers: PushRequest['headers'] = {}): unknown {
  const outcome = parsePush({ headers, body });
  return outcome.kind === 'message'
    ? {
        ...outcome.message,
        data: Buffer.from(outcome.message.data).toString(),
        subscription: outcome.subscription,
      }
    : outcome.detail;
}

describe('parsePush on what carries a message', () => {
  const wrapped = { message, subscription: SUBSCRIPTION };
  const unwrapped = {
    'x-goog-pubsub-message-id': ID,
    'x-goog-pubsub-publish-time': TIME,
    'x-goog-pubsub-subscription-name': SUBSCRIPTION,
  };

  it.each<[string, PushRequest['headers'], unknown]>([
    ['a binary CloudEvent', { 'ce-type': TYPE, 'ce-id': ID, 'content-type': 'application/json' }, wrapped],
    ['a wrapped push', { 'content-type': 'application/json' }, wrapped],
    ['a wrapped push without content type', {}, wrapped],
    [
      'a structured CloudEvent',
      { 'content-type': 'Application/CloudEvents+JSON; charset=utf-8' },
      { specversion: '1.0', id: ID, source: '//pubsub', type: TYPE, data: wrapped },
    ],
    [
      'a structured CloudEvent with its data in base64',
      { 'content-type': ['application/cloudevents+json'] },
      { specversion: '1.0', id: ID, type: TYPE, data_base64: Buffer.from(json(wrapped)).toString('base64') },
    ],
    [
      'fields in snake_case',
      {},
      {
        message: { message_id: ID, publish_time: TIME, data: message.data, attributes: message.attributes },
        subscription: SUBSCRIPTION,
      },
    ],
    [
      'fields in both spellings and unknown ones',
      {},
      {
        message: { ...message, message_id: ID, publish_time: TIME, more: 1 },
        subscription: SUBSCRIPTION,
        more: 2,
      },
    ],
  ])('reads %s', (_name, headers, body) => {
    expect(parse(json(body), headers)).toEqual({ ...parsed, subscription: SUBSCRIPTION });
  });

  it('reads an unwrapped push, attributes as headers of their own', () => {
    const headers = {
      ...unwrapped,
      'user-agent': 'x',
      host: 'h',
      'x-forwarded-for': '1',
      source: 'shop',
      'ce-id': '7',
    };

    expect(parse(Buffer.from('{"a":1}'), headers)).toEqual({
      ...parsed,
      attributes: { source: 'shop', 'ce-id': '7' },
      subscription: SUBSCRIPTION,
    });
  });

  it('reads UTF-8 in the headers of an unwrapped push', () => {
    const city = Buffer.from('Zürich').toString('latin1');

    expect(parse(Buffer.from('{}'), { ...unwrapped, city, tags: ['a', 'b'] })).toMatchObject({
      attributes: { city: 'Zürich', tags: 'a, b' },
    });
  });

  it.each<[string, object, object]>([
    ['absent data', { data: undefined }, { data: '' }],
    ['null data', { data: null }, { data: '' }],
    ['empty data', { data: '' }, { data: '' }],
    ['absent attributes', { attributes: undefined }, { attributes: {} }],
    ['null attributes', { attributes: null }, { attributes: {} }],
    ['an ordering key', { orderingKey: 'k' }, { orderingKey: 'k' }],
    ['an empty ordering key', { ordering_key: '' }, { orderingKey: null }],
    ['nine fraction digits', { publishTime: '2026-11-22T23:05:00.123456789+01:00' }, {}],
    ['unpadded URL-safe base64', { data: '8J-Ygg' }, { data: '😂' }],
  ])('takes %s', (_name, change, expected) => {
    expect(parse(json({ message: { ...message, ...change } }))).toMatchObject(expected);
  });

  it.each([
    [{ deliveryAttempt: 3 }, 3],
    [{ delivery_attempt: 2 }, 2],
    [{ deliveryAttempt: 0 }, null],
    [{ deliveryAttempt: '3' }, null],
  ])('reads the attempt of %j as %j', (field, deliveryAttempt) => {
    expect(parse(json({ message, ...field }))).toMatchObject({ deliveryAttempt });
  });

  it('keeps an attribute named __proto__ as an attribute', () => {
    const body = Buffer.from(
      `{"message":{"messageId":"1","publishTime":"${TIME}","attributes":{"__proto__":"x"}}}`,
    );
    const outcome = parsePush({ headers: {}, body });

    expect(outcome.kind === 'message' && Object.entries(outcome.message.attributes)).toEqual([
      ['__proto__', 'x'],
    ]);
  });
});

describe('parsePush on what carries none', () => {
  const unwrapped = { 'x-goog-pubsub-message-id': ID };
  const structured = { 'content-type': 'application/cloudevents+json' };

  it.each<[string, PushRequest['headers'], Uint8Array, string]>([
    ['an empty body', {}, Buffer.from(''), 'the body is empty'],
    ['text', {}, Buffer.from('hello'), 'not JSON in UTF-8'],
    ['bytes that are not UTF-8', {}, Buffer.from([0x22, 0xff, 0x22]), 'not JSON in UTF-8'],
    ['an array', {}, json([message]), 'not a JSON object'],
    ['no message', {}, json({ data: 'x' }), 'message is missing'],
    ['a message that is text', {}, json({ message: 'x' }), 'message is not an object'],
    ['no id', {}, json({ message: { publishTime: TIME } }), 'messageId is missing'],
    [
      'an id that is a number',
      {},
      json({ message: { ...message, messageId: 1 } }),
      'messageId is not a string',
    ],
    [
      'two ids',
      {},
      json({ message: { ...message, message_id: '2' } }),
      'messageId and message.message_id differ',
    ],
    ['a long id', {}, json({ message: { ...message, messageId: '1'.repeat(129) } }), 'more than 128'],
    ['half a surrogate pair', {}, json({ message: { ...message, messageId: '\ud800' } }), 'surrogate'],
    ['no publish time', {}, json({ message: { messageId: ID } }), 'publishTime is missing'],
    [
      'a day that is none',
      {},
      json({ message: { ...message, publishTime: '2026-02-30T00:00:00Z' } }),
      'RFC 3339',
    ],
    [
      'a time without zone',
      {},
      json({ message: { ...message, publishTime: '2026-02-03T00:00:00' } }),
      'RFC 3339',
    ],
    [
      'attributes in a list',
      {},
      json({ message: { ...message, attributes: [] } }),
      'attributes is not an object',
    ],
    ['a numeric attribute', {}, json({ message: { ...message, attributes: { a: 1 } } }), 'not a string'],
    ['data that is an object', {}, json({ message: { ...message, data: {} } }), 'data is not a string'],
    ['an ordering key that is a list', {}, json({ message: { ...message, orderingKey: [] } }), 'orderingKey'],
    ['another type', { 'ce-type': 'x' }, json({ message }), 'ce-type is not google.cloud.pubsub'],
    ['a batch', { 'content-type': 'application/cloudevents-batch+json' }, json([]), 'batch'],
    ['a structured event of no version', structured, json({ type: TYPE }), 'specversion'],
    ['a structured list', structured, json([]), 'specversion'],
    [
      'a structured event of another type',
      structured,
      json({ specversion: '1.0', type: 'x' }),
      'type is not',
    ],
    [
      'a structured event without data',
      structured,
      json({ specversion: '1.0', type: TYPE }),
      'data is missing',
    ],
    [
      'a structured event with bad base64',
      structured,
      json({ specversion: '1.0', type: TYPE, data_base64: '!' }),
      'data_base64',
    ],
    ['an unwrapped push without time', unwrapped, json({}), 'x-goog-pubsub-publish-time'],
    [
      'an unwrapped push with an empty id',
      { 'x-goog-pubsub-message-id': '' },
      json({}),
      'messageId is missing',
    ],
  ])('names what is wrong with %s', (_name, headers, body, detail) => {
    expect(parse(body, headers)).toContain(detail);
  });

  it.each(['a', 'ab=', 'abcde', 'ab=c', '====', 'ab cd', 'ab\ncd', 'äbcd', 'abc!', 'ab==ab==', 'Āāab'])(
    'refuses %j as base64',
    (data) => {
      expect(parse(json({ message: { ...message, data } }))).toBe('message.data is not base64');
    },
  );

  it.each(['x-goog-pubsub-subscription-name', 'X-Goog-Pubsub-Message-Id', 'x-goog-pubsub-publish-time'])(
    'refuses an unwrapped push with two headers %s',
    (name) => {
      const headers = { 'x-goog-pubsub-message-id': ID, 'x-goog-pubsub-publish-time': TIME };
      const rawHeaders = ['source', 'a', 'source', 'b', name.toLowerCase(), 'x', name, 'y'];

      expect(parsePush({ headers, body: json({}), rawHeaders })).toEqual({
        kind: 'rejected',
        code: 'ENVELOPE_INVALID',
        detail: `the header ${name.toLowerCase()} occurs twice`,
      });
    },
  );

  it('repeats nothing of the payload', () => {
    expect(parse(json({ message: { ...message, data: 'secret!' } }))).not.toContain('secret');
  });
});

describe('parsePush on anything', () => {
  const anyHeaders = fc.dictionary(
    fc.oneof(
      fc.constantFrom('content-type', 'ce-type', 'x-goog-pubsub-message-id', 'x-goog-pubsub-publish-time'),
      fc.string(),
    ),
    fc.oneof(fc.string(), fc.array(fc.string()), fc.constantFrom(TYPE, TIME, 'application/cloudevents+json')),
  );
  const anyBody = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
    fc
      .record(
        {
          messageId: fc.jsonValue(),
          publishTime: fc.constantFrom(TIME, 1, ''),
          attributes: fc.jsonValue(),
          data: fc.jsonValue(),
        },
        { requiredKeys: [] },
      )
      .map((fields) => json({ message: { ...message, ...fields } })),
  );

  it('never throws', () => {
    fc.assert(
      fc.property(anyHeaders, anyBody, (headers, body) => {
        expect(['message', 'rejected']).toContain(parsePush({ headers, body }).kind);
      }),
    );
  });

  it('gives back every byte and every attribute that was wrapped', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.dictionary(fc.string(), fc.string()), (data, attributes) => {
        const body = json({
          message: { ...message, attributes, data: Buffer.from(data).toString('base64') },
        });
        const outcome = parsePush({ headers: {}, body });

        expect(outcome.kind === 'message' && Buffer.from(outcome.message.data).equals(data)).toBe(true);
        expect(outcome.kind === 'message' && outcome.message.attributes).toEqual(attributes);
      }),
    );
  });

  it('takes as base64 exactly what the grammar of RFC 4648 takes', () => {
    const alphabet = fc.constantFrom('A', 'z', '0', '+', '/', '-', '_', '=', ' ', '!', '\n');
    const grammar = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$/;
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 9 }), (data) => {
        const outcome = parsePush({ headers: {}, body: json({ message: { ...message, data } }) });

        expect(outcome.kind === 'message').toBe(grammar.test(data));
      }),
      { numRuns: 2000 },
    );
  });
});
