import type { Field } from '../bigquery/rules/field-schema.js';

const TYPES: Readonly<Partial<Record<Field['type'], string>>> = {
  INTEGER: 'INT64',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOL',
  RECORD: 'STRUCT',
};

interface ProtoField {
  readonly name: string;
  readonly type: string;
  readonly mode: string;
  readonly fields: readonly ProtoField[];
  readonly description: string;
  readonly maxLength?: string;
  readonly precision?: string;
  readonly scale?: string;
}

/** Columns as the Storage Write API's TableSchema has them. */
export function toTableSchema(fields: readonly Field[]): { readonly fields: readonly ProtoField[] } {
  return { fields: fields.map(toProtoField) };
}

function toProtoField(field: Field): ProtoField {
  const { maxLength, precision, scale } = field;
  return {
    name: field.name,
    type: TYPES[field.type] ?? field.type,
    mode: field.mode,
    fields: (field.fields ?? []).map(toProtoField),
    description: field.description ?? '',
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(precision === undefined ? {} : { precision }),
    ...(scale === undefined ? {} : { scale }),
  };
}
