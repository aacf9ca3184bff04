import { close, createHttpServer, type HttpExchange, listen, sendJson } from '../http/http-server.js';
import { readWholeBody } from '../http/read-body.js';
import type { RequestTarget } from '../http/request-target.js';
import type { RequestLog } from '../ports.js';
import { PubsubRest } from './pubsub-rest.js';
import { Relay } from './relay.js';
import { toTriggerResource, TriggerError, type Trigger } from './trigger.js';
import { Triggers } from './triggers.js';

/** `pubsubAddress` is `host:port` of Pub/Sub's REST side, without a scheme. */
export interface EventarcEmulatorOptions {
  readonly host: string;
  readonly port: number;
  readonly pubsubAddress: string;
  /** HTML of `GET /`. */
  readonly index?: () => string;
  readonly log: RequestLog;
}

export interface EventarcEmulator {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

const COLLECTION = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+)\/triggers$/;
const RESOURCE = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/triggers\/[^/]+)$/;
const RELAY = /^\/relay\/(projects\/[^/]+\/locations\/[^/]+\/triggers\/[^/]+)$/;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * Start Eventarc: Pub/Sub triggers over REST, and the relay that their managed subscriptions push to.
 *
 * Errors: rejects with Node's own error when the port is taken (`EADDRINUSE`).
 */
export async function startEventarcEmulator(options: EventarcEmulatorOptions): Promise<EventarcEmulator> {
  const { host, log } = options;
  const relay = new Relay();
  const pubsub = new PubsubRest(options.pubsubAddress);
  // Triggers are created by requests only, so the port is known by the time that the relay's address is asked for.
  let port = 0;
  const triggers = new Triggers(pubsub, (name) => `http://${host}:${port}/relay/${name}`);
  const server = createHttpServer({
    service: 'eventarc',
    host,
    log,
    index: options.index,
    server: { keepAliveTimeout: 620_000 },
    serve: async (exchange) => {
      const { status, body } = await answer(triggers, relay, exchange);
      if (body === undefined) exchange.response.writeHead(status).end();
      else sendJson(exchange.response, status, body);
    },
  });
  port = await listen(server, options);
  return {
    host,
    port,
    stop: () => {
      relay.close();
      return close(server);
    },
  };
}

async function answer(triggers: Triggers, relay: Relay, exchange: HttpExchange): Promise<Answer> {
  const { message, target } = exchange;
  try {
    const body = await readWholeBody(message);
    const relayed = RELAY.exec(target.path)?.[1];
    if (relayed === undefined) return await control(triggers, message.method ?? '', target, body);
    const trigger = triggers.find(relayed);
    if (trigger === undefined) return { status: 404 };
    return { status: await relay.forward(trigger, body, exchange.clientGone) };
  } catch (error) {
    return errorAnswer(error);
  }
}

async function control(triggers: Triggers, verb: string, url: RequestTarget, body: Buffer): Promise<Answer> {
  const parent = COLLECTION.exec(url.path)?.[1];
  const name = RESOURCE.exec(url.path)?.[1];
  if (parent !== undefined && verb === 'POST') {
    const triggerId = url.query.get('triggerId') ?? '';
    return operation(await triggers.create(parent, triggerId, parseBody(body)));
  }
  if (parent !== undefined && verb === 'GET') {
    return { status: 200, body: { triggers: triggers.list(parent).map(toTriggerResource) } };
  }
  if (name !== undefined && verb === 'GET')
    return { status: 200, body: toTriggerResource(triggers.get(name)) };
  if (name !== undefined && verb === 'DELETE') return operation(await triggers.delete(name));
  if (parent !== undefined || name !== undefined || url.path.startsWith('/v1/')) {
    throw new TriggerError(501, `${verb} ${url.path} is not supported by the local Eventarc.`);
  }
  throw new TriggerError(404, `The requested URL ${url.path} was not found on this server.`);
}

function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new TriggerError(400, 'Invalid JSON payload received.');
  }
}

/** A long-running operation that is over already. */
function operation(trigger: Trigger): Answer {
  const [, project = '', , location = '', , id = ''] = trigger.name.split('/');
  const response = {
    '@type': 'type.googleapis.com/google.cloud.eventarc.v1.Trigger',
    ...toTriggerResource(trigger),
  };
  const name = `projects/${project}/locations/${location}/operations/operation-${id}`;
  return { status: 200, body: { name, done: true, response } };
}

function errorAnswer(cause: unknown): Answer {
  if (cause instanceof TriggerError) {
    return {
      status: cause.code,
      body: { error: { code: cause.code, message: cause.message, status: cause.status } },
    };
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  return { status: 500, body: { error: { code: 500, message, status: 'INTERNAL' } } };
}
