import type { CompiledColumn, CompiledRecord } from '../schema/compile-schema.js';
import { DATE_IN_RANGE, DATETIME_IN_RANGE, readDateText, TIMESTAMP_IN_RANGE } from '../values/date-text.js';
import { VALUE_FORMS, type ValueForm } from '../schema/value-form.js';
import { hasNumericScale, hundredthsLength, NO_LENGTH, shortestNumberLength } from './shortest-number.js';

/** Levels of a value without a schema that the walk covers; deeper values are checked in their text. */
const MAX_WALK_DEPTH = 60;
/** Records with more columns are walked by their columns. */
const WIDE_RECORD = 96;
/** One look-up of a column that is not in the event is allowed for so many characters of its text. */
const CHARACTERS_PER_LOOKUP = 6;

/** A value as `JSON.parse` gives it. */
export type Parsed = null | boolean | number | string | readonly Parsed[] | ParsedObject;
export interface ParsedObject {
  readonly [key: string]: Parsed | undefined;
}

/**
 * Walks a parsed event once and finds whether every value fits its column, the number of keys, and the length of the
 * shortest text of everything walked.
 *
 * The length proves that nothing was hidden from the walk. `JSON.parse` silently drops the first of two equal keys, long
 * digits and spellings, but each of them makes the text longer than the shortest text of what is left. A text of exactly
 * that length has no duplicate key, no key without a column, no escape, no space and no rounded number. If it is longer
 * for a harmless reason, the number of keys and a scan of the bytes decide.
 */
export class ParsedWalk {
  /** Members walked so far. */
  keys = 0;
  /** False once a number was seen whose length proves nothing; the values may still fit. */
  hasProvedNumbers = true;
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
        if (column === undefined) return NO_LENGTH;
        next = column.index;
      }
      next++;
      this.keys++;
      length += column.keyLength + this.member(memberOf(value, key), column, column.valueForm);
    }
    if (record.required.length > 0 && !hasRequired(value, record)) return NO_LENGTH;
    return length === 1 ? 2 : length;
  }

  /**
   * The same, by the record's columns. V8 keeps objects with many members as hash tables, where iterating costs more than
   * a look-up per column; the number of look-ups is bounded by the length of the text.
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
      length += column.keyLength + this.member(member, column, column.valueForm);
    }
    if (record.required.length > 0 && !hasRequired(value, record)) return NO_LENGTH;
    return length === 1 ? 2 : length;
  }

  private member(value: Parsed, column: CompiledColumn, form: ValueForm): number {
    switch (form) {
      case VALUE_FORMS.STRING:
        if (typeof value === 'string') return value.length + 2;
        break;
      case VALUE_FORMS.INT64:
        if (typeof value === 'number' && Number.isSafeInteger(value)) return this.number(value);
        break;
      case VALUE_FORMS.NUMERIC:
        if (typeof value === 'number') return this.decimal(value);
        break;
      case VALUE_FORMS.BOOL:
        if (typeof value === 'boolean') return value ? 4 : 5;
        break;
      case VALUE_FORMS.DATE:
        if (typeof value === 'string' && readDateText(value) === DATE_IN_RANGE) return value.length + 2;
        break;
      case VALUE_FORMS.DATETIME:
        if (typeof value === 'string' && readDateText(value) === DATETIME_IN_RANGE) return value.length + 2;
        break;
      case VALUE_FORMS.TIMESTAMP:
        if (typeof value === 'string' && readDateText(value) === TIMESTAMP_IN_RANGE) return value.length + 2;
        break;
      case VALUE_FORMS.RECORD:
        if (typeof value === 'object' && value !== null && column.record !== null && !Array.isArray(value)) {
          return this.record(value as ParsedObject, column.record);
        }
        break;
      case VALUE_FORMS.FLOAT64:
        if (typeof value === 'number') return this.number(value);
        break;
      case VALUE_FORMS.JSON:
        if (value !== null) return this.json(value);
        break;
      case VALUE_FORMS.REPEATED:
        if (Array.isArray(value)) return this.elements(value as readonly Parsed[], column);
        break;
      case VALUE_FORMS.NEVER:
        break;
    }
    return value === null && column.mode !== 'REQUIRED' ? 4 : NO_LENGTH;
  }

  private elements(elements: readonly Parsed[], column: CompiledColumn): number {
    if (elements.length === 0) return 2;
    let length = 1 + elements.length;
    for (let index = 0; index < elements.length; index++) {
      const element = elements[index] as Parsed;
      length += element === null ? NO_LENGTH : this.member(element, column, column.elementForm);
    }
    return length;
  }

  private number(value: number): number {
    const length = shortestNumberLength(value);
    return length > 0 ? length : this.unproved(value);
  }

  private decimal(value: number): number {
    const length = hundredthsLength(value);
    if (length > 0) return length;
    return hasNumericScale(value) ? this.number(value) : NO_LENGTH;
  }

  private unproved(value: number): number {
    this.hasProvedNumbers = false;
    return Object.is(value, -0) ? NO_LENGTH : 0;
  }

  /** A JSON column takes any value that has a scalar. */
  private json(value: Exclude<Parsed, null>): number {
    const scalarsBefore = this.scalars;
    const length = this.any(value, 1);
    return this.scalars === scalarsBefore ? NO_LENGTH : length;
  }

  /** Length of the shortest text of any value, or negative when it is deeper than this walk goes. */
  any(value: Parsed, depth: number): number {
    if (value === null) return 4;
    if (typeof value === 'object') {
      if (depth > MAX_WALK_DEPTH) return NO_LENGTH;
      return Array.isArray(value)
        ? this.anyArray(value as readonly Parsed[], depth)
        : this.anyObject(value as ParsedObject, depth);
    }
    this.scalars++;
    if (typeof value === 'string') return value.length + 2;
    if (typeof value === 'number') return this.number(value);
    if (typeof value === 'boolean') return value ? 4 : 5;
    // A function: keys such as `toString` find one on every object.
    return NO_LENGTH;
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
 * A separate function: inlined in the loop, V8 would read members by position and deoptimise the loop repeatedly for
 * objects whose layout changes.
 */
function memberOf(value: ParsedObject, key: string): Parsed {
  return value[key] as Parsed;
}

function hasRequired(value: ParsedObject, { required }: CompiledRecord): boolean {
  return required.every((column) => Object.hasOwn(value, column.key));
}
