import {
  Server,
  type handleBidiStreamingCall,
  type handleUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type protobuf from 'protobufjs';
import type { RequestLog } from '../../ports.js';
import type { Broker } from '../broker/broker.js';
import { pull } from '../delivery/pull.js';
import { acknowledge, modifyAckDeadline } from '../rpc/acks.js';
import type { Method } from '../rpc/method.js';
import { METHODS } from '../rpc/methods.js';
import { encodeJson, fromMessage } from '../wire/message-json.js';
import { protoService } from '../wire/protos.js';
import { toServiceError } from './errors.js';
import { toNewMessage, toReceivedMessage, type DecodedMessage } from './message-codec.js';
import { serveStreamingPull, type StreamingPullRequest } from './streaming-pull.js';

type Unary = (request: never, callerGone: AbortSignal) => unknown;

/** Answer and requests carry up to 10 MB of messages and something around them; bytes. */
const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** Given along so that no error with a stack is made for every call that ends. */
const CALLER_GONE = 'cancelled';

/** The gRPC side: every RPC of `Publisher` and `Subscriber`; those without a handler answer UNIMPLEMENTED. */
export function createGrpcServer(broker: Broker, log: RequestLog): Server {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  const messageMethods = unaryMessageMethods(broker);
  for (const service of [protoService('Publisher'), protoService('Subscriber')]) {
    const definition: Record<string, ServiceDefinition[string]> = {};
    const handlers: UntypedServiceImplementation = {};
    for (const rpc of service.methodsArray) {
      const control = METHODS[rpc.name];
      const handle = control === undefined ? messageMethods[rpc.name] : controlHandler(broker, control);
      definition[rpc.name] = methodDefinition(service, rpc, control);
      if (handle !== undefined) handlers[rpc.name] = unary(rpc.name, handle, log);
      if (rpc.name === 'StreamingPull') handlers[rpc.name] = streamingPull(broker, log);
    }
    server.addService(definition, handlers);
  }
  return server;
}

function methodDefinition(
  service: protobuf.Service,
  rpc: protobuf.Method,
  control: Method | undefined,
): ServiceDefinition[string] {
  const { resolvedRequestType: request, resolvedResponseType: response } = rpc;
  if (request === null || response === null) throw new Error(`Unresolved types of ${rpc.name}`);
  const encode = (message: object): Buffer => Buffer.from(response.encode(message).finish());
  return {
    path: `/${service.fullName.slice(1)}/${rpc.name}`,
    requestStream: rpc.requestStream ?? false,
    responseStream: rpc.responseStream ?? false,
    requestSerialize: (message: object) => Buffer.from(request.encode(message).finish()),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: control === undefined ? encode : (json: object) => encodeJson(control.response, json),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}

function controlHandler(broker: Broker, method: Method): Unary {
  return (message: protobuf.Message) => method.handle(broker, fromMessage(method.request, message) as never);
}

function unary(name: string, handle: Unary, log: RequestLog): handleUnaryCall<object, unknown> {
  return (call, callback) => {
    const startedMs = performance.now();
    const gone = new AbortController();
    const finish = (status: string): void => {
      const resource = resourceOf(call.request);
      log({ service: 'pubsub', method: name, resource, status, durationMs: performance.now() - startedMs });
    };
    call.on('cancelled', () => {
      gone.abort(CALLER_GONE);
    });
    Promise.resolve()
      .then(() => handle(call.request as never, gone.signal))
      .then(
        (response) => {
          callback(null, response);
          finish('OK');
        },
        (error: unknown) => {
          const serviceError = toServiceError(error);
          callback(serviceError);
          finish(String(serviceError.code));
        },
      );
  };
}

function resourceOf(request: object): string {
  const fields = request as Readonly<Record<string, unknown>>;
  const named = fields['topic'] ?? fields['subscription'];
  const name = (named ?? fields['name'] ?? fields['project']) || fields['name'];
  return typeof name === 'string' ? name : '';
}

function streamingPull(
  broker: Broker,
  log: RequestLog,
): handleBidiStreamingCall<StreamingPullRequest, object> {
  return (stream) => {
    const startedMs = performance.now();
    let resource = '';
    stream.once('data', (first: StreamingPullRequest) => {
      resource = first.subscription;
    });
    stream.once('close', () => {
      const durationMs = performance.now() - startedMs;
      log({ service: 'pubsub', method: 'StreamingPull', resource, status: 'closed', durationMs });
    });
    serveStreamingPull(broker, stream);
  };
}

/** The RPCs that carry messages work on decoded protobuf, without the detour through JSON. */
function unaryMessageMethods(broker: Broker): Readonly<Record<string, Unary>> {
  return {
    Publish: (request: { readonly topic: string; readonly messages: readonly DecodedMessage[] }) => ({
      messageIds: broker.publish(request.topic, request.messages.map(toNewMessage)),
    }),
    Pull: async (
      request: {
        readonly subscription: string;
        readonly returnImmediately: boolean;
        readonly maxMessages: number;
      },
      callerGone,
    ) => {
      const subscription = broker.subscription(request.subscription);
      const deliveries = await pull(subscription, request, callerGone);
      return { receivedMessages: deliveries.map((delivery) => toReceivedMessage(subscription, delivery)) };
    },
    Acknowledge: (request: { readonly subscription: string; readonly ackIds: readonly string[] }) => {
      acknowledge(broker.subscription(request.subscription), request.ackIds);
      return {};
    },
    ModifyAckDeadline: (request: {
      readonly subscription: string;
      readonly ackIds: readonly string[];
      readonly ackDeadlineSeconds: number;
    }) => {
      modifyAckDeadline(
        broker.subscription(request.subscription),
        request.ackIds,
        request.ackDeadlineSeconds,
      );
      return {};
    },
  };
}
