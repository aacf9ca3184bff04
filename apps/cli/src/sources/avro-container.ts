import { crc32, inflateRawSync } from 'node:zlib';
import avro from 'avsc';
import { uncompress } from 'snappyjs';
import { UsageError } from '../command/exit-codes.js';
import type { AvroSchema } from './avro-json.js';

const MARK_BYTES = 16;
/** Bytes of the checksum behind a block that is packed with Snappy. */
const CHECKSUM_BYTES = 4;
/** Longest header or block that is read. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/** `offset` is negative if the bytes end within the value. */
interface Decoded {
  readonly value: unknown;
  readonly offset: number;
}

interface Header {
  readonly meta: Readonly<Record<string, Buffer>>;
  readonly sync: Buffer;
}
interface Block {
  readonly count: number;
  readonly data: Buffer;
  readonly sync: Buffer;
}

const MARK = { type: 'fixed', name: 'mark', size: MARK_BYTES };
const HEADER = avro.Type.forSchema({
  type: 'record',
  name: 'header',
  fields: [
    { name: 'magic', type: { type: 'fixed', name: 'magic', size: 4 } },
    { name: 'meta', type: { type: 'map', values: 'bytes' } },
    { name: 'sync', type: MARK },
  ],
} as avro.schema.AvroSchema);
const BLOCK = avro.Type.forSchema({
  type: 'record',
  name: 'block',
  fields: [
    { name: 'count', type: 'long' },
    { name: 'data', type: 'bytes' },
    { name: 'sync', type: MARK },
  ],
} as avro.schema.AvroSchema);

/** Source: Avro 1.12 specification, required and optional codecs, read 2026-11-29. */
const CODECS: Readonly<Record<string, (block: Buffer) => Buffer>> = {
  null: (block) => block,
  deflate: (block) => inflateRawSync(block, { maxOutputLength: MAX_BLOCK_BYTES }),
  snappy: (block) => {
    const bytes = Buffer.from(uncompress(block.subarray(0, -CHECKSUM_BYTES), MAX_BLOCK_BYTES));
    if (crc32(bytes) !== block.readUInt32BE(block.length - CHECKSUM_BYTES)) throw new Error('wrong checksum');
    return bytes;
  },
};

/**
 * Reads an Avro object container file block by block: `onSchema` gets the writer's schema and gives the reader of a record.
 * avsc's own stream says nothing of a file that ends within a block, or whose block is damaged.
 *
 * @throws UsageError if the file is broken or cut off, or packed with another codec than Deflate and Snappy
 */
export async function* readAvro<Item>(
  source: string,
  chunks: AsyncIterable<Buffer>,
  onSchema: (schema: AvroSchema) => { readonly type: avro.Type; readonly toItem: (record: unknown) => Item },
): AsyncGenerator<Item> {
  const bytes = new Bytes(source, chunks);
  const header = (await bytes.next(HEADER)) as Header | null;
  if (header === null) return;
  const unpack = CODECS[(header.meta['avro.codec'] ?? 'null').toString()];
  if (unpack === undefined)
    throw broken(source, `its codec ${(header.meta['avro.codec'] ?? '').toString()} is not read`);
  const { type, toItem } = attempt(source, () =>
    onSchema(JSON.parse((header.meta['avro.schema'] ?? '').toString()) as AvroSchema),
  );
  for (;;) {
    const block = (await bytes.next(BLOCK)) as Block | null;
    if (block === null) return;
    if (!block.sync.equals(header.sync))
      throw broken(source, 'a block does not end with the mark of the file');
    const data = attempt(source, () => unpack(block.data));
    let offset = 0;
    for (let index = 0; index < block.count; index++) {
      const at = offset;
      const record = attempt(source, () => type.decode(data, at) as Decoded);
      if (record.offset < 0) throw broken(source, 'a block ends within a record');
      offset = record.offset;
      yield toItem(record.value);
    }
    if (offset !== data.length) throw broken(source, 'a block has more bytes than its records');
  }
}

/** Bytes of a file, decoded type by type as they come. */
class Bytes {
  readonly #rest: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(
    private readonly source: string,
    chunks: AsyncIterable<Buffer>,
  ) {
    this.#rest = chunks[Symbol.asyncIterator]();
  }

  /** @returns null at the end of the file */
  async next(type: avro.Type): Promise<unknown> {
    for (;;) {
      if (this.#buffer.length > 0) {
        const { value, offset } = attempt(this.source, () => type.decode(this.#buffer, 0) as Decoded);
        if (offset >= 0) {
          this.#buffer = this.#buffer.subarray(offset);
          return value;
        }
      }
      if (this.#buffer.length > MAX_BLOCK_BYTES) throw broken(this.source, 'a block is too long');
      const more = await this.#more();
      if (more === null && this.#buffer.length === 0) return null;
      if (more === null) throw new UsageError(`${this.source} is an Avro file that is cut off.`);
      this.#buffer = Buffer.concat([this.#buffer, more]);
    }
  }

  /** As much again as is there, so that a long block is not copied for each chunk. */
  async #more(): Promise<Buffer | null> {
    const chunks: Buffer[] = [];
    let length = 0;
    do {
      const next = await this.#rest.next();
      if (next.done === true) break;
      chunks.push(next.value);
      length += next.value.length;
    } while (length < this.#buffer.length);
    return chunks.length === 0 ? null : Buffer.concat(chunks);
  }
}

function attempt<Value>(source: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    throw broken(source, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function broken(source: string, words: string, cause?: unknown): UsageError {
  return new UsageError(`${source} is an Avro file and broken: ${words}.`, { cause });
}
