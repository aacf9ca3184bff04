import { quoteName, toSqlType } from '@pipeline/google-clients';
import { readNote, type Column, type ColumnType } from '@pipeline/schema-inference';
import { keyOf, type RetypedColumn } from './retyped-columns.js';

/**
 * Returns the SQL of a retyped column under its one name: the active column where it is set, else a retired one as the new type.
 *
 * A value that `fit` would put into `_overflow` is NULL here as well, so promotion changes nothing that readers see.
 * Source: GoogleSQL conversion rules, conversion functions, JSON functions and subqueries, read 2026-11-29.
 */
export function retypedValue({ active, retired }: RetypedColumn): string {
  const values = [
    quoteName(active.name),
    ...retired.flatMap((column) => convert(quoteName(column.name), column, active, 0) ?? []),
  ];
  if (active.mode !== 'REPEATED')
    return values.length === 1 ? values.join() : `COALESCE(${values.join(', ')})`;
  return values.reduceRight((rest, value) => `IF(ARRAY_LENGTH(${value}) > 0, ${value}, ${rest})`);
}

/** The value as the wanted column has it; null if no value of the one fits the other. `depth` numbers the aliases. */
function convert(value: string, from: Column, to: Column, depth: number): string | null {
  if (to.type === 'JSON' && to.mode !== 'REPEATED') return toJson(value, from, depth);
  if ((from.mode === 'REPEATED') !== (to.mode === 'REPEATED')) return null;
  if (to.mode !== 'REPEATED') return convertOne(value, from, to, depth);
  const element = `e${depth}`;
  const converted = convertOne(element, from, to, depth + 1);
  if (converted === null || converted === element) return converted === null ? null : value;
  return wholeArray(value, element, converted, to.type === 'RECORD' ? null : '[]');
}

/** An array is taken whole or not at all: `fit` never keeps half an array. */
function wholeArray(value: string, element: string, converted: string, otherwise: string | null): string {
  const array = `ARRAY(SELECT ${converted} FROM UNNEST(${value}) AS ${element} WITH OFFSET AS ${element}_at ORDER BY ${element}_at)`;
  return otherwise === null
    ? array
    : `IF((SELECT LOGICAL_OR(${converted} IS NULL) FROM UNNEST(${value}) AS ${element}), ${otherwise}, ${array})`;
}

function convertOne(value: string, from: Column, to: Column, depth: number): string | null {
  if (to.type === 'RECORD') return from.type === 'RECORD' ? convertRecord(value, from, to, depth) : null;
  if (to.type === 'JSON') return toJson(value, { ...from, mode: 'NULLABLE' }, depth);
  if (from.type === to.type) return value;
  if (from.type === 'JSON') return fromJson(value, to);
  if (from.type === 'STRING') return fromText(value, to.type);
  if (to.type === 'STRING') return toText(value, from.type, readNote(to.description).numbersAsText === true);
  return isNumber(from.type) && isNumber(to.type) ? exactCast(value, from.type, to.type) : null;
}

function convertRecord(value: string, from: Column, to: Column, depth: number): string {
  const given = new Map((from.columns ?? []).map((field) => [keyOf(field), field]));
  const fields = (to.columns ?? []).map((field) => {
    const before = given.get(keyOf(field));
    const name = quoteName(field.name);
    if (before === undefined) return { sql: `CAST(NULL AS ${toSqlType(field)}) AS ${name}`, isSame: false };
    const path = `${value}.${quoteName(before.name)}`;
    const converted = convert(path, before, field, depth) ?? `CAST(NULL AS ${toSqlType(field)})`;
    return { sql: `${converted} AS ${name}`, isSame: converted === path && before.name === field.name };
  });
  const isSame = fields.length === from.columns?.length && fields.every((field) => field.isSame);
  return isSame ? value : `IF(${value} IS NULL, NULL, STRUCT(${fields.map(({ sql }) => sql).join(', ')}))`;
}

/** Numbers that the wanted type does not hold exactly are NULL. */
function exactCast(value: string, from: ColumnType, to: ColumnType): string {
  if (RANK.indexOf(from) < RANK.indexOf(to) && to !== 'FLOAT64') return `CAST(${value} AS ${to})`;
  const cast = `SAFE_CAST(${value} AS ${to})`;
  return `IF(SAFE_CAST(${cast} AS ${from}) = ${value}, ${cast}, NULL)`;
}

const RANK: readonly ColumnType[] = ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64'];

function isNumber(type: ColumnType): boolean {
  return RANK.includes(type);
}

function toText(value: string, from: ColumnType, numbersAsText: boolean): string | null {
  if (isNumber(from)) return numbersAsText ? `CAST(${value} AS STRING)` : null;
  return dateText(value, from);
}

/** Times as rows have them. */
function dateText(value: string, from: ColumnType): string | null {
  if (from === 'DATE') return `CAST(${value} AS STRING)`;
  if (from === 'DATETIME') return `FORMAT_DATETIME('%FT%H:%M:%E*S', ${value})`;
  return from === 'TIMESTAMP' ? `FORMAT_TIMESTAMP('%FT%H:%M:%E6SZ', ${value})` : null;
}

const DATE = String.raw`\d{4}-\d{2}-\d{2}`;
const TIME = String.raw`T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?`;
/** The strict forms of `fit`; BigQuery itself casts more. */
const FORMS: Partial<Readonly<Record<ColumnType, string>>> = {
  DATE,
  DATETIME: DATE + TIME,
  TIMESTAMP: `${DATE}${TIME}${String.raw`(Z|[+-]([01]\d|2[0-3]):[0-5]\d)`}`,
};

function fromText(value: string, to: ColumnType): string | null {
  const form = FORMS[to];
  return form === undefined
    ? null
    : `IF(REGEXP_CONTAINS(${value}, r'^${form}$'), SAFE_CAST(${value} AS ${to}), NULL)`;
}

function fromJson(value: string, to: Column): string | null {
  const scalar = `JSON_VALUE(${value})`;
  const ifType = (types: readonly string[], then: string): string =>
    `IF(JSON_TYPE(${value}) IN (${types.map((type) => `'${type}'`).join(', ')}), ${then}, NULL)`;
  if (to.type === 'BOOL') return ifType(['boolean'], `SAFE_CAST(${scalar} AS BOOL)`);
  if (isNumber(to.type)) {
    const isExact = `SAFE_CAST(SAFE_CAST(${scalar} AS ${to.type}) AS BIGNUMERIC) = SAFE_CAST(${scalar} AS BIGNUMERIC)`;
    return ifType(['number'], `IF(${isExact}, SAFE_CAST(${scalar} AS ${to.type}), NULL)`);
  }
  if (to.type === 'STRING') {
    const takesNumbers = readNote(to.description).numbersAsText === true;
    return ifType(['string', ...(takesNumbers ? ['number'] : [])], scalar);
  }
  const parsed = fromText(scalar, to.type);
  return parsed === null ? null : ifType(['string'], parsed);
}

function toJson(value: string, from: Column, depth: number): string | null {
  if (from.mode !== 'REPEATED') return oneToJson(value, from, depth);
  const element = `e${depth}`;
  const converted = oneToJson(element, from, depth + 1);
  if (converted === null) return null;
  return `IF(ARRAY_LENGTH(${value}) > 0, TO_JSON(${wholeArray(value, element, converted, 'NULL')}), NULL)`;
}

/** An object has the keys of events, not the names of columns. */
function oneToJson(value: string, from: Column, depth: number): string | null {
  if (from.type === 'JSON') return value;
  if (from.type === 'RECORD') {
    const members = (from.columns ?? []).flatMap((field) => {
      const key = keyOf(field);
      const json = key === null ? null : toJson(`${value}.${quoteName(field.name)}`, field, depth);
      return key === null || json === null ? [] : [`${JSON.stringify(key)}, ${json}`];
    });
    return `IF(${value} IS NULL, NULL, JSON_STRIP_NULLS(JSON_OBJECT(${members.join(', ')})))`;
  }
  // TO_JSON of a NULL is a JSON null, which is a value.
  const ifSet = (json: string): string => `IF(${value} IS NULL, NULL, ${json})`;
  const text = dateText(value, from.type);
  if (text !== null) return ifSet(`TO_JSON(${text})`);
  if (from.type === 'NUMERIC' || from.type === 'BIGNUMERIC')
    return `IF(SAFE_CAST(CAST(${value} AS FLOAT64) AS ${from.type}) = ${value}, TO_JSON(${value}), NULL)`;
  return ['BOOL', 'INT64', 'FLOAT64', 'STRING'].includes(from.type) ? ifSet(`TO_JSON(${value})`) : null;
}
