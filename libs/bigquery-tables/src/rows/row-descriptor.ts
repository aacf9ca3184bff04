import type { Column, ColumnType } from '@pipeline/schema-inference';

/** A protocol buffer message type as google.protobuf.DescriptorProto, by its JSON names. */
export interface MessageDescriptor {
  readonly name: string;
  readonly field: readonly FieldDescriptor[];
  readonly nestedType: readonly MessageDescriptor[];
}

export interface FieldDescriptor {
  readonly name: string;
  readonly number: number;
  readonly label: 'LABEL_OPTIONAL' | 'LABEL_REPEATED';
  readonly type: WireType;
  readonly typeName?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

export type WireType =
  'TYPE_BOOL' | 'TYPE_BYTES' | 'TYPE_DOUBLE' | 'TYPE_INT32' | 'TYPE_INT64' | 'TYPE_MESSAGE' | 'TYPE_STRING';

/**
 * The wire form of each column's values. Types of hand-made columns that no JSON value fits are not sent.
 * Source: "Supported data types" of the Storage Write API, read 2026-11-23.
 */
export const WIRE_TYPES: Readonly<Partial<Record<ColumnType, WireType>>> = {
  BOOL: 'TYPE_BOOL',
  INT64: 'TYPE_INT64',
  NUMERIC: 'TYPE_STRING',
  BIGNUMERIC: 'TYPE_STRING',
  FLOAT64: 'TYPE_DOUBLE',
  STRING: 'TYPE_STRING',
  DATE: 'TYPE_INT32',
  DATETIME: 'TYPE_STRING',
  TIMESTAMP: 'TYPE_INT64',
  JSON: 'TYPE_STRING',
  BYTES: 'TYPE_BYTES',
  RECORD: 'TYPE_MESSAGE',
};

/** Types whose repeated values have a tag each; the others are packed. */
export const LENGTH_DELIMITED_TYPES: ReadonlySet<WireType> = new Set([
  'TYPE_BYTES',
  'TYPE_MESSAGE',
  'TYPE_STRING',
]);

const PROTO_NAME = /^[A-Za-z_]\w*$/;
/** Protocol buffers keep these field numbers for themselves. Source: protobuf language guide, read 2026-11-23. */
const RESERVED_FROM = 19_000;
const RESERVED_COUNT = 1_000;

/** The field number of a record's column by its position from 0. */
export function fieldNumber(index: number): number {
  const number = index + 1;
  return number < RESERVED_FROM ? number : number + RESERVED_COUNT;
}

/**
 * The message type that rows of these columns are written in; self-contained, as a writer schema has to be.
 *
 * Shape: `[{name: 'a', type: 'INT64', mode: 'NULLABLE'}]` → `{name: 'Row', field: [{name: 'a', number: 1, label:
 * 'LABEL_OPTIONAL', type: 'TYPE_INT64'}], nestedType: []}`. A column whose name no field can have gets another field
 * name and its own in the annotation `column_name`.
 * Source: google/cloud/bigquery/storage/v1/annotations.proto and protobuf.proto, read 2026-11-23.
 */
export function toDescriptor(columns: readonly Column[], name = 'Row'): MessageDescriptor {
  const taken = new Set(columns.map((column) => column.name));
  const field: FieldDescriptor[] = [];
  const nestedType: MessageDescriptor[] = [];
  columns.forEach((column, index) => {
    const type = WIRE_TYPES[column.type];
    if (type === undefined) return;
    const number = fieldNumber(index);
    const isRepeated = column.mode === 'REPEATED';
    const options = {
      ...(PROTO_NAME.test(column.name)
        ? {}
        : { '.google.cloud.bigquery.storage.v1.columnName': column.name }),
      ...(isRepeated && !LENGTH_DELIMITED_TYPES.has(type) ? { packed: true } : {}),
    };
    const typeName = column.columns === undefined ? null : freeName(`Record${number}`, taken);
    field.push({
      name: PROTO_NAME.test(column.name) ? column.name : freeName(`column${number}`, taken),
      number,
      label: isRepeated ? 'LABEL_REPEATED' : 'LABEL_OPTIONAL',
      type,
      ...(typeName === null ? {} : { typeName }),
      ...(Object.keys(options).length === 0 ? {} : { options }),
    });
    if (typeName !== null) nestedType.push(toDescriptor(column.columns ?? [], typeName));
  });
  return { name, field, nestedType };
}

/** Fields and types of one message share their names. */
function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name += '_';
  taken.add(name);
  return name;
}
