import { fieldTag, isPacked, type Column } from '@pipeline/schema-inference';
import protobuf from 'protobufjs';
import { toDescriptor, type MessageDescriptor } from './row-descriptor.js';
import { scalarEncoder, type ScalarEncoder } from './row-scalars.js';

/**
 * `encoded`: the row as one message. `unknown`: these columns do not hold the row; `path` names the first value that
 * has no column or not one of its kind.
 */
export type EncodedRow =
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'unknown'; readonly path: string };

/** Rows of one schema as protocol buffers. */
export interface RowEncoder {
  readonly columns: readonly Column[];
  /** Equal for equal descriptors. */
  readonly signature: string;
  /** Created at each call, because it is large and rarely needed. */
  descriptor(): MessageDescriptor;
  encode(row: Readonly<Record<string, unknown>>): EncodedRow;
}

/**
 * Prepares the writing of rows, as `buildRow` of schema-inference makes them, in protocol buffers of their table.
 *
 * Exact by construction: every type of column has one wire form that holds all of its values (row-scalars.ts). A
 * member without any scalar in it needs no column; records keep their places, a null among them is an empty one.
 */
export function compileRowEncoder(columns: readonly Column[]): RowEncoder {
  const fields = compileFields(columns);
  return {
    columns,
    signature: signatureOf(columns),
    descriptor: () => toDescriptor(columns),
    encode: (row) => {
      const writer = protobuf.Writer.create();
      const unknown = writeRecord(row, fields, writer);
      return unknown === null
        ? { kind: 'encoded', bytes: writer.finish() }
        : { kind: 'unknown', path: unknown };
    },
  };
}

type Fields = ReadonlyMap<string, Field>;

interface Field {
  /** Number and wire type of the field, as they stand before each value. */
  readonly tag: number;
  readonly isRepeated: boolean;
  /** Numbers of a REPEATED column have one tag for all of them. */
  readonly isPacked: boolean;
  readonly encoder: ScalarEncoder | Fields;
}

function compileFields(columns: readonly Column[]): Fields {
  const fields = new Map<string, Field>();
  columns.forEach((column, index) => {
    const encoder =
      column.type === 'RECORD' ? compileFields(column.columns ?? []) : scalarEncoder(column.type);
    if (encoder === null) return;
    fields.set(column.name, {
      tag: fieldTag(column, index),
      isRepeated: column.mode === 'REPEATED',
      isPacked: isPacked(column),
      encoder,
    });
  });
  return fields;
}

/** @returns null, or the path of a value that the fields do not hold */
function writeRecord(record: object, fields: Fields, writer: protobuf.Writer): string | null {
  for (const name in record) {
    const value = (record as Readonly<Record<string, unknown>>)[name];
    if (value === null || value === undefined) continue;
    const field = fields.get(name);
    const unknown = field === undefined ? (isEmpty(value) ? null : '') : writeField(value, field, writer);
    if (unknown !== null) return unknown === '' ? name : `${name}.${unknown}`;
  }
  return null;
}

function writeField(value: unknown, field: Field, writer: protobuf.Writer): string | null {
  const { encoder, tag } = field;
  if (field.isRepeated) {
    if (!Array.isArray(value)) return isEmpty(value) ? null : '';
    return typeof encoder === 'function'
      ? writeScalars(value as readonly unknown[], field, encoder, writer)
      : writeMessages(value as readonly unknown[], tag, encoder, writer);
  }
  if (typeof encoder !== 'function') return writeMember(value, tag, encoder, writer);
  if (typeof value === 'object') return isEmpty(value) ? null : '';
  return encoder(value, writer.uint32(tag)) ? null : '';
}

/** A record without a scalar is left out, unless it is an element of an array. */
function writeMember(value: unknown, tag: number, fields: Fields, writer: protobuf.Writer): string | null {
  return isEmpty(value) ? null : writeMessage(value, tag, fields, writer);
}

function writeMessage(value: unknown, tag: number, fields: Fields, writer: protobuf.Writer): string | null {
  if (typeof value !== 'object' || Array.isArray(value)) return isEmpty(value) ? null : '';
  const unknown = writeRecord(value ?? {}, fields, writer.uint32(tag).fork());
  writer.ldelim();
  return unknown;
}

function writeMessages(
  elements: readonly unknown[],
  tag: number,
  fields: Fields,
  writer: protobuf.Writer,
): string | null {
  for (const element of elements) {
    const unknown = writeMessage(isEmpty(element) ? null : element, tag, fields, writer);
    if (unknown !== null) return unknown;
  }
  return null;
}

function writeScalars(
  elements: readonly unknown[],
  { tag, isPacked }: Field,
  encoder: ScalarEncoder,
  writer: protobuf.Writer,
): string | null {
  if (elements.every(isEmpty)) return null;
  if (!isPacked) return elements.every((element) => encoder(element, writer.uint32(tag))) ? null : '';
  writer.uint32(tag).fork();
  const isWritten = elements.every((element) => encoder(element, writer));
  writer.ldelim();
  return isWritten ? null : '';
}

/** True if the value holds no scalar: `null`, `[]`, `{}` and the like equal a missing value. */
function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object') return value === undefined;
  return value === null || Object.values(value).every(isEmpty);
}

function signatureOf(columns: readonly Column[]): string {
  return columns
    .map(({ name, type, mode, columns: nested }) => {
      const repeated = mode === 'REPEATED' ? '*' : '';
      return `${JSON.stringify(name)}${type}${repeated}${nested === undefined ? '' : `(${signatureOf(nested)})`}`;
    })
    .join();
}
