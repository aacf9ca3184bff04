import type { Field } from '../../rules/field-schema.js';
import { inferField } from './infer-type.js';
import type { Scope } from './scope.js';
import { listOf, nameOf, nodeOf } from './sql-tree.js';

/** Columns of a SELECT list whose types are known, under the names they get. */
export function outputFields(columns: readonly unknown[], scope: Scope): readonly Field[] {
  return columns.flatMap((column) => {
    const { kind, body } = nodeOf(column);
    if (kind === 'star') return starFields(body, scope);
    const name = kind === 'alias' ? nameOf(body['alias']) : (nameOf(body['name']) ?? nameOf(body['field']));
    const field = inferField(column, scope);
    return field === undefined || name === undefined ? [] : [{ ...field, name }];
  });
}

function starFields(body: Readonly<Record<string, unknown>>, scope: Scope): readonly Field[] {
  const table = nameOf(body['table'])?.toLowerCase();
  const left = [
    ...listOf(body, 'except'),
    ...listOf(body, 'replace').map((entry) => (entry as { alias: unknown }).alias),
  ];
  const hidden = new Set(left.map((name) => nameOf(name)?.toLowerCase()));
  return [...scope.sources]
    .filter(([alias]) => table === undefined || alias === table)
    .flatMap(([, fields]) => fields)
    .filter((field) => !hidden.has(field.name.toLowerCase()));
}

/** Columns of known type of a query that was translated before. */
export function outputOf(tree: unknown, scope: Scope): readonly Field[] {
  const { kind, body } = nodeOf(tree);
  if (kind === 'select') return scope.outputs.get(body) ?? [];
  if (kind === 'subquery' || kind === 'paren') return outputOf(body['this'], scope);
  return ['union', 'intersect', 'except'].includes(kind) ? outputOf(body['left'], scope) : [];
}
