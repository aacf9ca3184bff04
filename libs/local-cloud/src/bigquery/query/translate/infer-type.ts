import type { Field, FieldType } from '../../rules/field-schema.js';
import { fieldOfType } from './data-types.js';
import type { Scope } from './scope.js';
import { childOf, listOf, nameOf, nodeOf, type SqlNode } from './sql-tree.js';

const JSON_KINDS = new Set(['parse_json', 'json_query', 'to_json', 'json_extract']);
const JSON_NAMES = new Set(['PARSE_JSON', 'JSON_QUERY', 'TO_JSON', 'JSON_EXTRACT', 'SAFE.PARSE_JSON']);
const JSON_ARRAYS = new Set(['JSON_QUERY_ARRAY', 'JSON_EXTRACT_ARRAY']);
const BYTES_NAMES = new Set(['FROM_HEX', 'FROM_BASE64', 'MD5', 'SHA1', 'SHA256', 'SHA512']);

/**
 * The type of an expression as far as columns, casts and a few functions tell; `undefined` when not known.
 *
 * Only where GoogleSQL and DuckDB mean different things by one spelling does the translation ask: JSON subscripts,
 * BIGNUMERIC arithmetic, BYTES.
 */
export function inferField(value: unknown, scope: Scope): Field | undefined {
  const { kind, body } = nodeOf(value);
  switch (kind) {
    case 'column':
      return columnField(body, scope);
    case 'paren':
    case 'alias':
    case 'neg':
    case 'max':
    case 'min':
    case 'any_value':
      return inferField(body['this'], scope);
    case 'dot':
      return member(inferField(body['this'], scope), nameOf(body['field']) ?? '');
    case 'subscript':
      return elementOf(inferField(body['this'], scope));
    case 'cast':
    case 'safe_cast':
      return fieldOfType('', childOf(body, 'to') ?? {});
    case 'add':
    case 'sub':
    case 'sum':
      return arithmetic({ kind, body }, scope);
    case 'coalesce':
      return inferField(listOf(body, 'expressions')[0] ?? { null: null }, scope);
    case 'literal':
      return body['literal_type'] === 'byte_string' ? scalar('BYTES') : undefined;
    case 'function':
      return functionField(String(body['name']).toUpperCase());
    default:
      return JSON_KINDS.has(kind) ? scalar('JSON') : functionField(kind.toUpperCase());
  }
}

/** Whether an expression is known to be a single value of that type. */
export function isKnown(value: unknown, type: FieldType, scope: Scope): boolean {
  const field = inferField(value, scope);
  return field?.type === type && field.mode !== 'REPEATED';
}

/** Whether a value of that type holds a BIGNUMERIC anywhere inside. */
export function holdsBignumeric(field: Field | undefined): boolean {
  return field?.type === 'BIGNUMERIC' || (field?.fields ?? []).some(holdsBignumeric);
}

function scalar(type: FieldType): Field {
  return { name: '', type, mode: 'NULLABLE' };
}

function functionField(name: string): Field | undefined {
  if (JSON_NAMES.has(name)) return scalar('JSON');
  if (JSON_ARRAYS.has(name)) return { ...scalar('JSON'), mode: 'REPEATED' };
  return BYTES_NAMES.has(name) ? scalar('BYTES') : undefined;
}

function arithmetic({ kind, body }: SqlNode, scope: Scope): Field | undefined {
  const operands = kind === 'sum' ? [body['this']] : [body['left'], body['right']];
  return operands.map((operand) => inferField(operand, scope)).find((field) => field?.type === 'BIGNUMERIC');
}

function columnField(body: Readonly<Record<string, unknown>>, scope: Scope): Field | undefined {
  const name = nameOf(body['name']) ?? '';
  const table = nameOf(body['table']);
  if (table === undefined) return lookUp(scope, name);
  const source = findSource(scope, table);
  if (source !== undefined) return fieldNamed(source, name);
  return member(lookUp(scope, table), name);
}

function findSource(scope: Scope, alias: string): readonly Field[] | undefined {
  const found = scope.sources.get(alias.toLowerCase());
  return found ?? (scope.outer === undefined ? undefined : findSource(scope.outer, alias));
}

function lookUp(scope: Scope, name: string): Field | undefined {
  const whole = scope.sources.get(name.toLowerCase());
  const found = [...scope.sources.values()]
    .map((fields) => fieldNamed(fields, name))
    .find((field) => field !== undefined);
  if (found !== undefined) return found;
  if (whole !== undefined) return { name, type: 'RECORD', mode: 'NULLABLE', fields: whole };
  return scope.outer === undefined ? undefined : lookUp(scope.outer, name);
}

function fieldNamed(fields: readonly Field[], name: string): Field | undefined {
  return fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
}

function member(field: Field | undefined, name: string): Field | undefined {
  if (field?.mode === 'REPEATED') return undefined;
  if (field?.type === 'JSON') return scalar('JSON');
  return fieldNamed(field?.fields ?? [], name);
}

function elementOf(field: Field | undefined): Field | undefined {
  if (field?.mode === 'REPEATED') return { ...field, mode: 'NULLABLE' };
  return field?.type === 'JSON' ? field : undefined;
}
