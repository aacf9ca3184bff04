import { inflateRawSync } from 'node:zlib';
import avro, { type Schema, type Type } from 'avsc';
import { messageOf } from '../rules/api-error.js';

/** A file that is no Avro object container, is cut off or damaged, or has a codec that this server lacks. */
export class AvroFailure extends Error {}

const MAGIC = Buffer.from('Obj\u0001', 'latin1');
const HEADER = avro.Type.forSchema({
  type: 'record',
  name: 'header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'magic', size: 4 } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: { type: 'fixed', name: 'sync', size: 16 } },
  ],
});
const BLOCK = avro.Type.forSchema({
  type: 'record',
  name: 'block',
  fields: [
    { name: 'count', type: 'long' },
    { name: 'data', type: 'bytes' },
    { name: 'sync', type: { type: 'fixed', name: 'sync', size: 16 } },
  ],
});

/** Longs as bigint: a double does not hold all of them. */
const LONG = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (a: bigint, b: bigint) => (a < b ? -1 : Number(a > b)),
});

const CODECS: Readonly<Record<string, (block: Buffer) => Buffer>> = {
  null: (block) => block,
  deflate: (block) => inflateRawSync(block),
};

/** An Avro file: the writer's schema as JSON, and its records with longs as bigint and unions as `{branch: value}`. */
export interface AvroFile {
  readonly schema: unknown;
  readonly records: Generator;
}

/**
 * Opens an Avro object container file with codec `null` or `deflate`.
 *
 * Errors: {@link AvroFailure}, from the generator too.
 * Source: avro.apache.org/docs/1.12.0/specification (object container files), read 2026-11-29.
 */
export function openAvro(bytes: Buffer): AvroFile {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new AvroFailure('The file is no Avro container.');
  const { value, offset } = decoded(HEADER, bytes, 0);
  const { meta, sync } = value as {
    readonly meta: Record<string, Buffer | undefined>;
    readonly sync: Buffer;
  };
  const codec = meta['avro.codec']?.toString('utf8') ?? 'null';
  const unpack = CODECS[codec];
  if (unpack === undefined)
    throw new AvroFailure(
      `The codec ${codec} is not supported by this server: use ${Object.keys(CODECS).join(' or ')}.`,
    );
  const schema = parsedSchema(meta['avro.schema']);
  const type = typeOf(schema);
  return { schema, records: recordsOf({ bytes, offset, sync, unpack, type }) };
}

function* recordsOf(file: {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly sync: Buffer;
  readonly unpack: (block: Buffer) => Buffer;
  readonly type: Type;
}): Generator {
  const { bytes, sync, unpack, type } = file;
  for (let at = file.offset; at < bytes.length;) {
    const { value, offset } = decoded(BLOCK, bytes, at);
    const block = value as { readonly count: number; readonly data: Buffer; readonly sync: Buffer };
    if (!block.sync.equals(sync)) throw new AvroFailure(`The block at byte ${at} has another sync marker.`);
    const data = unpacked(unpack, block.data, at);
    let position = 0;
    for (let n = 0; n < block.count; n += 1) {
      const record = decoded(type, data, position);
      position = record.offset;
      yield record.value;
    }
    at = offset;
  }
}

function unpacked(unpack: (block: Buffer) => Buffer, data: Buffer, at: number): Buffer {
  try {
    return unpack(data);
  } catch (error) {
    throw new AvroFailure(`The block at byte ${at} cannot be unpacked: ${messageOf(error)}`);
  }
}

function decoded(
  type: Type,
  bytes: Buffer,
  at: number,
): { readonly value: unknown; readonly offset: number } {
  const { value, offset } = attempt<{ value: unknown; offset: number }>(() => type.decode(bytes, at));
  if (offset < 0 || offset > bytes.length)
    throw new AvroFailure(`The file is cut off or damaged at byte ${at}.`);
  return { value, offset };
}

function parsedSchema(text: Buffer | undefined): unknown {
  return attempt(() => JSON.parse(text?.toString('utf8') ?? '') as unknown);
}

function typeOf(schema: unknown): Type {
  return attempt(() =>
    avro.Type.forSchema(schema as Schema, {
      wrapUnions: 'always',
      logicalTypes: {},
      typeHook: (part) => (isLong(part) ? LONG : undefined),
    }),
  );
}

function isLong(part: Schema): boolean {
  return part === 'long' || (part as { readonly type?: unknown }).type === 'long';
}

function attempt<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    throw error instanceof AvroFailure
      ? error
      : new AvroFailure(`The file is no valid Avro: ${messageOf(error)}`);
  }
}
