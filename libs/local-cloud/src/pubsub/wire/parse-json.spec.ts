import { describe, expect, it } from '@jest/globals';
import { encodeJson, fromMessage } from './message-json.js';
import { parseJson } from './parse-json.js';
import { protoType } from './protos.js';
import type { Json } from './json.js';

const SUBSCRIPTION = protoType<object>('Subscription');

const FULL = {
  name: 'projects/p/subscriptions/s',
  topic: 'projects/p/topics/t',
  pushConfig: { pushEndpoint: 'http://x/', attributes: { 'x-goog-version': 'v1' } },
  ackDeadlineSeconds: 20,
  messageRetentionDuration: '600.500s',
  labels: { team: 'a' },
  retryPolicy: { minimumBackoff: '0.100s' },
  cloudStorageConfig: { bucket: 'b', maxBytes: '5000', state: 'ACTIVE' },
  state: 'ACTIVE',
};

describe('parseJson', () => {
  it('brings both spellings, numbers as text and nulls to one form', () => {
    const given = {
      push_config: { push_endpoint: 'http://x/' },
      ackDeadlineSeconds: '20',
      cloudStorageConfig: { maxBytes: 5_000 },
      filter: null,
      state: 1,
    };

    expect(parseJson(SUBSCRIPTION, given)).toEqual({
      pushConfig: { pushEndpoint: 'http://x/' },
      ackDeadlineSeconds: 20,
      cloudStorageConfig: { maxBytes: '5000' },
      state: 'ACTIVE',
    });
  });

  it.each<[string, Json]>([
    ['an unknown name', { colour: 'red' }],
    ['an unknown name further in', { pushConfig: { colour: 'red' } }],
    ['a number for a text', { name: 1 }],
    ['a fraction for an integer', { ackDeadlineSeconds: 1.5 }],
    ['an integer over 32 bits', { ackDeadlineSeconds: 2 ** 31 }],
    ['a text for a flag', { detached: 'true' }],
    ['a list for a map', { labels: [] }],
    ['an object for a list', { messageTransforms: {} }],
    ['a duration without unit', { messageRetentionDuration: '10' }],
    ['an unknown enum name', { state: 'SLEEPING' }],
    ['a list at the root', []],
  ])('refuses %s', (_, given) => {
    expect(() => parseJson(SUBSCRIPTION, given)).toThrow(/Invalid JSON payload|duration/);
  });

  it('goes through protobuf and back unchanged', () => {
    const bytes = encodeJson(SUBSCRIPTION, parseJson(SUBSCRIPTION, FULL));

    expect(fromMessage(SUBSCRIPTION, SUBSCRIPTION.type.decode(bytes))).toEqual(FULL);
  });
});
