import { invalid } from './api-error.js';
import { isJsonObject, type JsonObject } from './json.js';

const TYPE_NAMES = {
  STRING: 'STRING',
  BYTES: 'BYTES',
  INTEGER: 'INTEGER',
  INT64: 'INTEGER',
  FLOAT: 'FLOAT',
  FLOAT64: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  TIMESTAMP: 'TIMESTAMP',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'DATETIME',
  GEOGRAPHY: 'GEOGRAPHY',
  JSON: 'JSON',
  RECORD: 'RECORD',
  STRUCT: 'RECORD',
} as const;

/** Column types under the names that the REST API shows (its legacy SQL names). */
export type FieldType = (typeof TYPE_NAMES)[keyof typeof TYPE_NAMES];
export type FieldMode = 'NULLABLE' | 'REQUIRED' | 'REPEATED';

/** One column of a table, as `schema.fields` of the REST resource has it; RECORDs have `fields`. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly mode: FieldMode;
  readonly fields?: readonly Field[];
  readonly description?: string;
  readonly maxLength?: string;
  readonly precision?: string;
  readonly scale?: string;
}

const KNOWN_KEYS = new Set([
  'name',
  'type',
  'mode',
  'fields',
  'description',
  'maxLength',
  'precision',
  'scale',
  'policyTags',
  'categories',
]);

/** The REST name of a type, whichever of its spellings is given; `undefined` for types not supported here. */
export function parseFieldType(name: string): FieldType | undefined {
  return (TYPE_NAMES as Readonly<Record<string, FieldType | undefined>>)[name.toUpperCase()];
}

/** Name of a type in GoogleSQL: `INTEGER` → `INT64`. */
export function sqlTypeName(type: FieldType): string {
  return { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL', RECORD: 'STRUCT' }[type as string] ?? type;
}

/** Full GoogleSQL type: `ARRAY<STRUCT<a INT64>>`. */
export function sqlType(field: Field): string {
  const base =
    field.type === 'RECORD'
      ? `STRUCT<${(field.fields ?? []).map((f) => `${f.name} ${sqlType(f)}`).join(', ')}>`
      : sqlTypeName(field.type);
  return field.mode === 'REPEATED' ? `ARRAY<${base}>` : base;
}

/**
 * Reads `schema.fields` of a request: types under their REST names, a missing mode as NULLABLE.
 *
 * Errors: 400 `invalid` for what is no field; 501 `notImplemented` for default values, collation, foreign types.
 */
export function parseFields(value: unknown, path = ''): Field[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid('Invalid JSON payload received: schema.fields is not a list.');
  return value.map((entry: unknown) => parseField(entry, path));
}

function parseField(entry: unknown, path: string): Field {
  if (!isJsonObject(entry))
    throw invalid('Invalid JSON payload received: a field of the schema is not an object.');
  const name = entry['name'];
  if (typeof name !== 'string' || name === '') throw invalid('Field name is missing in the schema.');
  const fullPath = path === '' ? name : `${path}.${name}`;
  if (typeof entry['type'] !== 'string') throw invalid(`Field ${fullPath} has no type.`);
  const type = parseFieldType(entry['type']);
  if (type === undefined)
    throw invalid(`Invalid value for type: ${entry['type']} is not a valid value`, fullPath);
  const mode = parseMode(entry['mode'], fullPath);
  refuseUnknownKeys(entry, fullPath);
  const fields = type === 'RECORD' ? parseFields(entry['fields'], fullPath) : [];
  if (type === 'RECORD' && fields.length === 0)
    throw invalid(`Field ${fullPath} is type RECORD but has no schema`);
  if (type !== 'RECORD' && Array.isArray(entry['fields']) && entry['fields'].length > 0)
    throw invalid(`Field ${fullPath} is type ${type} but has child fields`);
  return {
    name,
    type,
    mode,
    ...(type === 'RECORD' ? { fields } : {}),
    ...textProperties(entry),
  };
}

function parseMode(value: unknown, path: string): FieldMode {
  if (value === undefined || value === null || value === '') return 'NULLABLE';
  const mode = typeof value === 'string' ? value.toUpperCase() : value;
  if (mode === 'NULLABLE' || mode === 'REQUIRED' || mode === 'REPEATED') return mode;
  throw invalid(`Invalid value for mode: ${JSON.stringify(value)} is not a valid value`, path);
}

function textProperties(
  entry: JsonObject,
): Partial<Record<'description' | 'maxLength' | 'precision' | 'scale', string>> {
  const kept: Partial<Record<'description' | 'maxLength' | 'precision' | 'scale', string>> = {};
  for (const key of ['description', 'maxLength', 'precision', 'scale'] as const) {
    const value = entry[key];
    if (typeof value === 'string' || typeof value === 'number') kept[key] = String(value);
  }
  return kept;
}

function refuseUnknownKeys(entry: JsonObject, path: string): void {
  for (const [key, value] of Object.entries(entry)) {
    if (KNOWN_KEYS.has(key) || value === null || value === undefined || value === '') continue;
    throw invalid(`Field ${path}: the property ${key} is not supported by this server.`, path);
  }
}
