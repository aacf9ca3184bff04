import type { ColumnMode } from './column.js';
import type { PlainForm } from './plain-form.js';

/** Stands in no UTF-8 text, so that a key made of it is found in none. */
const NO_KEY: Uint8Array = Buffer.of(0xff);

/** Bit of a trait: null is a value of the column. */
export const IS_NULLABLE = 16;
/** Bit of a trait: a row may not leave the column out. */
export const IS_REQUIRED = 32;
/** The bits of a trait that are the form of the column's values. */
export const FORM = 15;

/**
 * What comparing bytes needs to know of a record's columns, side by side: with thousands of tables, reaching for an
 * object per column would cost more than the comparing itself.
 */
export interface MemberLayout {
  readonly count: number;
  /** The keys, one behind the other, as they stand in a text that writes them without escapes. */
  readonly keys: Uint8Array;
  /** Where each key begins in `keys`, and where the last one ends. */
  readonly starts: Uint32Array;
  /** A form and bits for each column. */
  readonly traits: Uint8Array;
}

/** Lay out columns in the order given. Keys that a text cannot hold without escapes match nothing. */
export function layOutMembers(
  columns: readonly { readonly key: string; readonly mode: ColumnMode; readonly plainForm: PlainForm }[],
): MemberLayout {
  const keys = columns.map(({ key }) => keyBytesOf(key));
  const starts = new Uint32Array(columns.length + 1);
  for (const [index, { length }] of keys.entries()) starts[index + 1] = (starts[index] ?? 0) + length;
  return {
    count: columns.length,
    keys: Uint8Array.from(Buffer.concat(keys)),
    starts,
    traits: Uint8Array.from(columns, ({ mode, plainForm }) => plainForm | (MODE_BITS[mode] ?? 0)),
  };
}

const MODE_BITS: Readonly<Partial<Record<ColumnMode, number>>> = {
  NULLABLE: IS_NULLABLE,
  REQUIRED: IS_REQUIRED,
};

/** The bytes of a key as they stand in a text without escapes; of one that needs escapes, bytes that are in no UTF-8. */
function keyBytesOf(key: string): Uint8Array {
  const needsEscape = JSON.stringify(key).length !== key.length + 2 || !key.isWellFormed();
  return needsEscape ? NO_KEY : Buffer.from(key, 'utf8');
}
