import type { Query } from '../syntax/tree.js';
import { structColumns } from './access.js';
import { query } from './query.js';
import { newAlias, type Relation, type Scope } from './scope.js';
import { value } from './value.js';

/**
 * A whole query: rows that are single STRUCT values (SELECT AS STRUCT, SELECT AS VALUE) become rows of their fields.
 *
 * Source: docs/reference/standard-sql/query-syntax#value_tables, from memory.
 */
export function resultQuery(tree: Query, scope: Scope): Relation {
  const relation = query(tree, scope);
  const [row] = relation.columns;
  if (!relation.isValue || row?.type.kind !== 'STRUCT') return relation;
  const alias = newAlias(scope);
  const fields = structColumns(value(`${alias}."c0"`, row.type));
  const list = fields.map((field, index) => `${field.value.sql} AS "c${index}"`).join(', ');
  return {
    sql: `SELECT ${list} FROM (${relation.sql}) AS ${alias}`,
    columns: fields.map((field) => ({ name: field.name, type: field.value.type })),
    isValue: false,
  };
}
