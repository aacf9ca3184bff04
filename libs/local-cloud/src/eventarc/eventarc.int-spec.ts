import { afterEach, describe, expect, it } from '@jest/globals';
import {
  startEndpoint,
  until,
  type Endpoint,
  type ReceivedRequest,
} from '../pubsub/contract/pubsub-session.builder.js';
import { startPubsubEmulator } from '../pubsub/index.js';
import { startEventarcEmulator } from './index.js';

const TOPIC = 'projects/p/topics/events';
const PARENT = 'projects/p/locations/us-central1';
const SUBSCRIPTION = 'projects/p/subscriptions/eventarc-us-central1-to-service-sub-001';
const EVENT_FILTERS = [{ attribute: 'type', value: 'google.cloud.pubsub.topic.v1.messagePublished' }];

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Local {
  pubsub(method: string, path: string, body?: object): Promise<Response>;
  eventarc(method: string, path: string, body?: object): Promise<Response>;
  publish(message: object): Promise<Response>;
}

async function start(): Promise<Local> {
  const log = (): undefined => undefined;
  const pubsub = await startPubsubEmulator({ host: '127.0.0.1', port: 0, log });
  closing.push(() => pubsub.stop());
  const pubsubAddress = `127.0.0.1:${pubsub.port}`;
  const eventarc = await startEventarcEmulator({ host: '127.0.0.1', port: 0, pubsubAddress, log });
  closing.push(() => eventarc.stop());
  const caller =
    (port: number) =>
    (method: string, path: string, body?: object): Promise<Response> =>
      fetch(`http://127.0.0.1:${port}/v1/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
  const call = caller(pubsub.port);
  await call('PUT', TOPIC, {});
  return {
    pubsub: call,
    eventarc: caller(eventarc.port),
    publish: (message) => call('POST', `${TOPIC}:publish`, { messages: [message] }),
  };
}

async function destination(statusOf: (request: ReceivedRequest, index: number) => number): Promise<Endpoint> {
  const endpoint = await startEndpoint(statusOf);
  closing.push(() => endpoint.stop());
  return endpoint;
}

const triggerTo = (uri: string): object => ({
  eventFilters: EVENT_FILTERS,
  transport: { pubsub: { topic: TOPIC } },
  destination: { httpEndpoint: { uri } },
});

/** Push again at once, so that a test need not wait for Eventarc's 10 s. */
const hurry = (local: Local): Promise<Response> =>
  local.pubsub('PATCH', SUBSCRIPTION, {
    subscription: { retryPolicy: { minimumBackoff: '0.05s', maximumBackoff: '0.1s' } },
    updateMask: 'retryPolicy',
  });

describe('Eventarc emulator', () => {
  it('delivers a message as a CloudEvent in binary mode', async () => {
    const local = await start();
    const service = await destination(() => 204);
    const created = await local.eventarc(
      'POST',
      `${PARENT}/triggers?triggerId=to-service`,
      triggerTo(service.url),
    );

    await local.publish({ data: 'eyJhIjoxfQ==', attributes: { k: 'v' } });

    const [request] = await until(
      () => service.requests,
      ({ length }) => length === 1,
    );
    expect(await created.json()).toMatchObject({
      done: true,
      response: { name: `${PARENT}/triggers/to-service` },
    });
    const { message, subscription } = JSON.parse(request?.body.toString() ?? '') as {
      message: Record<string, unknown>;
      subscription: string;
    };
    expect(subscription).toBe(SUBSCRIPTION);
    expect(message).toEqual({
      data: 'eyJhIjoxfQ==',
      attributes: { k: 'v' },
      messageId: message['message_id'],
      message_id: expect.stringMatching(/^\d+$/),
      publishTime: message['publish_time'],
      publish_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'ce-id': message['message_id'],
      'ce-source': `//pubsub.googleapis.com/${TOPIC}`,
      'ce-specversion': '1.0',
      'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
      'ce-time': message['publish_time'],
    });
  });

  it('makes the managed subscription with the deadline and back-off of Eventarc', async () => {
    const local = await start();
    await local.eventarc('POST', `${PARENT}/triggers?triggerId=to-service`, triggerTo('http://127.0.0.1:1/'));

    expect(await (await local.pubsub('GET', SUBSCRIPTION)).json()).toMatchObject({
      topic: TOPIC,
      ackDeadlineSeconds: 10,
      messageRetentionDuration: '86400s',
      retryPolicy: { minimumBackoff: '10s', maximumBackoff: '600s' },
    });
  });

  it('hands the status of the service back, so that Pub/Sub delivers again', async () => {
    const local = await start();
    const service = await destination((_, index) => [503, 400, 204][index] ?? 204);
    await local.eventarc('POST', `${PARENT}/triggers?triggerId=to-service`, triggerTo(service.url));
    await hurry(local);

    await local.publish({ data: 'eA==' });

    await until(
      () => service.requests.length,
      (count) => count === 3,
    );
  });

  it('keeps the messages while the service is down', async () => {
    const local = await start();
    const down = await startEndpoint(() => 204);
    await down.stop();
    await local.eventarc('POST', `${PARENT}/triggers?triggerId=to-service`, triggerTo(down.url));
    const { pushConfig } = (await (await local.pubsub('GET', SUBSCRIPTION)).json()) as {
      pushConfig: { pushEndpoint: string };
    };

    const push = {
      message: { messageId: '1', publishTime: '2026-11-22T00:00:00Z' },
      subscription: SUBSCRIPTION,
    };
    const relayed = await fetch(pushConfig.pushEndpoint, { method: 'POST', body: JSON.stringify(push) });

    expect(relayed.status).toBe(503);
  });

  it('lists, gets and deletes triggers with their subscriptions', async () => {
    const local = await start();
    const trigger = `${PARENT}/triggers/to-service`;
    await local.eventarc('POST', `${PARENT}/triggers?triggerId=to-service`, triggerTo('http://127.0.0.1:1/'));

    expect(await (await local.eventarc('GET', `${PARENT}/triggers`)).json()).toMatchObject({
      triggers: [{ name: trigger, transport: { pubsub: { topic: TOPIC, subscription: SUBSCRIPTION } } }],
    });
    expect((await local.eventarc('GET', trigger)).status).toBe(200);
    expect((await local.eventarc('DELETE', trigger)).status).toBe(200);
    expect((await local.eventarc('GET', trigger)).status).toBe(404);
    expect((await local.pubsub('GET', SUBSCRIPTION)).status).toBe(404);
  });

  it.each([
    [
      'another event type',
      { eventFilters: [{ attribute: 'type', value: 'google.cloud.audit.log.v1.written' }] },
      501,
    ],
    ['a Cloud Run destination', { destination: { cloudRun: { service: 's', region: 'r' } } }, 501],
    ['no event filter', { eventFilters: [] }, 400],
    ['a destination that is no URL', { destination: { httpEndpoint: { uri: 'nowhere' } } }, 400],
    ['a missing topic', { transport: { pubsub: { topic: 'projects/p/topics/missing' } } }, 404],
  ])('refuses a trigger with %s', async (_, change, status) => {
    const local = await start();
    const body = { ...triggerTo('http://127.0.0.1:1/'), ...change };

    const response = await local.eventarc('POST', `${PARENT}/triggers?triggerId=to-service`, body);

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: status } });
  });

  it('refuses a second trigger of the same name', async () => {
    const local = await start();
    const create = (): Promise<Response> =>
      local.eventarc('POST', `${PARENT}/triggers?triggerId=to-service`, triggerTo('http://127.0.0.1:1/'));

    expect((await create()).status).toBe(200);
    expect((await create()).status).toBe(409);
  });
});
