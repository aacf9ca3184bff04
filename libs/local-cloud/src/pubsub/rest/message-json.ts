import type { StoredMessage } from '../backlog/message.js';
import type { MessageJson } from '../resources/resources.js';
import { formatTimestampMs } from '../wire/times.js';

/** A message in REST's form; empty `data`, `attributes` and `orderingKey` are left out, as the service does. */
export function toMessageJson(message: StoredMessage): MessageJson {
  const { data, attributes, orderingKey } = message;
  return {
    ...(data.length === 0
      ? {}
      : { data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64') }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    messageId: String(message.id),
    publishTime: formatTimestampMs(message.publishTimeMs),
    ...(orderingKey === '' ? {} : { orderingKey }),
  };
}
