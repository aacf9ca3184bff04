import * as duck from '@duckdb/node-api';
import { invalidQuery } from '../rules/api-error.js';
import type { Cell } from '../rules/cell.js';
import { fieldOfType, structKeys, type Type } from './compile/types.js';
import { toCell } from '../warehouse/duckdb-values.js';

/** A value of a result as a cell; fields of STRUCTs are found by the names that DuckDB has for them. */
export function cellOfType(value: duck.DuckDBValue, type: Type): Cell {
  if (type.kind === 'ARRAY') {
    if (!(value instanceof duck.DuckDBListValue)) return [];
    return value.items.map((item) => {
      if (item === null) throw invalidQuery('Array cannot have a null element; error in writing field');
      return cellOfType(item, type.element);
    });
  }
  if (value === null) return null;
  if (type.kind !== 'STRUCT') return toCell(value, fieldOfType('', type));
  const keys = structKeys(type.fields);
  const entries = value instanceof duck.DuckDBStructValue ? value.entries : {};
  return type.fields.map((field, index) => cellOfType(entries[keys[index] ?? ''] ?? null, field.type));
}
