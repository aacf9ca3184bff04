import type { ColumnMode } from './column.js';
import type { ValueForm } from './value-form.js';

/** Occurs in no UTF-8 text, so this key is never found. */
const NO_KEY: Uint8Array = Buffer.of(0xff, 34);
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
  const slots = new Int32Array((columns.length + 1) * SLOT_SIZE);
  const words: number[] = [];
  for (const [index, { key, mode, valueForm, elementForm, fieldTag }] of columns.entries()) {
    const bytes = keyBytesOf(key);
    const slot = index * SLOT_SIZE;
    slots[slot + KEY_START] = words.length;
    slots[slot + KEY_LENGTH] = bytes.length;
    slots[slot + TRAIT] = valueForm | (MODE_BITS[mode] ?? 0) | (elementForm << ELEMENT_SHIFT);
    slots[slot + TAG] = fieldTag;
    slots[slot + FOLLOWER] = index + 1;
    for (let at = 0; at < bytes.length; at += WORD) words.push(wordAt(bytes, at));
  }
  return { count: columns.length, keys: Int32Array.from(words), slots };
}

function wordAt(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0, third = 0, fourth = 0] = [
    bytes[at],
    bytes[at + 1],
    bytes[at + 2],
    bytes[at + 3],
  ];
  return first | (second << 8) | (third << 16) | (fourth << 24);
}

const MODE_BITS: Readonly<Partial<Record<ColumnMode, number>>> = {
  NULLABLE: IS_NULLABLE,
  REQUIRED: IS_REQUIRED,
};

/** The bytes of a key and its quote in a text without escapes; for a key that needs escapes, bytes that UTF-8 never has. */
function keyBytesOf(key: string): Uint8Array {
  const needsEscape = JSON.stringify(key).length !== key.length + 2 || !key.isWellFormed();
  return needsEscape ? NO_KEY : Buffer.from(`${key}"`, 'utf8');
}
