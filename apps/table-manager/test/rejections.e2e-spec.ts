import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness, post, push } from './harness.js';

let harness: Harness;
let url: string;

beforeAll(async () => {
  harness = await Harness.start();
  url = await harness.startInstance({ LOG_LEVEL: 'error' });
});

afterAll(async () => {
  await harness.stop();
});

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a message that cannot become a row', () => {
  it.each<[string, string, Buffer]>([
    ['NOT_UTF8', 'decode', bytes('{"event_type":"\xff"}')],
    ['TOO_DEEP', 'decode', bytes(`{"event_type":"x","a":${'['.repeat(100)}${']'.repeat(100)}}`)],
    ['NOT_JSON', 'decode', bytes('hello')],
    ['DUPLICATE_KEY', 'decode', bytes('{"event_type":"x","a":1,"a":2}')],
    ['KEY_NOT_UNICODE', 'decode', bytes('{"event_type":"x","\\ud800":1}')],
    ['NOT_AN_OBJECT', 'decode', bytes('[1,2]')],
    ['EVENT_TYPE_MISSING', 'decode', bytes('{"a":1}')],
    ['EVENT_TYPE_INVALID', 'decode', bytes('{"event_type":"--"}')],
  ])('is kept as the dead letter %s and acknowledged', async (reason, stage, data) => {
    const messageId = harness.newId();
    const publishTime = '2026-11-22T23:05:00.123Z';

    expect((await push(url, messageId, data, { source: 'shop' }, publishTime)).status).toBe(204);
    expect(await harness.letter((letter) => letter['message_id'] === messageId)).toEqual({
      reason,
      stage,
      detail: expect.any(String),
      event_type: null,
      table: null,
      message_id: messageId,
      publish_time: publishTime,
      attributes: { source: 'shop' },
      data: data.toString('base64'),
      data_in: null,
      attempt: 1,
      service: 'table-manager',
      service_version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
  });

  it('is kept as TOO_LARGE without its data, which the archive has', async () => {
    const messageId = harness.newId();
    const data = JSON.stringify({ event_type: 'huge', text: 'x'.repeat(9_500_000) });

    expect((await push(url, messageId, data)).status).toBe(204);
    expect(await harness.letter((letter) => letter['message_id'] === messageId)).toMatchObject({
      reason: 'TOO_LARGE',
      stage: 'fit',
      event_type: 'huge',
      table: 'huge',
      data: null,
      data_in: '_raw_events',
    });
  });

  it('is kept as APPEND_REJECTED with BigQuery’s words, when BigQuery refuses the row', async () => {
    const messageId = harness.newId();

    expect((await push(url, messageId, '{"event_type":"late"}', {}, '0000-01-01T00:00:00Z')).status).toBe(
      204,
    );
    expect(await harness.letter((letter) => letter['message_id'] === messageId)).toMatchObject({
      reason: 'APPEND_REJECTED',
      stage: 'append',
      event_type: 'late',
      table: 'late',
      detail: expect.stringContaining('_publish_time'),
    });
  });
});

describe('a body without a message', () => {
  it.each([
    ['text', 'good morning', 'text/plain'],
    [
      'an envelope with broken base64',
      '{"message":{"messageId":"1","publishTime":"2026-11-22T23:05:00Z","data":"!"}}',
      'application/json',
    ],
    [
      'a structured event of another type',
      '{"specversion":"1.0","type":"x"}',
      'application/cloudevents+json',
    ],
  ])('is kept whole as ENVELOPE_INVALID: %s', async (_name, body, contentType) => {
    const data = Buffer.from(body).toString('base64');

    expect((await post(url, body, { 'content-type': contentType })).status).toBe(204);
    expect(await harness.letter((letter) => letter['data'] === data)).toMatchObject({
      reason: 'ENVELOPE_INVALID',
      stage: 'envelope',
      message_id: null,
      publish_time: null,
      attributes: null,
      attempt: 1,
    });
  });

  it('is refused with 413 beyond what Pub/Sub can send, and taken below', async () => {
    const headers = { 'content-type': 'application/json' };

    expect((await post(url, Buffer.alloc(14 * 1024 * 1024 + 1, 'x'), headers)).status).toBe(413);
    const message = { messageId: '1', publishTime: '2026-11-22T23:05:00Z', data: 'eHh4'.repeat(3_330_000) };
    expect(await post(url, Buffer.from(JSON.stringify({ message })), headers)).toEqual({
      status: 204,
      body: null,
    });
  });

  it('is not acknowledged where neither a dead letter nor an archive would have it', async () => {
    const headers = { 'content-type': 'application/json' };

    expect(await post(url, Buffer.alloc(6_000_001, 'x'), headers)).toMatchObject({
      status: 503,
      body: { error: { code: 'DEAD_LETTER_FAILED' } },
    });
  });
});

describe('the four shapes of a push', () => {
  const event = '{"event_type":"shaped"}';
  const message = {
    messageId: 'x',
    publishTime: '2026-11-22T23:05:00Z',
    data: Buffer.from(event).toString('base64'),
  };
  const type = 'google.cloud.pubsub.topic.v1.messagePublished';

  it.each<[string, string, Record<string, string>]>([
    ['wrapped', JSON.stringify({ message }), { 'content-type': 'application/json' }],
    [
      'binary',
      JSON.stringify({ message }),
      { 'content-type': 'application/json', 'ce-type': type, 'ce-id': 'x' },
    ],
    [
      'structured',
      JSON.stringify({ specversion: '1.0', id: 'x', source: 's', type, data: { message } }),
      { 'content-type': 'application/cloudevents+json' },
    ],
    [
      'unwrapped',
      event,
      { 'x-goog-pubsub-message-id': 'x', 'x-goog-pubsub-publish-time': '2026-11-22T23:05:00Z', city: 'x' },
    ],
  ])('become rows: %s', async (name, body, headers) => {
    const named = (text: string): string => text.replaceAll('"x"', `"${name}"`);
    const ownHeaders = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key, value === 'x' ? name : value]),
    );

    expect((await post(url, named(body), ownHeaders)).status).toBe(204);
    expect(await harness.row('shaped', name)).toMatchObject({ _message_id: name, _event_type: 'shaped' });
  });
});
