import { parseDate, parseTime, parseTimestamp } from '../rules/civil-time.js';
import type { Field, FieldType } from '../rules/field-schema.js';
import type { CsvOptions } from './csv-options.js';
import type { CsvRecord, CsvValue } from './csv-records.js';

/** Records that decide the schema. Source: docs/schema-detect ("up to the first 500 rows"), from memory. */
export const DETECTED_RECORDS = 500;

/** Schema of a file, and how many of its records are headers or skipped. */
export interface DetectedCsv {
  readonly fields: readonly Field[];
  readonly leadingRecords: number;
}

/**
 * Guesses the columns of a file from its first records.
 *
 * Without `skipLeadingRows` the first record is a header if all its values are strings and another record has a column
 * that is none; 0 says that there is no header; n that it is the n-th record. Columns without a header are
 * `int64_field_0` and the like.
 * Source: docs/schema-detect, from memory.
 */
export function detectCsv(records: readonly CsvRecord[], options: CsvOptions): DetectedCsv {
  const { skipLeadingRows } = options;
  const [first, ...rest] = records.slice(Math.max(0, (skipLeadingRows ?? 1) - 1));
  const hasHeader = skipLeadingRows !== 0 && first !== undefined && isHeader(first, rest, options);
  const isSkipped = hasHeader || (skipLeadingRows ?? 0) > 0;
  const data = isSkipped ? rest : records;
  const width = Math.max(0, ...data.map(({ values }) => values.length), hasHeader ? first.values.length : 0);
  const used = new Set<string>();
  const fields = Array.from({ length: width }, (_, index): Field => {
    const type = typeOfColumn(data, index, options);
    const title = hasHeader ? first.values[index]?.text : undefined;
    return {
      name: unused(columnName(title) ?? `${TYPE_WORDS[type] ?? 'string'}_field_${index}`, used),
      type,
      mode: 'NULLABLE',
    };
  });
  return { fields, leadingRecords: skipLeadingRows ?? (hasHeader ? 1 : 0) };
}

/** The delimiter that a file's first line has most of; a comma without any. */
export function detectDelimiter(line: string): string {
  const count = (delimiter: string): number => line.split(delimiter).length;
  return ['|', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best), ',');
}

const TYPE_WORDS: Readonly<Partial<Record<FieldType, string>>> = {
  INTEGER: 'int64',
  FLOAT: 'double',
  BOOLEAN: 'bool',
  DATE: 'date',
  TIME: 'time',
  TIMESTAMP: 'timestamp',
};

function isHeader(first: CsvRecord, rest: readonly CsvRecord[], options: CsvOptions): boolean {
  const isText = first.values.every((value) => typeOfValue(value, options) === 'STRING');
  return isText && first.values.some((_, index) => typeOfColumn(rest, index, options) !== 'STRING');
}

function typeOfColumn(records: readonly CsvRecord[], index: number, options: CsvOptions): FieldType {
  let type: FieldType | undefined;
  for (const { values } of records) {
    const value = values[index];
    const next = value === undefined ? undefined : typeOfValue(value, options);
    if (next !== undefined) type = type === undefined ? next : joined(type, next);
  }
  return type ?? 'STRING';
}

function joined(a: FieldType, b: FieldType): FieldType {
  if (a === b) return a;
  const pair = [a, b];
  if (pair.every((type) => type === 'INTEGER' || type === 'FLOAT')) return 'FLOAT';
  return pair.every((type) => type === 'DATE' || type === 'TIMESTAMP') ? 'TIMESTAMP' : 'STRING';
}

const MAX_INTEGER_DIGITS = 18;

function typeOfValue({ text, isQuoted }: CsvValue, options: CsvOptions): FieldType | undefined {
  if (!isQuoted && options.nullMarkers.includes(text)) return undefined;
  if (/^(true|false)$/i.test(text)) return 'BOOLEAN';
  if (/^[+-]?\d+$/.test(text)) return text.length <= MAX_INTEGER_DIGITS ? 'INTEGER' : 'FLOAT';
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return 'FLOAT';
  if (parseDate(text) !== undefined) return 'DATE';
  if (parseTime(text) !== undefined) return 'TIME';
  return parseTimestamp(text) === undefined ? 'STRING' : 'TIMESTAMP';
}

/** A header as a column's name: other characters than letters, digits and `_` become `_`. */
function columnName(title: string | undefined): string | undefined {
  const name = (title ?? '').trim().replaceAll(/[^\p{L}\p{N}_]/gu, '_');
  if (name === '') return undefined;
  return /^\p{N}/u.test(name) ? `_${name}` : name;
}

function unused(name: string, used: Set<string>): string {
  let free = name;
  for (let number = 1; used.has(free.toLowerCase()); number += 1) free = `${name}_${number}`;
  used.add(free.toLowerCase());
  return free;
}
