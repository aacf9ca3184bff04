import { DuckDBIntervalValue, DuckDBListValue, DuckDBStructValue, type DuckDBValue } from '@duckdb/node-api';
import { formatDate, formatDatetime, formatTime } from '../rules/civil-time.js';
import { formatScaled } from '../rules/decimals.js';
import { floatText, jsonFloatText } from './float-text.js';
import { intervalText } from './intervals.js';
import { isArray, isObject, type Json, JsonNumber, readJson, writeJson } from './json-tree.js';
import { fromDuck } from './natives.js';

/** The type of a value of ANY: a scalar's name, an array, a STRUCT with its fields' keys and names. */
export type Shape =
  | string
  | { readonly array: Shape }
  | { readonly struct: readonly (readonly [key: string, name: string, type: Shape])[] };

const shapes = new Map<string, readonly Shape[]>();

/** Reads a list of shapes, once for each text. */
export function shapesOf(text: string): readonly Shape[] {
  const known = shapes.get(text) ?? (JSON.parse(text) as Shape[]);
  if (shapes.size < 1000) shapes.set(text, known);
  return known;
}

const LOSSLESS = 2n ** 53n;

/** The integer of a BIGNUMERIC, scaled by 10^38. */
export function bignumericOf(value: DuckDBValue): bigint {
  return value instanceof DuckDBStructValue ? (value.entries['bignumeric'] as bigint) : 0n;
}

/** Dates, times and their like as JSON writes them; `undefined` for types that are no text there. */
function temporal(value: DuckDBValue, kind: string): string | undefined {
  const native = fromDuck(value);
  switch (kind) {
    case 'DATE':
      return formatDate(native as number);
    case 'TIME':
      return short(formatTime(native as bigint));
    case 'DATETIME':
      return short(formatDatetime(native as bigint));
    case 'TIMESTAMP':
      return `${short(formatDatetime(native as bigint))}Z`;
    case 'BYTES':
      return Buffer.from(native as Uint8Array).toString('base64');
    case 'INTERVAL':
      return value instanceof DuckDBIntervalValue ? isoInterval(value) : '';
    case 'STRING':
    case 'GEOGRAPHY':
      return native as string;
    default:
      return undefined;
  }
}

function isoInterval(value: DuckDBIntervalValue): string {
  const [months, days, clock = ''] = intervalText(value).split(' ');
  const [hours = '', minutes = '', seconds = ''] = clock.replace('-', '').split(':');
  const sign = clock.startsWith('-') ? '-' : '';
  const total = value.months;
  const part = (amount: number | string, unit: string, negative = ''): string =>
    Number(amount) === 0 ? '' : `${negative}${amount}${unit}`;
  const date = `${part(Math.trunc(total / 12), 'Y')}${part(total % 12, 'M')}${part(days ?? 0, 'D')}`;
  const trimmed = seconds.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
  const time = `${part(hours, 'H', sign)}${part(minutes, 'M', sign)}${part(trimmed, 'S', sign)}`;
  const whole = `${date}${time === '' ? '' : `T${time}`}`;
  return months === undefined || whole === '' ? 'P0Y' : `P${whole}`;
}

function short(text: string): string {
  return text.replace(/(\.\d{3})000$/, '$1');
}

/** A value as TO_JSON gives it: numbers stay numbers. */
export function toTree(value: DuckDBValue, shape: Shape): Json {
  if (value === null) return null;
  if (typeof shape === 'object') {
    if ('array' in shape)
      return value instanceof DuckDBListValue ? value.items.map((item) => toTree(item, shape.array)) : [];
    const members = new Map<string, Json>();
    if (value instanceof DuckDBStructValue)
      for (const [key, name, type] of shape.struct)
        if (!members.has(name)) members.set(name, toTree(value.entries[key] ?? null, type));
    return members;
  }
  switch (shape) {
    case 'BOOL':
      return value as boolean;
    case 'INT64':
      return new JsonNumber(String(value));
    case 'NUMERIC':
      return new JsonNumber(formatScaled(fromDuck(value) as bigint, 9));
    case 'BIGNUMERIC':
      return new JsonNumber(formatScaled(bignumericOf(value), 38));
    case 'FLOAT64':
      return Number.isFinite(value)
        ? new JsonNumber(jsonFloatText(value as number))
        : nonFinite(value as number);
    case 'JSON':
      return readJson(String(value));
    default:
      return temporal(value, shape) ?? null;
  }
}

function nonFinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function integerText(value: bigint): string {
  return value >= -LOSSLESS && value <= LOSSLESS ? String(value) : `"${value}"`;
}

function decimalText(value: bigint, scale: number): string {
  const unit = 10n ** BigInt(scale);
  return value % unit === 0n ? integerText(value / unit) : `"${formatScaled(value, scale)}"`;
}

/** A value as TO_JSON_STRING writes it: fields in their order, wide and broken decimals as text. */
export function encodeJson(value: DuckDBValue, shape: Shape, pretty: boolean): string {
  const compact = encode(value, shape);
  return pretty ? indented(readJson(compact), '') : compact;
}

function encode(value: DuckDBValue, shape: Shape): string {
  if (value === null) return 'null';
  if (typeof shape === 'object') {
    if ('array' in shape)
      return value instanceof DuckDBListValue
        ? `[${value.items.map((item) => encode(item, shape.array)).join(',')}]`
        : '[]';
    const members = shape.struct.map(([key, name, type]) => {
      const entry = value instanceof DuckDBStructValue ? (value.entries[key] ?? null) : null;
      return `${JSON.stringify(name)}:${encode(entry, type)}`;
    });
    return `{${members.join(',')}}`;
  }
  switch (shape) {
    case 'BOOL':
      return String(value);
    case 'INT64':
      return integerText(value as bigint);
    case 'NUMERIC':
      return decimalText(fromDuck(value) as bigint, 9);
    case 'BIGNUMERIC':
      return decimalText(bignumericOf(value), 38);
    case 'FLOAT64':
      return Number.isFinite(value) ? floatText(value as number) : `"${nonFinite(value as number)}"`;
    case 'JSON':
      return writeJson(readJson(String(value)), false);
    default:
      return JSON.stringify(temporal(value, shape) ?? null);
  }
}

function indented(tree: Json, margin: string): string {
  const inner = `${margin}  `;
  if (isArray(tree))
    return tree.length === 0
      ? '[]'
      : `[\n${tree.map((item) => `${inner}${indented(item, inner)}`).join(',\n')}\n${margin}]`;
  if (!isObject(tree)) return writeJson(tree);
  if (tree.size === 0) return '{}';
  const members = [...tree].map(([key, item]) => `${inner}${JSON.stringify(key)}: ${indented(item, inner)}`);
  return `{\n${members.join(',\n')}\n${margin}}`;
}
