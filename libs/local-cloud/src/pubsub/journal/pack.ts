import type { StoredMessage } from '../backlog/message.js';
import { messageBytes } from '../broker/check-messages.js';
import type { PackedMessage } from './records.js';

export function packMessage(message: StoredMessage): PackedMessage {
  const { data, attributes, orderingKey } = message;
  return {
    id: message.id,
    at: message.publishTimeMs,
    data: Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
    ...(orderingKey === '' ? {} : { key: orderingKey }),
  };
}

export function unpackMessage(packed: PackedMessage): StoredMessage {
  const content = {
    data: Buffer.from(packed.data, 'base64'),
    attributes: packed.attributes ?? {},
    orderingKey: packed.key ?? '',
  };
  return { ...content, id: packed.id, publishTimeMs: packed.at, bytes: messageBytes(content) };
}
