import { invalid, invalidQuery } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import { type Field, parseFieldType } from '../rules/field-schema.js';
import { isJsonObject, type JsonObject, objectAt, stringAt } from '../rules/json.js';
import { coerceScalar, CoercionFailure } from '../rules/scalar-coercion.js';

/** A query parameter: its type as a column, its value as a cell. */
export interface QueryParameter {
  readonly name: string | undefined;
  readonly field: Field;
  readonly cell: Cell;
}

/**
 * Reads `queryParameters` of a query request.
 *
 * Shape: `{name: "n", parameterType: {type: "INT64"}, parameterValue: {value: "1"}}`; arrays and structs nested.
 * Source: cloud.google.com/bigquery/docs/reference/rest/v2/QueryParameter, read 2026-11-22.
 */
export function parseParameters(value: unknown): QueryParameter[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid('queryParameters is not a list.');
  return value.map((entry: unknown, index) => {
    if (!isJsonObject(entry)) throw invalid('A query parameter is not an object.');
    const name = stringAt(entry, 'name');
    const field = parameterField(name ?? `p${index + 1}`, objectAt(entry, 'parameterType'));
    const cell = parameterCell(objectAt(entry, 'parameterValue'), field);
    return { name: name === '' ? undefined : name, field, cell };
  });
}

function parameterField(name: string, type: JsonObject): Field {
  const kind = (stringAt(type, 'type') ?? '').toUpperCase();
  if (kind === 'ARRAY') {
    const element = parameterField(name, objectAt(type, 'arrayType'));
    if (element.mode === 'REPEATED') throw invalid('Query parameters cannot be arrays of arrays.');
    return { ...element, mode: 'REPEATED' };
  }
  const fieldType = parseFieldType(kind);
  if (fieldType === undefined)
    throw invalid(`Invalid value for type: ${kind} is not a valid value`, 'queryParameters');
  if (fieldType !== 'RECORD') return { name, type: fieldType, mode: 'NULLABLE' };
  const members = Array.isArray(type['structTypes']) ? (type['structTypes'] as unknown[]) : [];
  const fields = members.map((member, index) => {
    const body = isJsonObject(member) ? member : {};
    return parameterField(stringAt(body, 'name') ?? `_field_${index + 1}`, objectAt(body, 'type'));
  });
  return { name, type: 'RECORD', mode: 'NULLABLE', fields };
}

function parameterCell(value: JsonObject, field: Field): Cell {
  if (field.mode === 'REPEATED') {
    const elements = value['arrayValues'];
    if (!Array.isArray(elements)) return [];
    return elements.map((element: unknown) =>
      parameterCell(isJsonObject(element) ? element : {}, { ...field, mode: 'NULLABLE' }),
    );
  }
  if (field.type === 'RECORD') {
    const members = objectAt(value, 'structValues');
    return (field.fields ?? []).map((child) => parameterCell(objectAt(members, child.name), child));
  }
  const scalar = value['value'];
  if (scalar === undefined || scalar === null) return null;
  try {
    return coerceScalar(scalar, field);
  } catch (error) {
    if (error instanceof CoercionFailure)
      throw invalidQuery(`Invalid query parameter ${field.name}: ${error.message}`);
    throw error;
  }
}
