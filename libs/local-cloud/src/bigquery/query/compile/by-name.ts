import { invalidQuery } from '../../rules/api-error.js';
import type { ByName } from '../syntax/tree.js';
import { newAlias, type Relation, type Scope } from './scope.js';
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
    columns ??
    (mode === 'FULL' ? union(ours, theirs) : mode === 'INNER' ? shared(ours, theirs) : [...ours.values()]);
  const required: readonly (readonly [Names, boolean])[] = [
    [ours, mode !== 'FULL'],
    [theirs, mode === 'STRICT' || mode === 'INNER'],
  ];
  for (const [names, isRequired] of required)
    for (const name of wanted)
      if (isRequired && !has(names, name))
        throw invalidQuery(`Column ${name} of a set operation by name is not in both of its queries`);
  const isWider = mode === 'STRICT' && columns === undefined && theirs.size !== ours.size;
  if (isWider || wanted.length === 0)
    throw invalidQuery('Queries of a set operation by name have no common list of columns');
  return [picked(left, wanted, scope), picked(right, wanted, scope)];
}

/** Names of columns by their lower case, in order. */
type Names = ReadonlyMap<string, string>;

function namesOf({ columns }: Relation): Names {
  const names = new Map<string, string>();
  for (const { name } of columns) {
    if (name === undefined) throw invalidQuery('Set operations by name do not allow anonymous columns');
    if (has(names, name)) throw invalidQuery(`Column name ${name} is ambiguous in a set operation by name`);
    names.set(name.toLowerCase(), name);
  }
  return names;
}

function has(names: Names, name: string): boolean {
  return names.has(name.toLowerCase());
}

function union(left: Names, right: Names): string[] {
  return [...left.values(), ...[...right.values()].filter((name) => !has(left, name))];
}

function shared(left: Names, right: Names): string[] {
  return [...left.values()].filter((name) => has(right, name));
}

function picked(relation: Relation, names: readonly string[], scope: Scope): Relation {
  const alias = newAlias(scope);
  const byName = new Map(relation.columns.map(({ name }, index) => [name?.toLowerCase(), index]));
  const places = names.map((name) => byName.get(name.toLowerCase()) ?? -1);
  const list = places.map((place, index) => `${place < 0 ? 'NULL' : `${alias}."c${place}"`} AS "c${index}"`);
  const columns = places.map(
    (place, index) => relation.columns[place] ?? { name: names[index], type: STRING, isNull: true },
  );
  return { sql: `SELECT ${list.join(', ')} FROM (${relation.sql}) AS ${alias}`, columns, isValue: false };
}
