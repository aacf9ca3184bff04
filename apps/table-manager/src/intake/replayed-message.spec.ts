import { describe, expect, it } from '@jest/globals';
import type { ParsedPush, PubsubMessage, PushRequest } from '@pipeline/cloudevents';
import { toReplayed } from './replayed-message.js';

const TOPIC = 'backend-events-replay';
const RULE = { projectId: 'p', topic: TOPIC };
const FROM_REPLAYS = { 'ce-source': `//pubsub.googleapis.com/projects/p/topics/${TOPIC}` };

function messageOf(
  attributes: Record<string, string>,
  subscription: string | null,
  headers: PushRequest['headers'],
): PubsubMessage {
  const message = {
    messageId: 'new',
    publishTime: '2026-11-22T23:05:00Z',
    attributes,
    data: new Uint8Array(),
    orderingKey: null,
    deliveryAttempt: null,
  };
  const parsed: ParsedPush = { kind: 'message', message, subscription };
  return toReplayed(parsed, headers, RULE);
}

describe('toReplayed', () => {
  const replay = { pipeline_replay_of: 'old' };

  it.each<[string, Record<string, string>, string | null, PushRequest['headers'], string]>([
    ['Eventarc from the replay topic', replay, 'projects/p/subscriptions/eventarc-1', FROM_REPLAYS, 'old'],
    ['the replay subscription', replay, `projects/p/subscriptions/${TOPIC}-sub`, {}, 'old'],
    ['a subscription named like the topic', replay, `projects/p/subscriptions/${TOPIC}`, {}, 'old'],
    ['another subscription', replay, 'projects/p/subscriptions/backend-events-topic-sub', {}, 'new'],
    ['a subscription whose name only begins alike', replay, `projects/p/subscriptions/${TOPIC}x`, {}, 'new'],
    ['that subscription of another project', replay, `projects/q/subscriptions/${TOPIC}-sub`, {}, 'new'],
    ['a subscription without its project', replay, `x/${TOPIC}-1`, {}, 'new'],
    [
      'a name that ends like the subscription',
      replay,
      `projects/p/subscriptions/s, projects/p/subscriptions/${TOPIC}-sub`,
      {},
      'new',
    ],
    [
      'Eventarc from that topic of another project',
      replay,
      null,
      { 'ce-source': `//pubsub.googleapis.com/projects/q/topics/${TOPIC}` },
      'new',
    ],
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
    expect(messageOf(attributes, subscription, headers).messageId).toBe(id);
  });

  it.each([
    ['2026-11-20T01:02:03.456789Z', '2026-11-20T01:02:03.456789Z'],
    ['yesterday', '2026-11-22T23:05:00Z'],
    ['2026-02-30T00:00:00Z', '2026-11-22T23:05:00Z'],
    ['', '2026-11-22T23:05:00Z'],
  ])('gives a replay of %s the publish time %s', (time, publishTime) => {
    const attributes = { pipeline_replay_of: 'old', pipeline_replay_publish_time: time };

    expect(messageOf(attributes, null, FROM_REPLAYS)).toMatchObject({ messageId: 'old', publishTime });
  });

  it('ignores the publish time on any other topic', () => {
    const attributes = { pipeline_replay_of: 'old', pipeline_replay_publish_time: '2000-01-01T00:00:00Z' };

    expect(messageOf(attributes, null, {})).toMatchObject({
      messageId: 'new',
      publishTime: '2026-11-22T23:05:00Z',
    });
  });
});
