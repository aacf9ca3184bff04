import type { ColumnMode } from './column.js';
import type { ValueForm } from './value-form.js';

/** Occurs in no UTF-8 text, so this key is never found. */
const NO_KEY: Uint8Array = Buffer.of(0xff);

/** Bit of a trait: null is a value of the column. */
export const IS_NULLABLE = 16;
/** Bit of a trait: a row may not leave the column out. */
export const IS_REQUIRED = 32;
/** The bits of a trait that are the form of the column's values. */
export const FORM = 15;

/**
 * A record's columns in flat arrays for comparing bytes: with thousands of tables, dereferencing one object per column
 * would cost more than the comparison.
 */
export interface MemberLayout {
  readonly count: number;
  /** The keys, concatenated, as a text without escapes writes them. */
  readonly keys: Uint8Array;
  /** The start of each key in `keys`, and the end of the last one. */
  readonly starts: Uint32Array;
  /** A form and bits for each column. */
  readonly traits: Uint8Array;
}

/** Lays out columns in the given order. Keys that need escapes match nothing. */
export function layOutMembers(
  columns: readonly { readonly key: string; readonly mode: ColumnMode; readonly valueForm: ValueForm }[],
): MemberLayout {
  const keys = columns.map(({ key }) => keyBytesOf(key));
  const starts = new Uint32Array(columns.length + 1);
  for (const [index, { length }] of keys.entries()) starts[index + 1] = (starts[index] ?? 0) + length;
  return {
    count: columns.length,
    keys: Uint8Array.from(Buffer.concat(keys)),
    starts,
    traits: Uint8Array.from(columns, ({ mode, valueForm }) => valueForm | (MODE_BITS[mode] ?? 0)),
  };
}

const MODE_BITS: Readonly<Partial<Record<ColumnMode, number>>> = {
  NULLABLE: IS_NULLABLE,
  REQUIRED: IS_REQUIRED,
};

/** Returns the bytes of a key in a text without escapes; for a key that needs escapes, bytes that UTF-8 never has. */
function keyBytesOf(key: string): Uint8Array {
  const needsEscape = JSON.stringify(key).length !== key.length + 2 || !key.isWellFormed();
  return needsEscape ? NO_KEY : Buffer.from(key, 'utf8');
}
