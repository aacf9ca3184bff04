import type { CompiledRecord } from '../schema/compile-schema.js';
import {
  ELEMENT_SHIFT,
  FOLLOWER,
  FORM,
  IS_NULLABLE,
  IS_REQUIRED,
  KEY_LENGTH,
  KEY_START,
  SEEN,
  SLOT_SIZE,
  TAG,
  TRAIT,
  type MemberLayout,
} from '../schema/member-layout.js';
import { VALUE_FORMS, type ValueForm } from '../schema/value-form.js';
import type { WireWriter } from '../values/wire-writer.js';
import type { EventTypeCache } from './event-type-cache.js';
import { endOfPlain, EventBytes } from './event-bytes.js';
import { isNull, NO_MATCH, ScalarMatch } from './match-scalars.js';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const LETTER_F = 102;
const LETTER_N = 110;
const LETTER_T = 116;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Larger events are left to the parser, so that the buffer for rows stays below 2 MB. */
export const MAX_MATCHED_BYTES = 400_000;
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
  /** Bytes of the fields that it wrote. */
  fieldsSize = 0;
  /** Values so far that are neither null nor without any scalar. */
  private scalars = 0;

  /** True if the bytes, which must be UTF-8, certainly hold one JSON object that fits the record. */
  matches(text: EventBytes, record: CompiledRecord, isDiscarding: boolean): boolean {
    const { bytes, length } = text;
    const start = skipSpace(bytes, 0);
    if (bytes[start] !== OPEN_BRACE) return false;
    this.input = text;
    this.isDiscarding = isDiscarding;
    this.begin(length);
    this.comparison++;
    this.scalars = 0;
    const end = this.object(start, record);
    this.fieldsSize = this.at;
    return end !== NO_MATCH && skipSpace(bytes, end) === length;
  }

  /** The offset after the object that begins at `start`, or NO_MATCH. */
  private object(start: number, record: CompiledRecord): number {
    const { bytes, words } = this.input;
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
      let keyEnd = index < count ? matchMember(words, at + 1, layout, index) : NO_MATCH;
      if (keyEnd === NO_MATCH) {
        keyEnd = endOfKey(this.input, at + 1);
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
      // A member without a scalar in it equals a missing one, but the elements of an array keep their places.
      if (this.scalars === scalarsBefore && (trait & FORM) !== VALUE_FORMS.REPEATED) this.at = writtenTo;
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
    const { bytes, words } = this.input;
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
        return form === VALUE_FORMS.BOOL ? this.word(at, tag, true) : NO_MATCH;
      case LETTER_F:
        this.scalars++;
        return form === VALUE_FORMS.BOOL ? this.word(at, tag, false) : NO_MATCH;
      case LETTER_N:
        return (trait & IS_NULLABLE) !== 0 && isNull(words, at) ? at + 4 : NO_MATCH;
      case undefined:
        return NO_MATCH;
      default:
        this.scalars++;
        return this.number(at, form, tag);
    }
  }

  /** No element may be null, whatever the mode of the column. Values of fixed size or varints share one tag. */
  private array(start: number, trait: number, tag: number, record: CompiledRecord, index: number): number {
    const { bytes } = this.input;
    const form = (trait >> ELEMENT_SHIFT) & FORM;
    let at = skipSpace(bytes, start + 1);
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    const isPacked = PACKED[form] === 1;
    if (isPacked) this.tag(tag);
    const lengthAt = isPacked ? this.open() : 0;
    const elementTag = isPacked ? 0 : tag;
    for (;;) {
      const writtenTo = this.at;
      const scalarsBefore = this.scalars;
      at = this.value(at, form, elementTag, record, index);
      if (at === NO_MATCH) return NO_MATCH;
      if (this.scalars === scalarsBefore) {
        // A record without a scalar is an empty one.
        this.at = writtenTo;
        this.tag(elementTag);
        this.byte(0);
      }
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
/** A comparison that wrote no fields. */
const NOT_WRITTEN = 0;

/**
 * Compares bytes, which must be UTF-8, with the record. Null means "unknown". If they certainly fit: the number of this comparison,
 * by which `fieldsOf` finds the fields; with `verdictOnly` no fields are written.
 */
export function matchBytes(text: EventBytes, record: CompiledRecord, verdictOnly = false): number | null {
  if (!match.matches(text, record, verdictOnly)) return null;
  return verdictOnly ? NOT_WRITTEN : match.comparison;
}

/**
 * A writer with the fields of an event that matched, until the next event is compared. The event is compared again if its
 * fields were not written, or another one was in between.
 */
export function fieldsOf(bytes: Buffer, record: CompiledRecord, comparison: number): WireWriter {
  if (match.comparison !== comparison && !match.matches(eventBytes.load(bytes), record, false))
    throw new Error('An event that matched its table does not match it any more.');
  match.cut(match.fieldsSize);
  return match;
}

/** The buffer of the event that is compared. */
export const eventBytes = new EventBytes();

/** The offset after the quote that ends the key of this column, or NO_MATCH if another key is there. */
function matchMember(words: DataView, at: number, { keys, slots }: MemberLayout, index: number): number {
  const slot = index * SLOT_SIZE;
  const end = at + (slots[slot + KEY_LENGTH] as number);
  let key = slots[slot + KEY_START] as number;
  let from = at;
  // A word is read only if all before it were equal, so it begins within the text or right after it.
  for (; from + 4 <= end; from += 4) if (words.getInt32(from, true) !== keys[key++]) return NO_MATCH;
  const difference = from < end ? words.getInt32(from, true) ^ (keys[key] as number) : 0;
  return (difference & (BYTES_OF_WORD[end - from] as number)) === 0 ? end : NO_MATCH;
}

/** Masks of the first bytes of a word. */
const BYTES_OF_WORD = Int32Array.of(0, 0xff, 0xffff, 0xffffff);

/** The offset after the quote that ends a key; NO_MATCH if it has escapes. */
function endOfKey({ bytes, words }: EventBytes, start: number): number {
  const end = endOfPlain(words, start);
  return bytes[end] === QUOTE ? end + 1 : NO_MATCH;
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
export function leadingString(text: EventBytes, key: MemberLayout, texts: EventTypeCache): string | null {
  const { bytes, words } = text;
  const brace = skipSpace(bytes, 0);
  const quote = skipSpace(bytes, brace + 1);
  if (bytes[brace] !== OPEN_BRACE || bytes[quote] !== QUOTE) return null;
  const keyEnd = matchMember(words, quote + 1, key, 0);
  if (keyEnd === NO_MATCH) return null;
  const colon = skipSpace(bytes, keyEnd);
  const start = skipSpace(bytes, colon + 1);
  if (bytes[colon] !== COLON || bytes[start] !== QUOTE) return null;
  const end = endOfKey(text, start + 1);
  return end === NO_MATCH ? null : texts.textOf(text, start + 1, end - 1);
}
