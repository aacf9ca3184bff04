import type { Field } from './field-schema.js';

const PLACES = new WeakMap<readonly Field[], ReadonlyMap<string, number>>();

/**
 * The index of the field with a name, in any case, or -1. The first use of a list makes an index of it: a statement may name each of
 * 10,000 columns. A list that is changed in place must not be asked.
 */
export function placeOfField(fields: readonly Field[], name: string): number {
  let places = PLACES.get(fields);
  if (places === undefined) {
    // The first of several with one name wins, as in a search.
    places = new Map(fields.map((field, index) => [field.name.toLowerCase(), index] as const).reverse());
    PLACES.set(fields, places);
  }
  return places.get(name.toLowerCase()) ?? -1;
}

/** The field with a name, in any case. */
export function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return fields[placeOfField(fields, name)];
}
