import type { Column, ColumnMode, ColumnType } from '@pipeline/schema-inference';

/** A column's type as `physicalType` writes it. */
export interface PhysicalType {
  readonly type: ColumnType;
  readonly mode: ColumnMode;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
}

type TypedColumn = Pick<Column, 'type' | 'mode' | 'maxLength' | 'precision' | 'scale'>;

const TYPES: ReadonlyMap<string, ColumnType> = new Map<string, ColumnType>([
  ...(
    [
      ['BOOL', 'BOOLEAN'],
      ['INT64', 'INTEGER', 'INT'],
      ['NUMERIC', 'DECIMAL'],
      ['BIGNUMERIC', 'BIGDECIMAL'],
      ['FLOAT64', 'FLOAT'],
      ['RECORD', 'STRUCT'],
    ] as const
  ).flatMap(([type, ...aliases]) => [type, ...aliases].map((name) => [name, type] as const)),
  ...(
    [
      'STRING',
      'DATE',
      'DATETIME',
      'TIMESTAMP',
      'JSON',
      'BYTES',
      'TIME',
      'GEOGRAPHY',
      'INTERVAL',
      'RANGE',
    ] as const
  ).map((type) => [type, type] as const),
]);

/**
 * Returns a column's type in BigQuery's words, without the fields of a record.
 *
 * Shape: REPEATED STRING → `ARRAY<STRING>`; STRING of at most 3 → `STRING(3)`; NUMERIC → `NUMERIC`; RECORD → `STRUCT`.
 */
export function typeTextOf(column: TypedColumn): string {
  const element = elementTextOf(column);
  return column.mode === 'REPEATED' ? `ARRAY<${element}>` : element;
}

/** The type of one element of a REPEATED column. */
export function elementTextOf({ type, maxLength, precision, scale }: TypedColumn): string {
  const name = type === 'RECORD' ? 'STRUCT' : type;
  const parameters = [maxLength ?? precision, scale].filter((parameter) => parameter !== undefined);
  return parameters.length === 0 ? name : `${name}(${parameters.join(',')})`;
}

/** Reads a type in BigQuery's words; the fields of `STRUCT<…>` are ignored. @returns null if it is none */
export function parseTypeText(text: string): PhysicalType | null {
  const array = /^ARRAY\s*<(.*)>$/is.exec(text.trim());
  const element = (array?.[1] ?? text).trim();
  const match = /^([A-Z0-9]+)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)|<.*>)?$/is.exec(element);
  const type = TYPES.get((match?.[1] ?? '').toUpperCase());
  if (type === undefined) return null;
  const mode = array === null ? 'NULLABLE' : 'REPEATED';
  const [first, second] = [match?.[2], match?.[3]].map((digits) =>
    digits === undefined ? undefined : Number(digits),
  );
  if (first === undefined) return { type, mode };
  if (type === 'STRING' || type === 'BYTES')
    return second === undefined ? { type, mode, maxLength: first } : null;
  if (type !== 'NUMERIC' && type !== 'BIGNUMERIC') return null;
  return { type, mode, precision: first, ...(second === undefined ? {} : { scale: second }) };
}

/** The standard's `logicalType` of a BigQuery type. JSON has none: it holds any value. */
export function logicalTypeOf(type: ColumnType): string | undefined {
  return LOGICAL_TYPES[type];
}

const LOGICAL_TYPES: Partial<Readonly<Record<ColumnType, string>>> = {
  BOOL: 'boolean',
  INT64: 'integer',
  NUMERIC: 'number',
  BIGNUMERIC: 'number',
  FLOAT64: 'number',
  STRING: 'string',
  DATE: 'date',
  DATETIME: 'timestamp',
  TIMESTAMP: 'timestamp',
  TIME: 'time',
  RECORD: 'object',
};

/** The type that a column without `physicalType` has; null for a logical type that the standard does not know. */
export function typeOfLogical(logicalType: string): ColumnType | null {
  switch (logicalType) {
    case 'boolean':
      return 'BOOL';
    case 'integer':
      return 'INT64';
    case 'number':
      return 'NUMERIC';
    case 'string':
      return 'STRING';
    case 'date':
      return 'DATE';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'time':
      return 'TIME';
    case 'object':
      return 'RECORD';
    default:
      return null;
  }
}
