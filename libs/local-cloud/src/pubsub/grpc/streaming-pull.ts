import type { ServerDuplexStream } from '@grpc/grpc-js';
import type protobuf from 'protobufjs';
import { Consumer } from '../backlog/consumer.js';
import type { Broker } from '../broker/broker.js';
import type { Subscription, Taker } from '../broker/subscription.js';
import { checkDeadline } from '../rpc/acks.js';
import { invalidArgument } from '../wire/status.js';
import { toServiceError } from './errors.js';
import { toNumber, toReceivedMessage } from './message-codec.js';

/** As protobufjs decodes it. */
export interface StreamingPullRequest {
  readonly subscription: string;
  readonly ackIds: readonly string[];
  readonly modifyDeadlineSeconds: readonly number[];
  readonly modifyDeadlineAckIds: readonly string[];
  readonly streamAckDeadlineSeconds: number;
  readonly maxOutstandingMessages: protobuf.Long | number;
  readonly maxOutstandingBytes: protobuf.Long | number;
  readonly protocolVersion: protobuf.Long | number;
}

type Stream = ServerDuplexStream<StreamingPullRequest, object>;

/** One answer's size, so that a slow reader does not hold much. */
const ANSWER_LIMITS = { maxMessages: 500, maxBytes: 1_000_000 };

/**
 * One streaming pull: the first request names the subscription and the flow-control limits.
 *
 * Later requests acknowledge, move deadlines or are empty; an empty one is answered when `protocolVersion` is 1,
 * which is how clients find out that a connection is dead.
 * Source: pubsub.proto `StreamingPullRequest`, as in @google-cloud/pubsub 6.2.0.
 */
export function serveStreamingPull(broker: Broker, stream: Stream): void {
  let session: StreamSession | undefined;
  let hasFailed = false;
  const fail = (error: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    session?.close();
    // grpc-js sends the status of an 'error' event; a destroyed stream never gets one.
    stream.emit('error', toServiceError(error));
  };
  stream.on('data', (request: StreamingPullRequest) => {
    if (hasFailed) return;
    try {
      if (session === undefined) session = new StreamSession(broker, request, stream, fail);
      else session.receive(request);
    } catch (error) {
      fail(error);
    }
  });
  stream.on('end', () => {
    session?.close();
    stream.end();
  });
  stream.on('cancelled', () => session?.close());
  stream.on('error', () => session?.close());
}

class StreamSession implements Taker {
  private readonly subscription: Subscription;
  private readonly consumer: Consumer;
  private readonly answersKeepAlive: boolean;
  private leaseMs: number;
  private isWriting = false;
  private isClosed = false;

  constructor(
    broker: Broker,
    first: StreamingPullRequest,
    private readonly stream: Stream,
    private readonly fail: (error: unknown) => void,
  ) {
    this.subscription = broker.subscription(first.subscription);
    this.subscription.checkAttached();
    if (first.streamAckDeadlineSeconds < 10) {
      throw invalidArgument('stream_ack_deadline_seconds must be between 10 and 600.');
    }
    checkDeadline(first.streamAckDeadlineSeconds);
    this.leaseMs = first.streamAckDeadlineSeconds * 1_000;
    this.consumer = new Consumer(toNumber(first.maxOutstandingMessages), toNumber(first.maxOutstandingBytes));
    this.answersKeepAlive = toNumber(first.protocolVersion) >= 1;
    this.settle(first);
    this.sendProperties();
    this.subscription.addTaker(this);
  }

  receive(request: StreamingPullRequest): void {
    if (request.subscription !== '' && request.subscription !== this.subscription.name) {
      throw invalidArgument('The subscription of a stream cannot be changed.');
    }
    if (request.streamAckDeadlineSeconds !== 0) {
      checkDeadline(request.streamAckDeadlineSeconds);
      this.leaseMs = request.streamAckDeadlineSeconds * 1_000;
    }
    this.settle(request);
    if (this.answersKeepAlive) this.stream.write({});
  }

  offer(): void {
    while (!this.isWriting && !this.isClosed) {
      const deliveries = this.subscription.take(this.consumer, { ...ANSWER_LIMITS, leaseMs: this.leaseMs });
      if (deliveries.length === 0) return;
      const receivedMessages = deliveries.map((delivery) => toReceivedMessage(this.subscription, delivery));
      if (!this.stream.write({ receivedMessages })) this.waitForDrain();
    }
  }

  end(reason: Error): void {
    this.fail(reason);
  }

  close(): void {
    this.isClosed = true;
    this.subscription.removeTaker(this);
  }

  private waitForDrain(): void {
    this.isWriting = true;
    this.stream.once('drain', () => {
      this.isWriting = false;
      this.offer();
    });
  }

  private sendProperties(): void {
    const { enableExactlyOnceDelivery = false, enableMessageOrdering = false } = this.subscription.resource;
    this.stream.write({
      subscriptionProperties: {
        exactlyOnceDeliveryEnabled: enableExactlyOnceDelivery,
        messageOrderingEnabled: enableMessageOrdering,
      },
    });
  }

  private settle(request: StreamingPullRequest): void {
    const { ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds } = request;
    if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
      throw invalidArgument('modify_deadline_seconds and modify_deadline_ack_ids must have the same length.');
    }
    const acked = this.subscription.acknowledge(ackIds);
    const modified = modifyDeadlineAckIds.map((ackId, index) => {
      const seconds = modifyDeadlineSeconds[index] ?? 0;
      checkDeadline(seconds);
      return this.subscription.modifyDeadline([ackId], seconds * 1_000)[0];
    });
    if (this.subscription.resource.enableExactlyOnceDelivery !== true) return;
    const pick = (ids: readonly string[], keep: (index: number) => boolean): string[] =>
      ids.filter((_, index) => keep(index));
    if (ackIds.length > 0) {
      this.stream.write({
        acknowledgeConfirmation: {
          ackIds: pick(ackIds, (index) => acked[index] === 'done'),
          invalidAckIds: pick(ackIds, (index) => acked[index] !== 'done'),
        },
      });
    }
    if (modified.length > 0) {
      this.stream.write({
        modifyAckDeadlineConfirmation: {
          ackIds: pick(modifyDeadlineAckIds, (index) => modified[index] === 'done'),
          invalidAckIds: pick(modifyDeadlineAckIds, (index) => modified[index] !== 'done'),
        },
      });
    }
  }
}
