import { COLUMN_NAME_OPTION } from './protos.js';

/** A field of the writer's schema, with what is needed to read it from the wire. */
export interface RowField {
  /** Name of the column it is meant for. */
  readonly column: string;
  readonly number: number;
  readonly isRepeated: boolean;
  readonly type: WireType;
  /** For messages: their fields, and the type's name. */
  readonly message?: { readonly name: string; readonly fields: readonly RowField[] };
  /** For enums: value names by number. */
  readonly enumNames?: ReadonlyMap<number, string>;
}

export type WireType =
  | 'double'
  | 'float'
  | 'int64'
  | 'uint64'
  | 'int32'
  | 'fixed64'
  | 'fixed32'
  | 'bool'
  | 'string'
  | 'group'
  | 'message'
  | 'bytes'
  | 'uint32'
  | 'enum'
  | 'sfixed32'
  | 'sfixed64'
  | 'sint32'
  | 'sint64';

/** A DescriptorProto as protobufjs decodes it. */
export interface Descriptor {
  readonly name?: string;
  readonly field?: readonly FieldDescriptor[];
  readonly nestedType?: readonly Descriptor[];
  readonly enumType?: readonly {
    readonly name?: string;
    readonly value?: readonly { readonly name?: string; readonly number?: number }[];
  }[];
}

interface FieldDescriptor {
  readonly name?: string;
  readonly number?: number;
  readonly label?: number;
  readonly type?: number;
  readonly typeName?: string;
  readonly options?: Readonly<Record<string, unknown>> | null;
}

// By the numbers of FieldDescriptorProto.Type, from 1.
const WIRE_TYPES: readonly WireType[] = [
  'double',
  'float',
  'int64',
  'uint64',
  'int32',
  'fixed64',
  'fixed32',
  'bool',
  'string',
  'group',
  'message',
  'bytes',
  'uint32',
  'enum',
  'sfixed32',
  'sfixed64',
  'sint32',
  'sint64',
];
const LABEL_REPEATED = 3;

/** A descriptor that cannot be read: a type it names is not inside it. */
export class DescriptorFailure extends Error {}

/**
 * Fields of the rows that a writer sends, from its self-contained descriptor.
 *
 * Source: cloud.google.com/bigquery/docs/write-api#create_a_protocol_buffer_descriptor…, read 2026-11-22.
 */
export function readDescriptor(descriptor: Descriptor): RowField[] {
  return fieldsOf(descriptor, [descriptor]);
}

function fieldsOf(message: Descriptor, enclosing: readonly Descriptor[]): RowField[] {
  return (message.field ?? []).map((field): RowField => {
    const type = WIRE_TYPES[(field.type ?? 0) - 1];
    if (type === undefined) throw new DescriptorFailure(`Field ${field.name ?? '?'} has no type.`);
    const column = field.options?.[COLUMN_NAME_OPTION];
    const base = {
      column: typeof column === 'string' && column !== '' ? column : (field.name ?? ''),
      number: field.number ?? 0,
      isRepeated: field.label === LABEL_REPEATED,
      type,
    };
    const simpleName = (field.typeName ?? '').split('.').at(-1) ?? '';
    if (type === 'message' || type === 'group')
      return { ...base, message: nested(simpleName, field, enclosing) };
    if (type === 'enum') return { ...base, enumNames: enumNames(simpleName, enclosing) };
    return base;
  });
}

function nested(
  simpleName: string,
  field: FieldDescriptor,
  enclosing: readonly Descriptor[],
): NonNullable<RowField['message']> {
  for (const scope of [...enclosing].reverse()) {
    const found = (scope.nestedType ?? []).find((type) => type.name === simpleName);
    if (found !== undefined) return { name: simpleName, fields: fieldsOf(found, [...enclosing, found]) };
  }
  throw new DescriptorFailure(
    `Type ${field.typeName ?? '?'} of field ${field.name ?? '?'} is not in the descriptor.`,
  );
}

function enumNames(simpleName: string, enclosing: readonly Descriptor[]): ReadonlyMap<number, string> {
  for (const scope of [...enclosing].reverse()) {
    const found = (scope.enumType ?? []).find((type) => type.name === simpleName);
    if (found !== undefined)
      return new Map((found.value ?? []).map((value) => [value.number ?? 0, value.name ?? '']));
  }
  return new Map();
}
