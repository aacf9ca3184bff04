import { invalidQuery } from '../../rules/api-error.js';
import type { ByName } from '../syntax/tree.js';
import { isSameName, newAlias, type Relation, type Scope } from './scope.js';
import { STRING } from './types.js';

/**
 * Both sides of a set operation with their columns matched by name, in one order; a side lacks a column as NULL.
 *
 * Shape: `{a, b}` and `{b, c}` FULL → both `{a, b, c}`.
 * Errors: `invalidQuery` for columns that a side must have, for names that come twice or are missing.
 * Source: docs/reference/standard-sql/query-syntax#by_name_or_corresponding, from memory.
 */
export function matchedByName(
  { mode, columns }: ByName,
  left: Relation,
  right: Relation,
  scope: Scope,
): readonly [Relation, Relation] {
  const [ours, theirs] = [namesOf(left), namesOf(right)];
  const wanted =
    columns ?? (mode === 'FULL' ? union(ours, theirs) : mode === 'INNER' ? shared(ours, theirs) : ours);
  const required: readonly (readonly [readonly string[], boolean])[] = [
    [ours, mode !== 'FULL'],
    [theirs, mode === 'STRICT' || mode === 'INNER'],
  ];
  for (const [names, isRequired] of required)
    for (const name of wanted)
      if (isRequired && !has(names, name))
        throw invalidQuery(`Column ${name} of a set operation by name is not in both of its queries`);
  const isWider = mode === 'STRICT' && columns === undefined && theirs.length !== ours.length;
  if (isWider || wanted.length === 0)
    throw invalidQuery('Queries of a set operation by name have no common list of columns');
  return [picked(left, wanted, scope), picked(right, wanted, scope)];
}

function namesOf({ columns }: Relation): string[] {
  return columns.map(({ name }, index) => {
    if (name === undefined) throw invalidQuery('Set operations by name do not allow anonymous columns');
    if (columns.findIndex((other) => isSameName(other.name, name)) < index)
      throw invalidQuery(`Column name ${name} is ambiguous in a set operation by name`);
    return name;
  });
}

function has(names: readonly string[], name: string): boolean {
  return names.some((other) => isSameName(other, name));
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...left, ...right.filter((name) => !has(left, name))];
}

function shared(left: readonly string[], right: readonly string[]): string[] {
  return left.filter((name) => has(right, name));
}

function picked(relation: Relation, names: readonly string[], scope: Scope): Relation {
  const alias = newAlias(scope);
  const places = names.map((name) => relation.columns.findIndex((column) => isSameName(column.name, name)));
  const list = places.map((place, index) => `${place < 0 ? 'NULL' : `${alias}."c${place}"`} AS "c${index}"`);
  const columns = places.map(
    (place, index) => relation.columns[place] ?? { name: names[index], type: STRING, isNull: true },
  );
  return { sql: `SELECT ${list.join(', ')} FROM (${relation.sql}) AS ${alias}`, columns, isValue: false };
}
