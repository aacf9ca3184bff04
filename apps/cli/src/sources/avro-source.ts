import avro from 'avsc';
import { readAvro } from './avro-container.js';
import { instant, jsonWriter, type AvroSchema, type AvroType } from './avro-json.js';
import type { SourceEvent } from './source-line.js';

/**
 * Yields the records of an Avro object container file as events.
 *
 * A record of Pub/Sub's own files, which the Cloud Storage copy of `direct` mode consists of, is the message that it holds: its
 * data, with attributes, id and publish time if the file has them. Any other record is one event, written as JSON.
 * Memory holds one block.
 *
 * @throws UsageError if the file is broken or cut off
 */
export function avroEvents(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<SourceEvent> {
  return readAvro(source, chunks, (schema) => ({
    type: avro.Type.forSchema(schema as avro.Schema, { typeHook: exactLong, wrapUnions: true }),
    toItem: eventReader(schema),
  }));
}

/** Reads longs as BigInt, those with a logical type too. */
function exactLong(schema: avro.Schema): avro.Type | undefined {
  const isLong =
    schema === 'long' || (typeof schema === 'object' && 'type' in schema && schema.type === 'long');
  return isLong ? longType() : undefined;
}

/** Longs of 64 bits, exactly. */
function longType(): avro.Type {
  return avro.types.LongType.__with({
    fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
    toBuffer: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    fromJSON: (value: number | string) => BigInt(value),
    toJSON: String,
    isValid: (value: unknown) => typeof value === 'bigint',
    compare: (left: bigint, right: bigint) => (left < right ? -1 : left > right ? 1 : 0),
  });
}

/** Source: https://cloud.google.com/pubsub/docs/cloudstorage#avro, read 2026-11-22. */
interface PubsubRecord {
  readonly message_id: string;
  readonly publish_time: bigint;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

const METADATA_FIELDS = ['message_id', 'publish_time', 'attributes', 'data'];
const ORDERING_KEY = 'orderingKey';

function eventReader(schema: AvroSchema): (record: unknown) => SourceEvent {
  const names = fieldNames(schema);
  if (METADATA_FIELDS.every((name) => names.includes(name)))
    return (record) => toMessage(record as PubsubRecord);
  if (names.length === 1 && isPubsub(schema)) return (record) => ({ bytes: (record as PubsubRecord).data });
  const write = jsonWriter(schema);
  return (record) => ({ bytes: Buffer.from(write(record)) });
}

function toMessage({
  message_id: messageId,
  publish_time: micros,
  attributes,
  data,
}: PubsubRecord): SourceEvent {
  const own = Object.entries(attributes).filter(([name]) => name !== ORDERING_KEY);
  return {
    bytes: data,
    attributes: Object.fromEntries(own),
    original: { messageId, publishedAt: `${instant(micros)}Z` },
  };
}

function isPubsub(schema: AvroSchema): boolean {
  const { name, namespace } = schema as AvroType;
  return name === 'PubsubMessage' && namespace === 'com.google.pubsub';
}

function fieldNames(schema: AvroSchema): readonly string[] {
  const { fields = [] } = typeof schema === 'string' ? {} : (schema as AvroType);
  return fields.map(({ name }) => name);
}
