import {
  compileSchema,
  decodeEvent,
  fit,
  readDateText,
  type Column,
  type OverflowReason,
} from '@pipeline/schema-inference';
import type { MetColumn } from './column-of-leaf.js';

/**
 * The reason for which a value is not in a column, in plain words.
 *
 * An array of scalars and a value for a JSON column go to the overflow whole: a leaf of it may be there because of another
 * one, and then the words say so.
 */
export function overflowWords(reason: OverflowReason | null, met: MetColumn | null, json: string): string {
  const column = met === null ? 'its column' : `column ${met.path.join('.')}`;
  const type = typeOf(met) ?? 'its type';
  switch (reason) {
    case 'SCHEMA_CLOSED':
      return `There is no room for it: the table or the record ${met === null ? '' : `${met.path.join('.')} `}is closed and takes no new columns and no wider types (a setting, a contract, the column budget, or 500 children of a record).`;
    case 'MIXED_ARRAY':
      return `The array holds values of different kinds, and ${column} is ${type}: an array is stored whole or not at all.`;
    case 'NULL_IN_ARRAY':
      return `The array holds null, which BigQuery refuses in an ARRAY: ${column} cannot take it.`;
    case 'NOT_WIDENABLE':
      return `It needs a wider type than ${type}, and BigQuery cannot widen ${column} in place, because it is an array or inside one.`;
    case 'AWAITING_APPROVAL':
      return `The contract of the table wants a person to approve the change that ${column} needs; pipeline approve makes it and moves the value.`;
    case 'AWAITING_COLUMN':
      return 'The column was missing or too narrow when the row was written; promotion moves the value once the column is there (pipeline promote).';
    case null:
      return 'The overflow gives no reason that this version knows.';
    case 'NOT_UNICODE':
    case 'OUT_OF_RANGE':
    case 'TYPE_CONFLICT':
    case 'NUMBER_NOT_REPRESENTABLE':
      if (met !== null && isWholeOrNothing(met) && !isReasonOf(reason, met, json)) {
        const whole = met.isElement ? 'an array' : 'a value of a JSON column';
        return `Another part of the same value is the reason (${reason}), and ${whole} is stored whole or not at all: ${column} (${type}) cannot take it.`;
      }
      return ownWords(reason, met, json);
  }
}

/** The type of a column as GoogleSQL writes it, for example `ARRAY<STRING(3)>`; null if there is no column. */
export function typeOf(met: MetColumn | null): string | null {
  if (met === null) return null;
  const { maxLength, precision, scale } = met.parameters ?? {};
  const parameters = [maxLength ?? precision, scale].filter((parameter) => parameter !== undefined);
  const type = parameters.length === 0 ? met.type : `${met.type}(${parameters.join(', ')})`;
  return met.repeated ? `ARRAY<${type}>` : type;
}

function isWholeOrNothing(met: MetColumn): boolean {
  return met.type === 'JSON' || (met.isElement && met.type !== 'RECORD');
}

/** True if the value alone would not fit the column for the same reason. */
function isReasonOf(reason: OverflowReason, met: MetColumn, json: string): boolean {
  const note = met.takesNumbersAsText ? { description: 'pipeline:{"numbersAsText":true}' } : {};
  const column: Column = { name: 'v', type: met.type, mode: 'NULLABLE', ...met.parameters, ...note };
  const decoded = decodeEvent({ data: Buffer.from(`{"v":${json}}`), attributes: { event_type: 't' } });
  if (decoded.kind !== 'event') return false;
  const { overflow } = fit(decoded.event, compileSchema({ columns: [column], closed: false }));
  return overflow?.entries[0]?.reason === reason;
}

type OwnReason = 'NOT_UNICODE' | 'OUT_OF_RANGE' | 'TYPE_CONFLICT' | 'NUMBER_NOT_REPRESENTABLE';

function ownWords(reason: OwnReason, met: MetColumn | null, json: string): string {
  const column = met === null ? 'its column' : `column ${met.path.join('.')}`;
  const holder = met === null ? 'its column' : `${column} (${typeOf(met) ?? ''})`;
  switch (reason) {
    case 'NOT_UNICODE':
      return 'The text holds half a surrogate pair, which is no Unicode and which no BigQuery column can hold.';
    case 'NUMBER_NOT_REPRESENTABLE':
      return met?.type === 'JSON'
        ? `BigQuery's JSON type would round this number, so ${holder} cannot hold it; the literal is kept as it was written.`
        : `No type that ${column} could have holds this number digit for digit; the literal is kept as it was written.`;
    case 'OUT_OF_RANGE':
      return `${outOfRange(met, json)}, so ${holder} cannot hold it.`;
    case 'TYPE_CONFLICT':
      return `${conflict(met, json)}, and ${column} holds ${typeOf(met) ?? 'its type'}. A column never changes to another kind, because that would break the queries that use it.`;
  }
}

function outOfRange(met: MetColumn | null, json: string): string {
  if (met?.parameters === undefined || met.parameters === null) {
    return 'It is written as a date, but its year is outside 0001 to 9999';
  }
  if (met.type !== 'STRING') return 'It has more digits before or after the point, and is never rounded';
  const text = textOf(json) ?? json;
  return `It has ${Array.from(text).length} characters, and is never cut`;
}

function conflict(met: MetColumn | null, json: string): string {
  if (met?.isBelow === true) return 'It is part of an object or an array';
  const text = textOf(json);
  if (text === null) return json === 'true' || json === 'false' ? 'It is true or false' : 'It is a number';
  const type = met?.type;
  return type === 'DATE' || type === 'DATETIME' || type === 'TIMESTAMP'
    ? dateConflict(text, type)
    : 'It is text';
}

/** A date-time up to the microsecond, more digits, and its zone. */
const LONG_FRACTION = /^(.{10}T\d\d:\d\d:\d\d\.\d{6})\d+(.*)$/;
const DATE_LIKE = /^\d{4}-\d{1,2}-\d{1,2}/;

function dateConflict(text: string, type: 'DATE' | 'DATETIME' | 'TIMESTAMP'): string {
  const read = readDateText(text);
  if (read !== null) {
    if (read.type === 'DATE') return 'It is a date without a time of day';
    if (type === 'DATE') return 'It is a date with a time of day';
    return read.type === 'DATETIME' ? 'It is a time without a zone' : 'It is a time with a zone';
  }
  const [, microseconds, zone] = LONG_FRACTION.exec(text) ?? [];
  if (microseconds !== undefined && readDateText(`${microseconds}${zone ?? ''}`)?.type === type) {
    return 'It has more than 6 digits of a second, which BigQuery would cut';
  }
  return DATE_LIKE.test(text)
    ? 'It is text that begins like a date, but is none in the form of RFC 3339'
    : 'It is text that is no date';
}

/** The text of a JSON string; null for another kind. */
function textOf(json: string): string | null {
  return json.startsWith('"') ? (JSON.parse(json) as string) : null;
}
