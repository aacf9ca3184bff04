import type { CompiledRecord } from '../schema/compile-schema.js';
import {
  ELEMENT_SHIFT,
  FOLLOWER,
  FORM,
  IS_NULLABLE,
  IS_REQUIRED,
  KEY_START,
  SEEN,
  SLOT_SIZE,
  TAG,
  TRAIT,
  type MemberLayout,
} from '../schema/member-layout.js';
import { VALUE_FORMS, type ValueForm } from '../schema/value-form.js';
import type { EventTypeCache } from './event-type-cache.js';
import { isWord, NO_MATCH, ScalarMatch } from './match-scalars.js';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const LETTER_F = 102;
const LETTER_N = 110;
const LETTER_T = 116;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Larger events are left to the parser, so that the buffer for rows stays below 2 MB. */
const MAX_BYTES = 400_000;
/** Numbers of objects; then they begin again. */
const MAX_OBJECTS = 0x7fff_ffff;

/**
 * Compares the bytes of an event with its columns, and writes the row's fields as protocol buffers on the way.
 *
 * One pass, without parsing and without an object per value. A match is certain: valid JSON, no duplicate key, no number
 * that a double would round, no unpaired surrogate, and every value fits its column as it is. Everything else is left to the
 * parser: keys with escapes, surrogate escapes, exponents, long digits, JSON and BIGNUMERIC columns, instants that are not
 * between 1684 and 2255. Keys may come in any order; the order of the last event is tried first.
 */
class RowMatch extends ScalarMatch {
  private objects = 0;
  /** The number of the last comparison. */
  comparison = 0;
  /** Values so far that are neither null nor without any scalar. */
  private scalars = 0;

  /** True if the bytes, which must be UTF-8, certainly hold one JSON object that fits the record. */
  matches(bytes: Buffer, record: CompiledRecord): boolean {
    if (bytes.length > MAX_BYTES) return false;
    const start = skipSpace(bytes, 0);
    if (bytes[start] !== OPEN_BRACE) return false;
    this.bytes = bytes;
    this.begin(bytes.length);
    this.comparison++;
    this.scalars = 0;
    const end = this.object(start, record);
    return end !== NO_MATCH && skipSpace(bytes, end) === bytes.length;
  }

  /** The number of bytes in the fields of the event that matched last. */
  get size(): number {
    return this.at;
  }

  /** The offset after the object that begins at `start`, or NO_MATCH. */
  private object(start: number, record: CompiledRecord): number {
    const { bytes } = this;
    const { layout } = record;
    const { count, slots } = layout;
    this.objects = this.objects === MAX_OBJECTS ? 1 : this.objects + 1;
    const number = this.objects;
    let missing = record.required.length;
    let before = count * SLOT_SIZE;
    let at = skipSpace(bytes, start + 1);
    if (bytes[at] === CLOSE_BRACE) return missing === 0 ? at + 1 : NO_MATCH;
    for (;;) {
      if (bytes[at] !== QUOTE) return NO_MATCH;
      let index = slots[before + FOLLOWER] as number;
      let keyEnd = index < count ? matchMember(bytes, at + 1, layout, index) : NO_MATCH;
      if (keyEnd === NO_MATCH) {
        keyEnd = endOfKey(bytes, at + 1);
        if (keyEnd === NO_MATCH) return NO_MATCH;
        index = indexOfKey(bytes, at + 1, keyEnd - 1, record);
        if (index < 0) return NO_MATCH;
        slots[before + FOLLOWER] = index;
      }
      const slot = index * SLOT_SIZE;
      if (slots[slot + SEEN] === number) return NO_MATCH;
      slots[slot + SEEN] = number;
      before = slot;
      const trait = slots[slot + TRAIT] as number;
      if ((trait & IS_REQUIRED) !== 0) missing--;
      at = keyEnd;
      // Most texts have no spaces: the calls are spared if the expected byte is next.
      if (bytes[at] !== COLON) {
        at = skipSpace(bytes, at);
        if (bytes[at] !== COLON) return NO_MATCH;
      }
      at++;
      if (isSpace(bytes[at])) at = skipSpace(bytes, at);
      const writtenTo = this.at;
      const scalarsBefore = this.scalars;
      at = this.value(at, trait, slots[slot + TAG] as number, record, index);
      if (at === NO_MATCH) return NO_MATCH;
      // A member without a scalar in it equals a missing one.
      if (this.scalars === scalarsBefore) this.at = writtenTo;
      if (isSpace(bytes[at])) at = skipSpace(bytes, at);
      const after = bytes[at];
      if (after === CLOSE_BRACE) return missing === 0 ? at + 1 : NO_MATCH;
      if (after !== COMMA) return NO_MATCH;
      at++;
      if (isSpace(bytes[at])) at = skipSpace(bytes, at);
    }
  }

  /** Matches a value of the column with this index; only records and arrays look at the column itself. */
  private value(at: number, trait: number, tag: number, record: CompiledRecord, index: number): number {
    const { bytes } = this;
    const form = (trait & FORM) as ValueForm;
    switch (bytes[at]) {
      case QUOTE:
        this.scalars++;
        return this.quoted(at, form, tag);
      case OPEN_BRACE: {
        const inside = form === VALUE_FORMS.RECORD ? (record.columns[index]?.record ?? null) : null;
        if (inside === null) return NO_MATCH;
        this.tag(tag);
        const lengthAt = this.open();
        const end = this.object(at, inside);
        this.close(lengthAt);
        return end;
      }
      case OPEN_BRACKET:
        return form === VALUE_FORMS.REPEATED ? this.array(at, trait, tag, record, index) : NO_MATCH;
      case LETTER_T:
        this.scalars++;
        return form === VALUE_FORMS.BOOL ? this.word(at, tag, 'true') : NO_MATCH;
      case LETTER_F:
        this.scalars++;
        return form === VALUE_FORMS.BOOL ? this.word(at, tag, 'false') : NO_MATCH;
      case LETTER_N:
        return (trait & IS_NULLABLE) !== 0 && isWord(bytes, at, 'null') ? at + 4 : NO_MATCH;
      case undefined:
        return NO_MATCH;
      default:
        this.scalars++;
        return this.number(at, form, tag);
    }
  }

  /** No element may be null, whatever the mode of the column. Values of fixed size or varints share one tag. */
  private array(start: number, trait: number, tag: number, record: CompiledRecord, index: number): number {
    const { bytes } = this;
    const form = (trait >> ELEMENT_SHIFT) & FORM;
    let at = skipSpace(bytes, start + 1);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    const isPacked = PACKED[form] === 1;
    if (isPacked) this.tag(tag);
    const lengthAt = isPacked ? this.open() : 0;
    const elementTag = isPacked ? 0 : tag;
    for (;;) {
      at = this.value(at, form, elementTag, record, index);
      if (at === NO_MATCH) return NO_MATCH;
      if (isSpace(bytes[at])) at = skipSpace(bytes, at);
      if (bytes[at] === CLOSE_BRACKET) break;
      if (bytes[at] !== COMMA) return NO_MATCH;
      at = skipSpace(bytes, at + 1);
    }
    if (isPacked) this.close(lengthAt);
    return at + 1;
  }
}

/** 1 for the forms whose values in an array share one tag. */
const PACKED = new Uint8Array(FORM + 1);
for (const form of ['INT64', 'BOOL', 'DATE', 'TIMESTAMP', 'FLOAT64'] as const) PACKED[VALUE_FORMS[form]] = 1;

const match = new RowMatch();

/**
 * Returns the number of this comparison if the bytes, which must be UTF-8, certainly fit the record; null means "unknown".
 */
export function matchBytes(bytes: Buffer, record: CompiledRecord): number | null {
  return match.matches(bytes, record) ? match.comparison : null;
}

/** Fields of an event in a buffer that belongs to the next comparison. */
export type WrittenFields = Pick<RowMatch, 'copyTo' | 'size'>;

/** The fields of an event that matched; it is compared again if another one was in between. */
export function fieldsOf(bytes: Buffer, record: CompiledRecord, comparison: number): WrittenFields {
  if (match.comparison !== comparison) match.matches(bytes, record);
  return match;
}

/** The offset after the quote that ends the key of this column, or NO_MATCH if another key is there. */
function matchMember(bytes: Uint8Array, at: number, { keys, slots }: MemberLayout, index: number): number {
  const slot = index * SLOT_SIZE;
  const start = slots[slot + KEY_START] as number;
  const length = (slots[slot + SLOT_SIZE + KEY_START] as number) - start;
  if (bytes[at + length] !== QUOTE) return NO_MATCH;
  for (let offset = 0; offset < length; offset++)
    if (bytes[at + offset] !== keys[start + offset]) return NO_MATCH;
  return at + length + 1;
}

/** The offset after the quote that ends a key; NO_MATCH if it has escapes. */
function endOfKey(bytes: Uint8Array, start: number): number {
  const { length } = bytes;
  let at = start;
  while (at < length && bytes[at] !== QUOTE) {
    if (bytes[at] === BACKSLASH || (bytes[at] as number) < 32) return NO_MATCH;
    at++;
  }
  return at < length ? at + 1 : NO_MATCH;
}

/** The place of a key's column among those of the layout; negative if it has none there. */
function indexOfKey(bytes: Buffer, from: number, to: number, record: CompiledRecord): number {
  const column = record.byKey.get(bytes.toString('utf8', from, to));
  return column?.index ?? -1;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return at;
    at++;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && byte <= 32;
}

/** Returns the string of the first member if that has this key and no escapes, as most producers write it; else null. */
export function leadingString(bytes: Buffer, key: MemberLayout, texts: EventTypeCache): string | null {
  const brace = skipSpace(bytes, 0);
  const quote = skipSpace(bytes, brace + 1);
  if (bytes[brace] !== OPEN_BRACE || bytes[quote] !== QUOTE) return null;
  const keyEnd = matchMember(bytes, quote + 1, key, 0);
  if (keyEnd === NO_MATCH) return null;
  const colon = skipSpace(bytes, keyEnd);
  const start = skipSpace(bytes, colon + 1);
  if (bytes[colon] !== COLON || bytes[start] !== QUOTE) return null;
  const end = endOfKey(bytes, start + 1);
  return end === NO_MATCH ? null : texts.textOf(bytes, start + 1, end - 1);
}
