import { MICROS_PER_DAY, parseDate, parseDatetime } from '../rules/civil-time.js';
import type { Cell } from '../rules/cell.js';
import { formatScaled } from '../rules/decimals.js';
import type { Field, FieldMode, FieldType } from '../rules/field-schema.js';
import { isJsonObject, type JsonObject, stringAt } from '../rules/json.js';
import { CoercionFailure } from '../rules/scalar-coercion.js';
import { AvroFailure } from './avro-container.js';
import { type DecimalTarget, decimalTarget } from './decimal-target.js';

/** A column that an Avro field becomes, and the reader of its values. Errors: {@link CoercionFailure}. */
export interface AvroColumn {
  readonly field: Field;
  readonly read: (value: unknown) => Cell;
}

/** Settings of the job that decide types. */
export interface AvroOptions {
  readonly useLogicalTypes: boolean;
  readonly decimalTargets: readonly DecimalTarget[];
}

/** A type without its mode. */
interface Content {
  readonly type: FieldType;
  readonly read: (value: unknown) => Cell;
  readonly columns?: readonly AvroColumn[];
}

type Named = ReadonlyMap<string, unknown>;

/**
 * The columns of an Avro record, as BigQuery derives them.
 *
 * Shape: `["null", T]` → NULLABLE, T → REQUIRED, arrays and maps (`{key, value}`) → REPEATED; enum → STRING, fixed → BYTES;
 * `sqlType` JSON and GEOGRAPHY of strings; dates and times by `logicalType` with `useAvroLogicalTypes`, decimals always.
 * Errors: {@link AvroFailure} for unions of several types, arrays of arrays, records inside themselves.
 * Source: cloud.google.com/bigquery/docs/loading-data-cloud-storage-avro (conversions), from memory; decimals without
 * `useAvroLogicalTypes` are unsure.
 */
export function avroColumns(schema: unknown, options: AvroOptions): readonly AvroColumn[] {
  if (!isJsonObject(schema) || schema['type'] !== 'record')
    throw new AvroFailure('The schema of the file is no record.');
  const named = new Map<string, unknown>();
  collectNames(schema, '', named);
  return recordColumns(schema, { options, named, above: [], namespace: namespaceOf(schema, '') });
}

interface Context {
  readonly options: AvroOptions;
  readonly named: Named;
  /** Full names of the records that contain this one. */
  readonly above: readonly string[];
  readonly namespace: string;
}

function recordColumns(record: JsonObject, context: Context): AvroColumn[] {
  const name = fullName(record, context.namespace);
  if (context.above.includes(name)) throw new AvroFailure(`The record ${name} contains itself.`);
  const inner = {
    ...context,
    above: [...context.above, name],
    namespace: namespaceOf(record, context.namespace),
  };
  return list(record['fields']).map((field) => column(String(field['name']), field['type'], inner));
}

function column(name: string, type: unknown, context: Context): AvroColumn {
  const { type: present, isNullable } = nullable(type, name);
  const resolved = resolve(present, context);
  const kind = kindOf(resolved);
  if (kind === 'array' || kind === 'map') {
    const inner = unwrapped(isNullable);
    const read = kind === 'array' ? arrayOf(name, resolved, context) : mapOf(name, resolved, context);
    return {
      field: read.field,
      read: (value) => {
        const content = inner(value);
        return content === null ? [] : read.read(content);
      },
    };
  }
  return single(name, isNullable, content(name, resolved, context));
}

function single(name: string, isNullable: boolean, { type, read, columns }: Content): AvroColumn {
  const inner = unwrapped(isNullable);
  return {
    field: fieldOf(name, type, isNullable ? 'NULLABLE' : 'REQUIRED', columns),
    read: (value) => {
      const present = inner(value);
      return present === null ? null : read(present);
    },
  };
}

function arrayOf(name: string, type: unknown, context: Context): AvroColumn {
  const { type: element, isNullable } = nullable((type as JsonObject)['items'], name);
  const resolved = resolve(element, context);
  if (['array', 'map'].includes(kindOf(resolved)))
    throw new AvroFailure(`Field ${name} is an array of arrays.`);
  return repeated(name, isNullable, content(name, resolved, context));
}

function repeated(name: string, isNullable: boolean, { type, read, columns }: Content): AvroColumn {
  const inner = unwrapped(isNullable);
  return {
    field: fieldOf(name, type, 'REPEATED', columns),
    read: (value) =>
      (value as readonly unknown[]).map((element) => {
        const present = inner(element);
        if (present === null)
          throw new CoercionFailure(`Only optional fields can be set to NULL. Field: ${name}; Value: NULL`);
        return read(present);
      }),
  };
}

function mapOf(name: string, type: unknown, context: Context): AvroColumn {
  const value = column('value', (type as JsonObject)['values'], context);
  const key = { name: 'key', type: 'STRING', mode: 'REQUIRED' } as const;
  return {
    field: { name, type: 'RECORD', mode: 'REPEATED', fields: [key, value.field] },
    read: (entries) =>
      Object.entries(entries as object).map(([entryKey, entry]) => [entryKey, value.read(entry)]),
  };
}

function fieldOf(name: string, type: FieldType, mode: FieldMode, columns?: readonly AvroColumn[]): Field {
  return {
    name,
    type,
    mode,
    ...(columns === undefined ? {} : { fields: columns.map(({ field }) => field) }),
  };
}

function content(name: string, type: unknown, context: Context): Content {
  const kind = kindOf(type);
  const attributes = isJsonObject(type) ? type : {};
  switch (kind) {
    case 'boolean':
      return { type: 'BOOLEAN', read: (value) => value as boolean };
    case 'int':
    case 'long':
      return integer(context.options.useLogicalTypes ? attributes['logicalType'] : undefined);
    case 'float':
    case 'double':
      return { type: 'FLOAT', read: (value) => value as number };
    case 'bytes':
    case 'fixed':
      return attributes['logicalType'] === 'decimal'
        ? decimal(attributes, context.options.decimalTargets)
        : { type: 'BYTES', read: (value) => value as Uint8Array };
    case 'enum':
      return { type: 'STRING', read: (value) => value as string };
    case 'string':
      return text(name, attributes, context.options);
    case 'record': {
      const columns = recordColumns(attributes, context);
      return { type: 'RECORD', columns, read: (value) => readRecord(columns, value) };
    }
    default:
      throw new AvroFailure(`Field ${name} has the type ${kind}, which this server does not load.`);
  }
}

/** Cells of a record in the order of its columns. */
export function readRecord(columns: readonly AvroColumn[], value: unknown): readonly Cell[] {
  const members = value as Readonly<Record<string, unknown>>;
  return columns.map(({ field, read }) => read(members[field.name]));
}

function integer(logicalType: unknown): Content {
  switch (logicalType) {
    case 'date':
      return { type: 'DATE', read: (value) => inDays(Number(value)) };
    case 'time-millis':
      return { type: 'TIME', read: (value) => inDay(BigInt(value as number) * 1_000n) };
    case 'time-micros':
      return { type: 'TIME', read: (value) => inDay(value as bigint) };
    case 'timestamp-millis':
      return { type: 'TIMESTAMP', read: (value) => inTime((value as bigint) * 1_000n) };
    case 'timestamp-micros':
      return { type: 'TIMESTAMP', read: (value) => inTime(value as bigint) };
    case 'local-timestamp-millis':
      return { type: 'DATETIME', read: (value) => inTime((value as bigint) * 1_000n) };
    case 'local-timestamp-micros':
      return { type: 'DATETIME', read: (value) => inTime(value as bigint) };
    default:
      return { type: 'INTEGER', read: (value) => BigInt(value as number | bigint) };
  }
}

const FIRST_DAY = parseDate('0001-01-01') ?? 0;
const LAST_DAY = parseDate('9999-12-31') ?? 0;

function inDays(days: number): Cell {
  if (days < FIRST_DAY || days > LAST_DAY) throw new CoercionFailure(`Invalid date value ${days}`);
  return days;
}

function inDay(micros: bigint): Cell {
  if (micros < 0n || micros >= MICROS_PER_DAY)
    throw new CoercionFailure(`Invalid time value ${micros.toString()}`);
  return micros;
}

function inTime(micros: bigint): Cell {
  if (micros < BigInt(FIRST_DAY) * MICROS_PER_DAY || micros >= BigInt(LAST_DAY + 1) * MICROS_PER_DAY)
    throw new CoercionFailure(`Invalid timestamp value ${micros.toString()}`);
  return micros;
}

function decimal(attributes: JsonObject, targets: readonly DecimalTarget[]): Content {
  const scale = Number(attributes['scale'] ?? 0);
  const target = decimalTarget({ precision: Number(attributes['precision'] ?? 0), scale }, targets);
  if (target === 'STRING') return { type: 'STRING', read: (value) => formatScaled(unscaled(value), scale) };
  const wanted = target === 'NUMERIC' ? 9 : 38;
  const limit = target === 'NUMERIC' ? 10n ** 38n : 2n ** 255n;
  return {
    type: target,
    read: (value) => {
      const rescaled = rescale(unscaled(value), wanted - scale);
      if (rescaled === undefined || rescaled >= limit || rescaled < -limit)
        throw new CoercionFailure(`Invalid ${target} value: ${formatScaled(unscaled(value), scale)}`);
      return rescaled;
    },
  };
}

/** A big-endian two's complement. */
function unscaled(value: unknown): bigint {
  const bytes = value as Buffer;
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

function rescale(value: bigint, digits: number): bigint | undefined {
  if (digits >= 0) return value * 10n ** BigInt(digits);
  const unit = 10n ** BigInt(-digits);
  return value % unit === 0n ? value / unit : undefined;
}

function text(name: string, attributes: JsonObject, options: AvroOptions): Content {
  const sqlType = (stringAt(attributes, 'sqlType') ?? '').toUpperCase();
  if (sqlType === 'JSON') return { type: 'JSON', read: (value) => jsonText(name, value as string) };
  if (sqlType === 'GEOGRAPHY') return { type: 'GEOGRAPHY', read: (value) => value as string };
  if (options.useLogicalTypes && attributes['logicalType'] === 'datetime')
    return { type: 'DATETIME', read: (value) => datetime(value as string) };
  return { type: 'STRING', read: (value) => value as string };
}

function jsonText(name: string, value: string): Cell {
  try {
    JSON.parse(value);
    return value;
  } catch {
    throw new CoercionFailure(`Invalid JSON string in field ${name}: ${value.slice(0, 100)}`);
  }
}

function datetime(value: string): Cell {
  const micros = parseDatetime(value);
  if (micros === undefined) throw new CoercionFailure(`Invalid datetime string "${value}"`);
  return micros;
}

function nullable(type: unknown, name: string): { readonly type: unknown; readonly isNullable: boolean } {
  if (!Array.isArray(type)) return { type, isNullable: false };
  const others = (type as unknown[]).filter((branch) => branch !== 'null');
  if (others.length !== 1) throw new AvroFailure(`Field ${name} is a union of ${others.length} types.`);
  return { type: others[0], isNullable: true };
}

/** Takes the value out of a union's `{branch: value}`. */
function unwrapped(isNullable: boolean): (value: unknown) => unknown {
  if (!isNullable) return (value) => value;
  return (value) => (value === null ? null : Object.values(value as Readonly<Record<string, unknown>>)[0]);
}

function resolve(type: unknown, { named, namespace }: Context): unknown {
  if (typeof type !== 'string') return type;
  return named.get(type) ?? named.get(`${namespace}.${type}`) ?? type;
}

function kindOf(type: unknown): string {
  if (typeof type === 'string') return type;
  return isJsonObject(type) && typeof type['type'] === 'string' ? type['type'] : 'unknown';
}

function collectNames(type: unknown, namespace: string, named: Map<string, unknown>): void {
  if (Array.isArray(type)) for (const branch of type as unknown[]) collectNames(branch, namespace, named);
  if (!isJsonObject(type)) return;
  const inner = namespaceOf(type, namespace);
  if (typeof type['name'] === 'string') named.set(fullName(type, namespace), type);
  for (const part of [type['items'], type['values'], type['type']]) collectNames(part, inner, named);
  for (const field of list(type['fields'])) collectNames(field['type'], inner, named);
}

function fullName(type: JsonObject, namespace: string): string {
  const name = stringAt(type, 'name') ?? '';
  const space = namespaceOf(type, namespace);
  return name.includes('.') || space === '' ? name : `${space}.${name}`;
}

function namespaceOf(type: JsonObject, above: string): string {
  const name = stringAt(type, 'name') ?? '';
  if (name.includes('.')) return name.slice(0, name.lastIndexOf('.'));
  return typeof type['namespace'] === 'string' ? type['namespace'] : above;
}

function list(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
