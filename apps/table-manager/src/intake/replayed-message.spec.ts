import { describe, expect, it } from '@jest/globals';
import type { ParsedPush, PushRequest } from '@pipeline/cloudevents';
import { toReplayed } from './replayed-message.js';

const TOPIC = 'backend-events-replay';
const FROM_REPLAYS = { 'ce-source': `//pubsub.googleapis.com/projects/p/topics/${TOPIC}` };

function idOf(
  attributes: Record<string, string>,
  subscription: string | null,
  headers: PushRequest['headers'],
): string {
  const message = {
    messageId: 'new',
    publishTime: '2026-11-22T23:05:00Z',
    attributes,
    data: new Uint8Array(),
    orderingKey: null,
    deliveryAttempt: null,
  };
  const parsed: ParsedPush = { kind: 'message', message, subscription };
  return toReplayed(parsed, headers, { topic: TOPIC }).messageId;
}

describe('toReplayed', () => {
  const replay = { pipeline_replay_of: 'old' };

  it.each<[string, Record<string, string>, string | null, PushRequest['headers'], string]>([
    ['Eventarc from the replay topic', replay, 'projects/p/subscriptions/eventarc-1', FROM_REPLAYS, 'old'],
    ['the replay subscription', replay, `projects/p/subscriptions/${TOPIC}-sub`, {}, 'old'],
    ['a subscription named like the topic', replay, `projects/p/subscriptions/${TOPIC}`, {}, 'old'],
    ['another subscription', replay, 'projects/p/subscriptions/backend-events-topic-sub', {}, 'new'],
    ['a subscription whose name only begins alike', replay, `projects/p/subscriptions/${TOPIC}x`, {}, 'new'],
    ['no subscription', replay, null, {}, 'new'],
    ['Eventarc from another topic', replay, null, { 'ce-source': `//p/topics/x-${TOPIC}` }, 'new'],
    [
      'an unwrapped push with a published attribute ce-source',
      replay,
      'projects/p/subscriptions/s',
      { ...FROM_REPLAYS, 'x-goog-pubsub-message-id': 'new' },
      'new',
    ],
    ['the replay topic without the attribute', {}, null, FROM_REPLAYS, 'new'],
    ['the replay topic with an empty one', { pipeline_replay_of: '' }, null, FROM_REPLAYS, 'new'],
    [
      'the replay topic with one that is no id',
      { pipeline_replay_of: 'x'.repeat(129) },
      null,
      FROM_REPLAYS,
      'new',
    ],
  ])('takes the right id from %s', (_name, attributes, subscription, headers, id) => {
    expect(idOf(attributes, subscription, headers)).toBe(id);
  });
});
