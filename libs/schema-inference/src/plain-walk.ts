import type { CompiledColumn, CompiledRecord } from './compile-schema.js';
import { readDateText } from './date-text.js';
import { hasNumericScale, NOT_PLAIN, plainNumberLength } from './plain-number.js';

/** How deep a value without a schema is walked; deeper ones are looked at in their text. */
const MAX_PLAIN_DEPTH = 60;
/** Look-ups of columns that are not in the event are allowed up to one for so many characters of its text. */
const CHARACTERS_PER_LOOKUP = 6;
const SPARE_LOOKUPS = 64;

/** A value as `JSON.parse` gives it. */
export type Parsed = null | boolean | number | string | readonly Parsed[] | ParsedObject;
export interface ParsedObject {
  readonly [key: string]: Parsed | undefined;
}

/**
 * One walk over a parsed event that answers three questions: does every value fit its column, how many keys were
 * there, and how long is the shortest text of all that was walked.
 *
 * The length is the proof that nothing was hidden from the walk. `JSON.parse` drops the first of two equal keys, long
 * digits and spellings in silence, but each of them makes the text longer than the shortest text of what is left. A text
 * of exactly that length has no duplicate key, no key without a column, no escape, no space and no rounded number.
 * Where it is longer for a harmless reason, the number of keys and a scan of the bytes decide.
 */
export class PlainWalk {
  /** Members walked so far. */
  keys = 0;
  /** False once a number was seen whose length proves nothing; the values may still fit. */
  hasPlainNumbers = true;
  private scalars = 0;
  private lookups: number;

  constructor(textLength: number) {
    this.lookups = textLength / CHARACTERS_PER_LOOKUP + SPARE_LOOKUPS;
  }

  /** Length of the shortest text of an object that fits the record, or negative when something does not fit. */
  record(value: ParsedObject, record: CompiledRecord): number {
    const { columns } = record;
    this.lookups -= columns.length;
    if (this.lookups < 0) return this.sparseRecord(value, record);
    let length = 1;
    let found = 0;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as CompiledColumn;
      const member = value[column.key];
      if (member === undefined) {
        if (column.mode === 'REQUIRED') return NOT_PLAIN;
        continue;
      }
      found++;
      length += column.keyLength + this.member(member, column);
    }
    this.keys += found;
    return found === 0 ? 2 : length;
  }

  /** The same by the event's keys: for records with many more columns than the event has values. */
  private sparseRecord(value: ParsedObject, record: CompiledRecord): number {
    if (record.required.length > 0) return NOT_PLAIN;
    let length = 1;
    let found = 0;
    for (const key in value) {
      const column = record.byKey.get(key);
      const member = value[key];
      if (column === undefined || member === undefined) return NOT_PLAIN;
      found++;
      length += column.keyLength + this.member(member, column);
    }
    this.keys += found;
    return found === 0 ? 2 : length;
  }

  private member(value: Parsed, column: CompiledColumn): number {
    if (value === null) return column.mode === 'REQUIRED' ? NOT_PLAIN : 4;
    if (column.mode !== 'REPEATED') return this.one(value, column);
    if (!Array.isArray(value)) return NOT_PLAIN;
    const elements = value as readonly Parsed[];
    let length = elements.length === 0 ? 2 : 1 + elements.length;
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index] as Parsed;
      length += element === null ? NOT_PLAIN : this.one(element, column);
    }
    return length;
  }

  private one(value: Exclude<Parsed, null>, column: CompiledColumn): number {
    switch (column.type) {
      case 'STRING':
        return typeof value === 'string' ? value.length + 2 : NOT_PLAIN;
      case 'INT64':
        return typeof value === 'number' && Number.isSafeInteger(value) ? this.number(value) : NOT_PLAIN;
      case 'NUMERIC':
        return typeof value === 'number' && hasNumericScale(value) ? this.number(value) : NOT_PLAIN;
      case 'BOOL':
        return value === true ? 4 : value === false ? 5 : NOT_PLAIN;
      case 'DATE':
      case 'DATETIME':
      case 'TIMESTAMP':
        return typeof value === 'string' && isDate(value, column.type) ? value.length + 2 : NOT_PLAIN;
      case 'RECORD':
        return column.record !== null && typeof value === 'object' && !Array.isArray(value)
          ? this.record(value as ParsedObject, column.record)
          : NOT_PLAIN;
      case 'FLOAT64':
        return typeof value === 'number' ? this.number(value) : NOT_PLAIN;
      case 'JSON':
        return this.json(value);
      case 'BIGNUMERIC':
      case 'BYTES':
      case 'TIME':
      case 'GEOGRAPHY':
      case 'INTERVAL':
      case 'RANGE':
        return NOT_PLAIN;
    }
  }

  private number(value: number): number {
    const length = plainNumberLength(value);
    if (length > 0) return length;
    this.hasPlainNumbers = false;
    return Object.is(value, -0) ? NOT_PLAIN : 0;
  }

  /** A JSON column takes any value but one without a scalar, which is nothing. */
  private json(value: Exclude<Parsed, null>): number {
    const scalarsBefore = this.scalars;
    const length = this.any(value, 1);
    return this.scalars === scalarsBefore ? NOT_PLAIN : length;
  }

  /** Length of the shortest text of any value, or negative when it is deeper than this walk goes. */
  any(value: Parsed, depth: number): number {
    if (value === null) return 4;
    if (typeof value === 'object') {
      if (depth > MAX_PLAIN_DEPTH) return NOT_PLAIN;
      return Array.isArray(value)
        ? this.anyArray(value as readonly Parsed[], depth)
        : this.anyObject(value as ParsedObject, depth);
    }
    this.scalars++;
    if (typeof value === 'string') return value.length + 2;
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'boolean') return value ? 4 : 5;
    // A function: what a key like `toString` finds on every object.
    return NOT_PLAIN;
  }

  private anyArray(elements: readonly Parsed[], depth: number): number {
    let length = elements.length === 0 ? 2 : 1 + elements.length;
    for (let index = 0; index < elements.length; index++)
      length += this.any(elements[index] as Parsed, depth + 1);
    return length;
  }

  private anyObject(value: ParsedObject, depth: number): number {
    let length = 1;
    let found = 0;
    for (const key in value) {
      found++;
      length += key.length + 4 + this.any(value[key] as Parsed, depth + 1);
    }
    this.keys += found;
    return found === 0 ? 2 : length;
  }
}

function isDate(text: string, type: 'DATE' | 'DATETIME' | 'TIMESTAMP'): boolean {
  const date = readDateText(text);
  return date !== null && date.type === type && date.isInRange;
}
