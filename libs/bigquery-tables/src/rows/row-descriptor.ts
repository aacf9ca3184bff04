import {
  fieldNumber,
  LENGTH_DELIMITED_TYPES,
  WIRE_TYPES,
  type Column,
  type WireType,
} from '@pipeline/schema-inference';

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

const PROTO_NAME = /^[A-Za-z_]\w*$/;
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
