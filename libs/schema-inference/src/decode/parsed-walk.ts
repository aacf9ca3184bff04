import type { CompiledColumn, CompiledRecord } from '../schema/compile-schema.js';
import { DATE_IN_RANGE, DATETIME_IN_RANGE, readDateText, TIMESTAMP_IN_RANGE } from '../values/date-text.js';
import { PLAIN_FORMS, type PlainForm } from '../schema/plain-form.js';
import { hasNumericScale, hundredthsLength, NOT_PLAIN, plainNumberLength } from './plain-number.js';

/** How deep a value without a schema is walked; deeper ones are looked at in their text. */
const MAX_PLAIN_DEPTH = 60;
/** Records with more columns are walked by their columns. */
const WIDE_RECORD = 96;
/** Look-ups of columns that are not in the event are allowed up to one for so many characters of its text. */
const CHARACTERS_PER_LOOKUP = 6;

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
    this.lookups = textLength / CHARACTERS_PER_LOOKUP;
  }

  /** Length of the shortest text of an object that fits the record, or negative when something does not fit. */
  record(value: ParsedObject, record: CompiledRecord): number {
    const { columns } = record;
    if (columns.length > WIDE_RECORD && columns.length <= this.lookups) return this.wideRecord(value, record);
    let length = 1;
    let next = 0;
    for (const key in value) {
      let column = columns[next];
      if (column === undefined || column.key !== key) {
        column = record.byKey.get(key);
        if (column === undefined) return NOT_PLAIN;
        next = column.index;
      }
      next++;
      this.keys++;
      length += column.keyLength + this.member(memberOf(value, key), column, column.plainForm);
    }
    if (record.required.length > 0 && !hasRequired(value, record)) return NOT_PLAIN;
    return length === 1 ? 2 : length;
  }

  /**
   * The same by the record's columns. Objects of many members are hash tables to V8, and walking those in order costs
   * more than asking them for every key; only as many keys are asked for as the text is long.
   */
  private wideRecord(value: ParsedObject, record: CompiledRecord): number {
    const { columns } = record;
    this.lookups -= columns.length;
    let length = 1;
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index] as CompiledColumn;
      const member = value[column.key];
      if (member === undefined) continue;
      this.keys++;
      length += column.keyLength + this.member(member, column, column.plainForm);
    }
    if (record.required.length > 0 && !hasRequired(value, record)) return NOT_PLAIN;
    return length === 1 ? 2 : length;
  }

  private member(value: Parsed, column: CompiledColumn, form: PlainForm): number {
    switch (form) {
      case PLAIN_FORMS.STRING:
        if (typeof value === 'string') return value.length + 2;
        break;
      case PLAIN_FORMS.INT64:
        if (typeof value === 'number' && Number.isSafeInteger(value)) return this.number(value);
        break;
      case PLAIN_FORMS.NUMERIC:
        if (typeof value === 'number') return this.decimal(value);
        break;
      case PLAIN_FORMS.BOOL:
        if (typeof value === 'boolean') return value ? 4 : 5;
        break;
      case PLAIN_FORMS.DATE:
        if (typeof value === 'string' && readDateText(value) === DATE_IN_RANGE) return value.length + 2;
        break;
      case PLAIN_FORMS.DATETIME:
        if (typeof value === 'string' && readDateText(value) === DATETIME_IN_RANGE) return value.length + 2;
        break;
      case PLAIN_FORMS.TIMESTAMP:
        if (typeof value === 'string' && readDateText(value) === TIMESTAMP_IN_RANGE) return value.length + 2;
        break;
      case PLAIN_FORMS.RECORD:
        if (typeof value === 'object' && value !== null && column.record !== null && !Array.isArray(value)) {
          return this.record(value as ParsedObject, column.record);
        }
        break;
      case PLAIN_FORMS.FLOAT64:
        if (typeof value === 'number') return this.number(value);
        break;
      case PLAIN_FORMS.JSON:
        if (value !== null) return this.json(value);
        break;
      case PLAIN_FORMS.REPEATED:
        if (Array.isArray(value)) return this.elements(value as readonly Parsed[], column);
        break;
      case PLAIN_FORMS.NEVER:
        break;
    }
    return value === null && column.mode !== 'REQUIRED' ? 4 : NOT_PLAIN;
  }

  private elements(elements: readonly Parsed[], column: CompiledColumn): number {
    if (elements.length === 0) return 2;
    let length = 1 + elements.length;
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index] as Parsed;
      length += element === null ? NOT_PLAIN : this.member(element, column, column.elementForm);
    }
    return length;
  }

  private number(value: number): number {
    const length = plainNumberLength(value);
    return length > 0 ? length : this.unproved(value);
  }

  private decimal(value: number): number {
    const length = hundredthsLength(value);
    if (length > 0) return length;
    return hasNumericScale(value) ? this.number(value) : NOT_PLAIN;
  }

  private unproved(value: number): number {
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

/**
 * A load of its own: in the loop itself V8 would read members by their place in the loop, and throw the compiled loop
 * away again and again once it meets an object whose places changed meanwhile.
 */
function memberOf(value: ParsedObject, key: string): Parsed {
  return value[key] as Parsed;
}

function hasRequired(value: ParsedObject, { required }: CompiledRecord): boolean {
  return required.every((column) => Object.hasOwn(value, column.key));
}
