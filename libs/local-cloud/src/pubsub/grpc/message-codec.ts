import protobuf from 'protobufjs';
import type { Delivery } from '../backlog/backlog.js';
import type { NewMessage } from '../broker/check-messages.js';
import type { Subscription } from '../broker/subscription.js';
import { splitMs } from '../wire/times.js';

/** A `PubsubMessage` as protobufjs decodes it; fields that were not sent have their defaults. */
export interface DecodedMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

export function toNewMessage(message: DecodedMessage): NewMessage {
  return { data: message.data, attributes: message.attributes, orderingKey: message.orderingKey };
}

/** A delivery in the shape that `ReceivedMessage.encode` takes. */
export function toReceivedMessage(subscription: Subscription, delivery: Delivery): object {
  const { message } = delivery;
  return {
    ackId: delivery.ackId,
    message: {
      data: message.data,
      attributes: message.attributes,
      messageId: String(message.id),
      publishTime: splitMs(message.publishTimeMs),
      orderingKey: message.orderingKey,
    },
    deliveryAttempt: subscription.shownAttempt(delivery),
  };
}

/** A protobuf int64 as a number; Pub/Sub's own are far below 2^53. */
export function toNumber(value: protobuf.Long | number): number {
  return typeof value === 'number'
    ? value
    : new protobuf.util.LongBits(value.low, value.high).toNumber(value.unsigned);
}
