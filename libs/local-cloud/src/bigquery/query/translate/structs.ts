import { quoteName } from '../../warehouse/duckdb-types.js';
import type { Scope } from './scope.js';
import { nameOf, nodeOf } from './sql-tree.js';

/** `STRUCT(1 AS a, b)`: a field without a name takes its column's, or its place. */
export function structFields(entries: readonly unknown[], scope: Scope): string {
  const fields = entries.map((entry, index) => {
    const { kind, body } = nodeOf(entry);
    const name =
      kind === 'alias'
        ? nameOf(body['alias'])
        : kind === 'column' || kind === 'dot'
          ? nameOf(body['name'] ?? body['field'])
          : undefined;
    return `${quoteName(name ?? `_field_${index + 1}`)} := ${scope.render.expression(entry, scope, 'column')}`;
  });
  return `struct_pack(${fields.join(', ')})`;
}
