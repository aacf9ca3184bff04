import type { Broker } from '../broker/broker.js';
import { pull } from '../delivery/pull.js';
import type { MessageJson } from '../resources/resources.js';
import { acknowledge, modifyAckDeadline } from '../rpc/acks.js';
import { METHODS } from '../rpc/methods.js';
import type { Json, JsonObject } from '../wire/json.js';
import { parseJson } from '../wire/parse-json.js';
import { protoType } from '../wire/protos.js';
import { toMessageJson } from './message-json.js';

/** A matched request: what the path named, the query and the parsed body. */
export interface RestCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly callerGone: AbortSignal;
}

export interface Route {
  readonly verb: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: RegExp;
  readonly rpc: string;
  readonly handle: (broker: Broker, call: RestCall) => unknown;
}

const PUBLISH = protoType<{ messages?: readonly MessageJson[] }>('PublishRequest');
const PULL = protoType<{ maxMessages?: number; returnImmediately?: boolean }>('PullRequest');
const ACKNOWLEDGE = protoType<{ ackIds?: readonly string[] }>('AcknowledgeRequest');
const MODIFY = protoType<{ ackIds?: readonly string[]; ackDeadlineSeconds?: number }>(
  'ModifyAckDeadlineRequest',
);

const PROJECT = String.raw`(?<project>projects/[^/]+)`;
const resource = (name: string, collection: string): string =>
  `(?<${name}>projects/[^/]+/${collection}/[^/:]+)`;
const TOPIC = resource('topic', 'topics');
const SUBSCRIPTION = resource('subscription', 'subscriptions');
const SNAPSHOT = resource('snapshot', 'snapshots');
const at = (pattern: string): RegExp => new RegExp(`^/v1/${pattern}$`);

/** A control-plane RPC: its request is put together from the path, the query and the body. */
function control(
  verb: Route['verb'],
  pattern: string,
  rpc: string,
  build: (call: RestCall) => Json = ({ params, query, body }) => ({ ...query, ...body, ...params }),
): Route {
  const method = METHODS[rpc];
  if (method === undefined) throw new Error(`No RPC ${rpc}`);
  return {
    verb,
    path: at(pattern),
    rpc,
    handle: (broker, call) => method.handle(broker, parseJson(method.request, build(call)) as never),
  };
}

const named =
  (key: string) =>
  ({ params, body }: RestCall): Json => ({ ...body, name: params[key] ?? '' });
const wrapped =
  (key: string) =>
  ({ params, query, body }: RestCall): Json => {
    const inner = body[key];
    const given =
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as JsonObject) : {};
    return { ...query, ...body, [key]: { ...given, name: params[key] ?? '' } };
  };

/**
 * REST v1 as the service maps it.
 *
 * Source: the `google.api.http` options in pubsub.proto of @google-cloud/pubsub 6.2.0.
 */
export const ROUTES: readonly Route[] = [
  control('PUT', TOPIC, 'CreateTopic', named('topic')),
  control('GET', TOPIC, 'GetTopic'),
  control('PATCH', TOPIC, 'UpdateTopic', wrapped('topic')),
  control('DELETE', TOPIC, 'DeleteTopic'),
  control('GET', `${PROJECT}/topics`, 'ListTopics'),
  control('GET', `${TOPIC}/subscriptions`, 'ListTopicSubscriptions'),
  control('PUT', SUBSCRIPTION, 'CreateSubscription', named('subscription')),
  control('GET', SUBSCRIPTION, 'GetSubscription'),
  control('PATCH', SUBSCRIPTION, 'UpdateSubscription', wrapped('subscription')),
  control('DELETE', SUBSCRIPTION, 'DeleteSubscription'),
  control('GET', `${PROJECT}/subscriptions`, 'ListSubscriptions'),
  control('POST', `${SUBSCRIPTION}:modifyPushConfig`, 'ModifyPushConfig'),
  control('GET', `${TOPIC}/snapshots`, 'ListTopicSnapshots'),
  control('POST', `${SUBSCRIPTION}:detach`, 'DetachSubscription'),
  control('POST', `${SUBSCRIPTION}:seek`, 'Seek'),
  control('PUT', SNAPSHOT, 'CreateSnapshot', named('snapshot')),
  control('GET', SNAPSHOT, 'GetSnapshot'),
  control('PATCH', SNAPSHOT, 'UpdateSnapshot', wrapped('snapshot')),
  control('DELETE', SNAPSHOT, 'DeleteSnapshot'),
  control('GET', `${PROJECT}/snapshots`, 'ListSnapshots'),
  { verb: 'POST', path: at(`${TOPIC}:publish`), rpc: 'Publish', handle: publish },
  { verb: 'POST', path: at(`${SUBSCRIPTION}:pull`), rpc: 'Pull', handle: pullMessages },
  { verb: 'POST', path: at(`${SUBSCRIPTION}:acknowledge`), rpc: 'Acknowledge', handle: acknowledgeMessages },
  {
    verb: 'POST',
    path: at(`${SUBSCRIPTION}:modifyAckDeadline`),
    rpc: 'ModifyAckDeadline',
    handle: modifyDeadlines,
  },
];

function publish(broker: Broker, { params, body }: RestCall): object {
  const { messages = [] } = parseJson(PUBLISH, body);
  const published = messages.map(({ data = '', attributes = {}, orderingKey = '' }) => ({
    data: Buffer.from(data, 'base64'),
    attributes,
    orderingKey,
  }));
  return { messageIds: broker.publish(params['topic'] ?? '', published) };
}

async function pullMessages(broker: Broker, { params, body, callerGone }: RestCall): Promise<object> {
  const { maxMessages = 0, returnImmediately = false } = parseJson(PULL, body);
  const subscription = broker.subscription(params['subscription'] ?? '');
  const deliveries = await pull(subscription, { maxMessages, returnImmediately }, callerGone);
  if (deliveries.length === 0) return {};
  return {
    receivedMessages: deliveries.map((delivery) => {
      const deliveryAttempt = subscription.shownAttempt(delivery);
      return {
        ackId: delivery.ackId,
        message: toMessageJson(delivery.message),
        ...(deliveryAttempt === 0 ? {} : { deliveryAttempt }),
      };
    }),
  };
}

function acknowledgeMessages(broker: Broker, { params, body }: RestCall): object {
  acknowledge(broker.subscription(params['subscription'] ?? ''), parseJson(ACKNOWLEDGE, body).ackIds ?? []);
  return {};
}

function modifyDeadlines(broker: Broker, { params, body }: RestCall): object {
  const { ackIds = [], ackDeadlineSeconds = 0 } = parseJson(MODIFY, body);
  modifyAckDeadline(broker.subscription(params['subscription'] ?? ''), ackIds, ackDeadlineSeconds);
  return {};
}
