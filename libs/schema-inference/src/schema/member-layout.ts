import type { ColumnMode } from './column.js';
import type { ValueForm } from './value-form.js';

const QUOTE = 34;
/** Occurs in no UTF-8 text, so this key is never found. */
const NO_KEY: Uint8Array = Buffer.of(0xff, QUOTE);
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
    const slot = index * SLOT_SIZE;
    slots[slot + KEY_START] = words.length;
    slots[slot + KEY_LENGTH] = PLAIN_KEY.test(key)
      ? pushPlain(words, key)
      : pushBytes(words, keyBytesOf(key));
    slots[slot + TRAIT] = valueForm | (MODE_BITS[mode] ?? 0) | (elementForm << ELEMENT_SHIFT);
    slots[slot + TAG] = fieldTag;
    slots[slot + FOLLOWER] = index + 1;
  }
  return { count: columns.length, keys: new Int32Array(words), slots };
}

/** The usual keys, whose characters are their bytes. */
const PLAIN_KEY = /^[A-Za-z0-9_.:-]+$/;

/** Appends the words of a key and its quote; returns their bytes. */
function pushPlain(words: number[], key: string): number {
  const length = key.length + 1;
  for (let from = 0; from < length; from += WORD) {
    let word = 0;
    for (let at = from; at < Math.min(from + WORD, length); at++) {
      word |= (at === key.length ? QUOTE : key.charCodeAt(at)) << (8 * (at - from));
    }
    words.push(word);
  }
  return length;
}

function pushBytes(words: number[], bytes: Uint8Array): number {
  for (let from = 0; from < bytes.length; from += WORD) {
    let word = 0;
    for (const [at, byte] of bytes.subarray(from, from + WORD).entries()) word |= byte << (8 * at);
    words.push(word);
  }
  return bytes.length;
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
