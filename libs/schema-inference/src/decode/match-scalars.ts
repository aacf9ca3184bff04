import { VALUE_FORMS, type ValueForm } from '../schema/value-form.js';
import { WireWriter } from '../values/wire-writer.js';
import { bytesBefore, endOfPlain, EventBytes, stringEnds } from './event-bytes.js';
import { dateDays, isDatetime, timestampMicros } from './match-date.js';

const QUOTE = 34;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const BACKSLASH = 92;
const LETTER_U = 117;

/** Digits of a number that a double holds, whatever they are. */
const MAX_DIGITS = 15;
const NUMERIC_SCALE = 9;
const POWERS_OF_TEN = Float64Array.from({ length: NUMERIC_SCALE + 1 }, (_, scale) => 10 ** scale);
/** 1 for the bytes of a string that mean themselves. */
const IN_STRING = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 32 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
/** The byte that a letter after a backslash means; 0 for the others. */
const ESCAPED = new Uint8Array(256);
for (const [letter, byte] of Object.entries({
  '"': 34,
  '\\': 92,
  '/': 47,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
})) {
  ESCAPED[letter.charCodeAt(0)] = byte;
}
/** Not an offset: the bytes may not be JSON that fits. */
export const NO_MATCH = -1;

/**
 * Reads scalars from the bytes of a JSON text and writes them as protocol buffers, each in the form of its column.
 *
 * Every method returns the offset after the value, or NO_MATCH if the bytes are no value of that form or need the exact
 * reader. A tag of 0 is not written: the values of a packed array have one tag together.
 */
export abstract class ScalarMatch extends WireWriter {
  protected input = new EventBytes();

  /** A value that begins with a quote. */
  protected quoted(start: number, form: ValueForm, tag: number): number {
    if (form === VALUE_FORMS.STRING) return this.string(start, tag);
    if (form < VALUE_FORMS.DATE || form > VALUE_FORMS.TIMESTAMP) return NO_MATCH;
    const { bytes, words } = this.input;
    const end = endOfPlain(words, start + 1);
    if (bytes[end] !== QUOTE) return NO_MATCH;
    if (form === VALUE_FORMS.DATETIME) {
      return isDatetime(bytes, start + 1, end) ? this.string(start, tag) : NO_MATCH;
    }
    const read = form === VALUE_FORMS.DATE ? dateDays : timestampMicros;
    const value = read(bytes, start + 1, end);
    if (Number.isNaN(value)) return NO_MATCH;
    if (tag !== 0) this.tag(tag);
    this.integer(value);
    return end + 1;
  }

  private string(start: number, tag: number): number {
    this.tag(tag);
    const lengthAt = this.open();
    let end = this.isDiscarding ? endOfPlain(this.input.words, start + 1) : this.copyPlain(start + 1);
    const { bytes } = this.input;
    if (bytes[end] === BACKSLASH) end = this.escapes(end);
    if (bytes[end] !== QUOTE) return NO_MATCH;
    this.close(lengthAt);
    return end + 1;
  }

  /** Writes the bytes up to the first one that does not mean itself; returns the offset of that. */
  private copyPlain(start: number): number {
    const { view } = this;
    const { words } = this.input;
    let to = this.at;
    for (let at = start; ; at += 4) {
      const word = words.getInt32(at, true);
      // What a word has too much is overwritten by what comes next.
      view.setInt32(to, word, true);
      const ends = stringEnds(word);
      if (ends !== 0) {
        const rest = bytesBefore(ends);
        this.at = to + rest;
        return at + rest;
      }
      to += 4;
    }
  }

  /** The rest of a string from its first escape; returns the offset of what ends it. */
  private escapes(start: number): number {
    const { out } = this;
    const { bytes } = this.input;
    let at = start;
    for (;;) {
      const byte = bytes[at] as number;
      if (byte !== BACKSLASH) {
        if (IN_STRING[byte] !== 1) return at;
        out[this.at++] = byte;
        at++;
        continue;
      }
      const letter = bytes[at + 1] ?? 0;
      const meaning = ESCAPED[letter] as number;
      if (meaning !== 0) {
        out[this.at++] = meaning;
        at += 2;
      } else {
        if (letter !== LETTER_U || !this.codeUnit(at + 2)) return at;
        at += 6;
      }
    }
  }

  /** Four hexadecimal digits as UTF-8; false for half a surrogate pair. */
  private codeUnit(at: number): boolean {
    let code = 0;
    for (let index = 0; index < 4; index++) {
      const digit = hexDigit(this.input.bytes[at + index] ?? 0);
      if (digit < 0) return false;
      code = code * 16 + digit;
    }
    if (code >= 0xd800 && code <= 0xdfff) return false;
    const { out } = this;
    if (code < 0x80) out[this.at++] = code;
    else {
      if (code < 0x800) out[this.at++] = 0xc0 | (code >> 6);
      else {
        out[this.at++] = 0xe0 | (code >> 12);
        out[this.at++] = 0x80 | ((code >> 6) & 63);
      }
      out[this.at++] = 0x80 | (code & 63);
    }
    return true;
  }

  /** A number of at most 15 digits without exponent, −0 apart. */
  protected number(start: number, form: ValueForm, tag: number): number {
    const isNumeric = form === VALUE_FORMS.NUMERIC || form === VALUE_FORMS.FLOAT64;
    if (form !== VALUE_FORMS.INT64 && !isNumeric) return NO_MATCH;
    const { bytes } = this.input;
    const first = bytes[start] === MINUS ? start + 1 : start;
    let digits = 0;
    let at = first;
    for (; isDigit(bytes[at]); at++) digits = digits * 10 + ((bytes[at] as number) - 48);
    const integerEnd = at;
    const integerDigits = integerEnd - first;
    if (integerDigits === 0 || integerDigits > MAX_DIGITS) return NO_MATCH;
    if (bytes[first] === ZERO && integerDigits > 1) return NO_MATCH;
    let scale = 0;
    if (bytes[at] === POINT) {
      for (at++; isDigit(bytes[at]); at++) digits = digits * 10 + ((bytes[at] as number) - 48);
      scale = at - integerEnd - 1;
      if (!isNumeric || scale === 0 || scale > NUMERIC_SCALE || integerDigits + scale > MAX_DIGITS) {
        return NO_MATCH;
      }
    }
    const after = bytes[at];
    if (after === 101 || after === 69 || (digits === 0 && first !== start)) return NO_MATCH;
    if (form === VALUE_FORMS.NUMERIC) {
      this.decimal(start, integerEnd, at, tag);
      return at;
    }
    if (tag !== 0) this.tag(tag);
    // Both are doubles exactly, and so the quotient is the double nearest to the literal.
    const size = scale === 0 ? digits : digits / (POWERS_OF_TEN[scale] as number);
    const value = first === start ? size : -size;
    if (form === VALUE_FORMS.INT64) this.integer(value);
    else this.double(value);
    return at;
  }

  /** The digits as text, without zeros at the end. */
  private decimal(start: number, integerEnd: number, end: number, tag: number): void {
    if (this.isDiscarding) return;
    const { bytes, words } = this.input;
    let last = end;
    if (last > integerEnd) {
      while (bytes[last - 1] === ZERO) last--;
      if (last - 1 === integerEnd) last = integerEnd;
    }
    this.tag(tag);
    this.out[this.at++] = last - start;
    // What the last word has too much is overwritten by what comes next.
    for (let at = start; at < last; at += 4) {
      this.view.setInt32(this.at + at - start, words.getInt32(at, true), true);
    }
    this.at += last - start;
  }

  /** `true` and `false` differ by their first letter, which the caller has seen. */
  protected word(at: number, tag: number, isTrue: boolean): number {
    const { words } = this.input;
    if (!(isTrue ? words.getInt32(at, true) === TRUE : words.getInt32(at + 1, true) === ALSE)) {
      return NO_MATCH;
    }
    if (tag !== 0) this.tag(tag);
    this.out[this.at++] = isTrue ? 1 : 0;
    return isTrue ? at + 4 : at + 5;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** Words of four letters as they are read: `true`, `alse` and `null`. */
const TRUE = 0x65757274;
const ALSE = 0x65736c61;
const NULL = 0x6c6c756e;

export function isNull(words: DataView, at: number): boolean {
  return words.getInt32(at, true) === NULL;
}
