import { type Field, parseFieldType } from '../../rules/field-schema.js';
import type { JsonObject } from '../../rules/json.js';
import { childOf, listOf, nameOf, notTranslated } from './sql-tree.js';

const SPELLINGS: Readonly<Record<string, string>> = {
  decimal: 'NUMERIC',
  boolean: 'BOOL',
  string: 'STRING',
  text: 'STRING',
  varchar: 'STRING',
  int: 'INT64',
  integer: 'INT64',
  bigint: 'INT64',
  small_int: 'INT64',
  tiny_int: 'INT64',
  double: 'FLOAT64',
  float: 'FLOAT64',
  binary: 'BYTES',
  var_binary: 'BYTES',
  blob: 'BYTES',
  json: 'JSON',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
};

/** A GoogleSQL type of the parsed statement as a column of that name; refuses types that no column has. */
export function fieldOfType(name: string, type: JsonObject): Field {
  const kind = String(type['data_type']);
  if (kind === 'array') {
    const element = fieldOfType(name, childOf(type, 'element_type') ?? {});
    if (element.mode === 'REPEATED') throw notTranslated('ARRAY of ARRAY');
    return { ...element, mode: 'REPEATED' };
  }
  if (kind === 'struct') return structField(name, type);
  const spelling = kind === 'custom' ? String(type['name']).trim() : (SPELLINGS[kind] ?? kind);
  const match = /^(\w+)(?:\((\d+)(?:\s*,\s*(\d+))?\))?$/.exec(spelling);
  const fieldType = parseFieldType(match?.[1] ?? spelling);
  if (fieldType === undefined) throw notTranslated(`type ${spelling}`);
  return { name, type: fieldType, mode: 'NULLABLE', ...parameters(fieldType, type, match) };
}

function structField(name: string, type: JsonObject): Field {
  const fields = listOf(type, 'fields').map((entry, index) => {
    const body = entry as JsonObject;
    const fieldName = nameOf(body['name']) ?? '';
    return fieldOfType(
      fieldName === '' ? `_field_${index + 1}` : fieldName,
      childOf(body, 'data_type') ?? {},
    );
  });
  return { name, type: 'RECORD', mode: 'NULLABLE', fields };
}

function parameters(fieldType: string, type: JsonObject, match: RegExpExecArray | null): Partial<Field> {
  const first = digits(type['precision']) ?? digits(type['length']) ?? match?.at(2);
  const second = digits(type['scale']) ?? match?.at(3);
  if (first === undefined) return {};
  if (fieldType === 'STRING' || fieldType === 'BYTES') return { maxLength: first };
  return { precision: first, ...(second === undefined ? {} : { scale: second }) };
}

function digits(value: unknown): string | undefined {
  return typeof value === 'number' ? String(value) : undefined;
}
