import avro from 'avsc';
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { StoredMessage } from '../backlog/message.js';
import type { CloudStorageConfig } from '../resources/resources.js';

const DEFAULT_DATETIME_FORMAT = 'YYYY-MM-DDThh:mm:ss+00:00';

/** Source of both: https://cloud.google.com/pubsub/docs/cloudstorage#avro, read 2026-11-22. */
const AVRO_WITH_METADATA: avro.schema.AvroSchema = {
  type: 'record',
  name: 'PubsubMessage',
  namespace: 'com.google.pubsub',
  fields: [
    { name: 'subscription_name', type: 'string' },
    { name: 'message_id', type: 'string' },
    { name: 'publish_time', type: { type: 'long', logicalType: 'timestamp-micros' } },
    { name: 'attributes', type: { type: 'map', values: 'string' } },
    { name: 'data', type: 'bytes' },
  ],
};
const AVRO_DATA_ONLY: avro.schema.AvroSchema = {
  type: 'record',
  name: 'PubsubMessage',
  namespace: 'com.google.pubsub',
  fields: [{ name: 'data', type: 'bytes' }],
};

/**
 * The name of a new file: `<prefix><UTC time>_<uuid><suffix>`.
 *
 * Source: https://cloud.google.com/pubsub/docs/create-cloudstorage-subscription#file_names, read 2026-11-22.
 */
export function objectName(config: CloudStorageConfig, nowMs: number): string {
  const iso = new Date(nowMs).toISOString();
  const parts: Readonly<Record<string, string>> = {
    YYYY: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    DD: iso.slice(8, 10),
    hh: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
  };
  const format = config.filenameDatetimeFormat ?? '';
  const time = (format === '' ? DEFAULT_DATETIME_FORMAT : format).replace(
    /YYYY|MM|DD|hh|mm|ss/g,
    (part) => parts[part] ?? part,
  );
  return `${config.filenamePrefix ?? ''}${time}_${randomUUID()}${config.filenameSuffix ?? ''}`;
}

/** The file itself: one line per message, or an Avro object container. */
export async function objectBytes(
  config: CloudStorageConfig,
  subscriptionName: string,
  messages: readonly StoredMessage[],
): Promise<{ readonly contentType: string; readonly bytes: Uint8Array }> {
  if (config.avroConfig === undefined) {
    const bytes = Buffer.concat(messages.flatMap(({ data }) => [data, Buffer.from('\n')]));
    return { contentType: 'text/plain', bytes };
  }
  const withMetadata = config.avroConfig.writeMetadata ?? false;
  const encoder = new avro.streams.BlockEncoder(withMetadata ? AVRO_WITH_METADATA : AVRO_DATA_ONLY);
  const bytes = buffer(encoder);
  for (const message of messages) encoder.write(toAvroRecord(message, subscriptionName, withMetadata));
  encoder.end();
  return { contentType: 'application/avro', bytes: await bytes };
}

function toAvroRecord(message: StoredMessage, subscriptionName: string, withMetadata: boolean): object {
  const data = Buffer.from(message.data);
  if (!withMetadata) return { data };
  const { attributes, orderingKey } = message;
  return {
    subscription_name: subscriptionName,
    message_id: String(message.id),
    publish_time: message.publishTimeMs * 1_000,
    attributes: orderingKey === '' ? attributes : { ...attributes, orderingKey },
    data,
  };
}
