import type { ColumnMode } from './column.js';
import type { ValueForm } from './value-form.js';

/** Occurs in no UTF-8 text, so this key is never found. */
const NO_KEY: Uint8Array = Buffer.of(0xff);
const QUOTE: Uint8Array = Buffer.from('"');
/** Bytes of a word. */
const WORD = 4;

/** Bit of a trait: null is a value of the column. */
export const IS_NULLABLE = 16;
/** Bit of a trait: a row may not leave the column out. */
export const IS_REQUIRED = 32;
/** The bits of a trait that are the form of the column's values. */
export const FORM = 15;
/** The bits from here are the form of the elements of a REPEATED column. */
export const ELEMENT_SHIFT = 8;

/** Numbers for each column in `slots`, by their offset. */
export const SLOT_SIZE = 6;
/** The index of the key's first word in `keys`. */
export const KEY_START = 0;
/** Bytes of the key and of the quote that ends it. */
export const KEY_LENGTH = 5;
export const TRAIT = 1;
/** The tag of the column's field in protocol buffers. */
export const TAG = 2;
/** The number of the last object that had the column; changes with each event. */
export const SEEN = 3;
/** The column that came after this one when last seen; changes with the events. */
export const FOLLOWER = 4;

/**
 * A record's columns in flat arrays for comparing bytes: with thousands of tables, dereferencing one object per column
 * would cost more than the comparison.
 */
export interface MemberLayout {
  readonly count: number;
  /**
   * The keys as a text without escapes writes them, each with the quote that ends it, as words of four bytes, the lowest byte
   * first. Zeros fill the last word of each.
   */
  readonly keys: Int32Array;
  /** `SLOT_SIZE` numbers for each column, and for the start of an object. */
  readonly slots: Int32Array;
}

interface LaidOutColumn {
  readonly key: string;
  readonly mode: ColumnMode;
  readonly valueForm: ValueForm;
  readonly elementForm: ValueForm;
  readonly fieldTag: number;
}

/** Lays out columns in the given order. Keys that need escapes match nothing. */
export function layOutMembers(columns: readonly LaidOutColumn[]): MemberLayout {
  const keys = columns.map(({ key }) => Buffer.concat([keyBytesOf(key), QUOTE]));
  const starts = startsOf(keys);
  const slots = new Int32Array((columns.length + 1) * SLOT_SIZE);
  for (const [index, { mode, valueForm, elementForm, fieldTag }] of columns.entries()) {
    const slot = index * SLOT_SIZE;
    slots[slot + KEY_START] = starts[index] ?? 0;
    slots[slot + KEY_LENGTH] = keys[index]?.length ?? 0;
    slots[slot + TRAIT] = valueForm | (MODE_BITS[mode] ?? 0) | (elementForm << ELEMENT_SHIFT);
    slots[slot + TAG] = fieldTag;
    slots[slot + FOLLOWER] = index + 1;
  }
  const words = new Int32Array(starts.at(-1) ?? 0);
  for (const [index, key] of keys.entries()) {
    for (const [at, byte] of key.entries()) {
      const word = (starts[index] ?? 0) + Math.trunc(at / WORD);
      words[word] = (words[word] ?? 0) | (byte << (8 * (at % WORD)));
    }
  }
  return { count: columns.length, keys: words, slots };
}

/** The first word of each key, and the end of the last one. */
function startsOf(keys: readonly Uint8Array[]): readonly number[] {
  const starts = [0];
  for (const key of keys) starts.push((starts.at(-1) ?? 0) + Math.ceil(key.length / WORD));
  return starts;
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
