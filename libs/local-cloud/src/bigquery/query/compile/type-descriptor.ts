import { structKeys, type Type } from './types.js';

/** A type as functions in JavaScript get it beside a value of any type. */
export type Descriptor =
  | string
  | { readonly array: Descriptor }
  | { readonly struct: readonly (readonly [key: string, name: string, type: Descriptor])[] };

export function descriptor(type: Type): Descriptor {
  if (type.kind === 'ARRAY') return { array: descriptor(type.element) };
  if (type.kind !== 'STRUCT') return type.kind;
  const keys = structKeys(type.fields);
  return {
    struct: type.fields.map((field, index) => [keys[index] ?? '', field.name ?? '', descriptor(field.type)]),
  };
}
