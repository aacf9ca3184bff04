import { invalidQuery } from '../../rules/api-error.js';
import type { TableEntry } from '../../warehouse/catalog.js';
import { physicalName } from '../../warehouse/physical-tables.js';
import { mustCoerce } from '../compile/coerce.js';
import { compileFrom } from '../compile/from.js';
import { compile, compileQuery, innerScope, newAlias, type Scope, type Source } from '../compile/scope.js';
import { BOOL, typeText } from '../compile/types.js';
import type { DmlStatement } from '../syntax/dml-tree.js';
import type { Expression } from '../syntax/tree.js';
import { assigned, assignedValue, assignments, columnNamed, emptyOf } from './assign.js';
import { insertColumns } from './insert-columns.js';
import { planMerge } from './plan-merge.js';
import { type DmlPlan, several, type Target, targetOf } from './target.js';

export type { DmlPlan } from './target.js';

/** DuckDB SQL of a statement that changes rows. */
export function planDml(statement: DmlStatement, entry: TableEntry, scope: Scope): DmlPlan {
  switch (statement.kind) {
    case 'INSERT':
      return { change: insert(statement, entry, scope), check: undefined, counts: 'inserted' };
    case 'UPDATE':
      return update(statement, targetOf(entry, statement.alias, scope), scope);
    case 'DELETE': {
      const target = targetOf(entry, statement.alias, scope);
      const where = condition('DELETE', statement.where, innerScope(scope, [target.source]));
      return { change: `DELETE FROM ${target.sql}${where}`, check: undefined, counts: 'deleted' };
    }
    case 'MERGE':
      return planMerge(statement, targetOf(entry, statement.alias, scope), scope);
  }
}

function insert(
  statement: Extract<DmlStatement, { kind: 'INSERT' }>,
  entry: TableEntry,
  scope: Scope,
): string {
  const { columns: names, rows, query } = statement;
  const fields = names.length === 0 ? entry.fields : names.map((name) => columnNamed(entry, name));
  // A NULL array is an empty one: columns that the statement leaves out get it too.
  const given = new Set(fields);
  const arrays = entry.fields.filter((field) => field.mode === 'REPEATED' && !given.has(field));
  const nowMs = Number(scope.environment.resolver.nowMicros / 1_000n);
  const columns = insertColumns(entry, [...fields, ...arrays], nowMs);
  const empty = arrays.map(emptyOf);
  const head = `INSERT INTO ${physicalName(entry.physical)} (${columns.names})`;
  const wrongCount = (count: number): Error =>
    invalidQuery(`Inserted row has wrong column count; Has ${count}, expected ${fields.length}`);
  if (query !== undefined) {
    const relation = compileQuery(query, scope);
    if (relation.columns.length !== fields.length) throw wrongCount(relation.columns.length);
    const alias = newAlias(scope);
    const values = relation.columns.map(({ type, isNull }, index) => {
      const field = fields[index];
      const sql = `${alias}."c${index}"`;
      if (field === undefined) throw wrongCount(relation.columns.length);
      return assignedValue(isNull === true ? { sql, type, literal: { kind: 'null' } } : { sql, type }, field);
    });
    return `${head} SELECT ${columns.values}${[...values, ...empty].join(', ')} FROM (${relation.sql}) AS ${alias}`;
  }
  const lists = (rows ?? []).map((row) => {
    if (row.length !== fields.length) throw wrongCount(row.length);
    const values = row.map((node, index) => {
      const field = fields[index];
      if (field === undefined) throw wrongCount(row.length);
      return assigned(node, field, scope);
    });
    return `(${columns.values}${[...values, ...empty].join(', ')})`;
  });
  return `${head} VALUES ${lists.join(', ')}`;
}

function update(statement: Extract<DmlStatement, { kind: 'UPDATE' }>, target: Target, scope: Scope): DmlPlan {
  const own = innerScope(scope, [target.source]);
  const from = statement.from === undefined ? undefined : compileFrom(statement.from, own);
  const sources: readonly Source[] = from === undefined ? [target.source] : [target.source, ...from.sources];
  const inner = innerScope(scope, sources);
  const set = assignments(target.entry, target.source.alias, statement.set, inner, target.alias);
  const where = condition('UPDATE', statement.where, inner);
  const change = `UPDATE ${target.sql} SET ${set.join(', ')}${from === undefined ? '' : ` FROM ${from.sql}`}${where}`;
  const check =
    from === undefined ? undefined : several(target, `${target.sql} CROSS JOIN ${from.sql}${where}`);
  return { change, check, counts: 'updated' };
}

function condition(statement: string, node: Expression | undefined, scope: Scope): string {
  if (node === undefined) throw invalidQuery(`${statement} must have a WHERE clause`);
  const of = compile(node, scope);
  const test = mustCoerce(
    of,
    BOOL,
    () => `WHERE clause should return type BOOL, but returns ${typeText(of.type)}`,
  );
  return ` WHERE ${test.sql}`;
}
