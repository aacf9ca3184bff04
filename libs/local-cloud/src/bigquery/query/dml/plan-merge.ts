import { invalidQuery } from '../../rules/api-error.js';
import { mustCoerce } from '../compile/coerce.js';
import { compileFrom } from '../compile/from.js';
import { compile, innerScope, type Scope, type Source } from '../compile/scope.js';
import { BOOL, typeText } from '../compile/types.js';
import type { DmlStatement, MergeWhen } from '../syntax/dml-tree.js';
import type { Expression } from '../syntax/tree.js';
import { assigned, assignedValue, assignments, columnNamed, emptyOf } from './assign.js';
import { insertColumns } from './insert-columns.js';
import { type DmlPlan, several, type Target } from './target.js';

type Merge = Extract<DmlStatement, { kind: 'MERGE' }>;

/** MERGE. Source: docs/reference/standard-sql/dml-syntax#merge_statement, read 2026-11-29. */
export function planMerge(statement: Merge, target: Target, scope: Scope): DmlPlan {
  if (statement.whens.length === 0) throw invalidQuery('MERGE needs a WHEN clause');
  const using = compileFrom(statement.using, innerScope(scope));
  const both = innerScope(scope, [target.source, ...using.sources]);
  const on = test(statement.on, both);
  const clauses = statement.whens.map((when) => clause(when, { target, sources: using.sources }, scope));
  const change = `MERGE INTO ${target.sql} USING ${using.sql} ON ${on} ${clauses.join(' ')}`;
  const matched = statement.whens.filter((when) => when.matched === 'MATCHED');
  const conditions = matched.map((when) =>
    when.condition === undefined ? 'TRUE' : test(when.condition, both),
  );
  const check =
    matched.length === 0
      ? undefined
      : several(target, `${target.sql} JOIN ${using.sql} ON (${on}) AND (${conditions.join(' OR ')})`);
  const added = statement.whens
    .filter((when) => when.matched === 'NOT MATCHED BY TARGET')
    .map((when) =>
      when.condition === undefined ? 'TRUE' : test(when.condition, innerScope(scope, using.sources)),
    );
  const inserts = `SELECT count(*) FROM ${using.sql} WHERE NOT EXISTS (SELECT 1 FROM ${target.sql} WHERE ${on}) AND (${['FALSE', ...added].join(' OR ')})`;
  const kinds = new Set(statement.whens.map((when) => when.action.kind));
  return { change, check, counts: { kinds, inserts } };
}

function test(node: Expression, scope: Scope): string {
  const of = compile(node, scope);
  return mustCoerce(of, BOOL, () => `A condition of MERGE is no BOOL but ${typeText(of.type)}`).sql;
}

interface Sides {
  readonly target: Target;
  readonly sources: readonly Source[];
}

function clause(when: MergeWhen, { target, sources }: Sides, scope: Scope): string {
  const visible =
    when.matched === 'MATCHED'
      ? [target.source, ...sources]
      : when.matched === 'NOT MATCHED BY TARGET'
        ? sources
        : [target.source];
  const inner = innerScope(scope, visible);
  const and = when.condition === undefined ? '' : ` AND ${test(when.condition, inner)}`;
  return `WHEN ${when.matched}${and} THEN ${action(when, { target, sources }, inner)}`;
}

function action({ matched, action: what }: MergeWhen, { target, sources }: Sides, scope: Scope): string {
  if ((what.kind === 'INSERT') !== (matched === 'NOT MATCHED BY TARGET'))
    throw invalidQuery(`${what.kind} is not allowed in a WHEN ${matched} clause`);
  if (what.kind === 'DELETE') return 'DELETE';
  if (what.kind === 'UPDATE')
    return `UPDATE SET ${assignments(target.entry, target.source.alias, what.set, scope, target.alias).join(', ')}`;
  return insert(what, target, sources, scope);
}

function insert(
  what: Extract<MergeWhen['action'], { kind: 'INSERT' }>,
  { entry }: Target,
  sources: readonly Source[],
  scope: Scope,
): string {
  const named =
    what.columns.length === 0 ? entry.fields : what.columns.map((name) => columnNamed(entry, name));
  const offered = sources.flatMap((source) => source.columns);
  const byName = new Map(offered.map((column) => [column.name?.toLowerCase(), column] as const).reverse());
  const count = what.values?.length ?? (what.columns.length === 0 ? offered.length : named.length);
  if (count !== named.length)
    throw invalidQuery(`Inserted row has wrong column count; Has ${count}, expected ${named.length}`);
  const values = named.map((field, index) => {
    const node = what.values?.[index];
    if (node !== undefined) return assigned(node, field, scope);
    // INSERT ROW takes the source's columns by their names, or by their places where names differ.
    const column = byName.get(field.name.toLowerCase()) ?? offered[index];
    if (column === undefined) throw invalidQuery(`Column ${field.name} is not in the source of MERGE`);
    return assignedValue(column.value, field);
  });
  const given = new Set(named);
  const arrays = entry.fields.filter((field) => field.mode === 'REPEATED' && !given.has(field));
  const nowMs = Number(scope.environment.resolver.nowMicros / 1_000n);
  const columns = insertColumns(entry, [...named, ...arrays], nowMs);
  return `INSERT (${columns.names}) VALUES (${columns.values}${[...values, ...arrays.map(emptyOf)].join(', ')})`;
}
