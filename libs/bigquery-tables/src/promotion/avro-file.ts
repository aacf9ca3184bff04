import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import type { Column, JsonValue } from '@pipeline/schema-inference';
import { avroScalar, type AvroSchema } from './avro-types.js';
import { AvroWriter } from './avro-writer.js';
import { valueOf } from './row-text.js';

/** Bytes of one block before compression. */
const BLOCK_BYTES = 1_048_576;
const MAGIC = Buffer.from('Obj\u0001', 'latin1');
const SYNC_BYTES = 16;

/**
 * Rows as one Avro object container file, compressed with Deflate. Memory holds the compressed blocks.
 * Source: Apache Avro 1.12 specification, object container files, read 2026-11-29.
 */
export class AvroFile {
  readonly #columns: readonly Column[];
  readonly #sync = randomBytes(SYNC_BYTES);
  readonly #block = new AvroWriter();
  readonly #parts: Buffer[];
  #blockRows = 0;

  constructor(columns: readonly Column[]) {
    this.#columns = columns;
    this.#parts = [header(avroSchema(columns), this.#sync)];
  }

  /** @param row values in the form of `buildRow`. @throws TypeError if a value is not of its column's type */
  add(row: Readonly<Record<string, JsonValue>>): void {
    writeRecord(row, this.#columns, this.#block);
    this.#blockRows++;
    if (this.#block.length >= BLOCK_BYTES) this.#endBlock();
  }

  finish(): Buffer {
    if (this.#blockRows > 0) this.#endBlock();
    return Buffer.concat(this.#parts);
  }

  #endBlock(): void {
    const data = deflateRawSync(this.#block.take());
    const writer = new AvroWriter();
    writer.long(this.#blockRows);
    writer.bytes(data);
    writer.raw(this.#sync);
    this.#parts.push(writer.take());
    this.#blockRows = 0;
  }
}

/**
 * The columns as an Avro schema.
 *
 * Shape: `{name: 'a', type: 'INT64', mode: 'NULLABLE'}` → a field `a` of `["null", "long"]`; REPEATED is an array.
 */
export function avroSchema(columns: readonly Column[]): AvroSchema {
  let records = 0;
  const record = (fields: readonly Column[]): AvroSchema => ({
    type: 'record',
    name: `Record${records++}`,
    fields: fields.map((field) => ({ name: field.name, type: typeOf(field) })),
  });
  const typeOf = (column: Column): AvroSchema => {
    const one = column.type === 'RECORD' ? record(column.columns ?? []) : avroScalar(column).schema;
    return column.mode === 'REPEATED' ? { type: 'array', items: one } : ['null', one];
  };
  return record(columns);
}

function header(schema: AvroSchema, sync: Uint8Array): Buffer {
  const writer = new AvroWriter();
  writer.raw(MAGIC);
  writer.long(2);
  writer.text('avro.schema');
  writer.text(JSON.stringify(schema));
  writer.text('avro.codec');
  writer.text('deflate');
  writer.long(0);
  writer.raw(sync);
  return writer.take();
}

type RowValues = Readonly<Record<string, JsonValue>>;

function writeRecord(row: RowValues, columns: readonly Column[], writer: AvroWriter): void {
  for (const column of columns) {
    const value = valueOf(row, column.name);
    if (column.mode === 'REPEATED') writeArray(value, column, writer);
    else {
      // The branch of the union: null, or the type.
      writer.long(value === null ? 0 : 1);
      if (value !== null) writeOne(value, column, writer);
    }
  }
}

function writeArray(value: JsonValue, column: Column, writer: AvroWriter): void {
  const elements = Array.isArray(value) ? (value as readonly JsonValue[]) : [];
  if (elements.length > 0) {
    writer.long(elements.length);
    for (const element of elements) writeOne(element, column, writer);
  }
  writer.long(0);
}

function writeOne(value: JsonValue, column: Column, writer: AvroWriter): void {
  if (column.type !== 'RECORD') avroScalar(column).write(value, writer);
  else writeRecord((value ?? {}) as RowValues, column.columns ?? [], writer);
}
