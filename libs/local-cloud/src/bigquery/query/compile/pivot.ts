import { invalidQuery } from '../../rules/api-error.js';
import { quoteText } from '../../warehouse/duckdb-types.js';
import type { Expression, FromItem } from '../syntax/tree.js';
import { unify } from './coerce.js';
import type { From } from './from.js';
import { mentioned } from './names.js';
import { compile, isSameName, newAlias, type Relation, type Scope, sourceOf, type Column } from './scope.js';
import { STRING } from './types.js';
import type { Value } from './value.js';

function columnsOf(from: From): readonly Column[] {
  return from.sources.flatMap((source) => source.columns.filter((column) => column.isMerged !== true));
}

function asFrom(relation: Relation, alias: string | undefined, scope: Scope): From {
  const duckAlias = newAlias(scope);
  return { sql: `(${relation.sql}) AS ${duckAlias}`, sources: [sourceOf(relation, alias, duckAlias)] };
}

/** `PIVOT(aggregates FOR input IN (values))`. Source: docs/reference/standard-sql/query-syntax#pivot_operator. */
export function pivot(item: Extract<FromItem, { kind: 'pivot' }>, of: From, outer: Scope): From {
  const scope: Scope = { ...outer, sources: of.sources };
  const used = new Set(mentioned([item.aggregates.map(({ value }) => value), item.by]));
  const groups = columnsOf(of).filter((column) => !used.has(column.name?.toLowerCase() ?? ''));
  const columns = item.values.flatMap(({ value, alias }) =>
    item.aggregates.map((aggregate) => {
      const name = pivotName(value, alias);
      return {
        name: aggregate.alias === undefined ? name : `${aggregate.alias}_${name}`,
        value: compile(filtered(aggregate.value, item.by, value), scope),
      };
    }),
  );
  if (item.aggregates.length > 1 && item.aggregates.some(({ alias }) => alias === undefined))
    throw invalidQuery('PIVOT aggregate expressions must have aliases if there is more than one');
  const outputs = [...groups, ...columns];
  const list = outputs.map(({ value }, index) => `${value.sql} AS "c${index}"`).join(', ');
  const keys = groups.length === 0 ? '' : ` GROUP BY ${groups.map((column) => column.value.sql).join(', ')}`;
  const relation = {
    sql: `SELECT ${list} FROM ${of.sql}${keys}`,
    columns: outputs.map(({ name, value }) => ({ name, type: value.type })),
    isValue: false,
  };
  return asFrom(relation, item.alias, scope);
}

function pivotName(value: Expression, alias: string | undefined): string {
  if (alias !== undefined) return alias;
  if (value.kind === 'literal' && value.type === 'STRING') return value.text;
  if (value.kind === 'literal' && value.type === 'INT64') return `_${value.text}`;
  if (value.kind === 'literal' && value.type === 'BOOL') return value.text.toUpperCase();
  if (value.kind === 'literal' && value.type === 'NULL') return 'NULL';
  if (value.kind === 'literal' && value.type === 'DATE') return `_${value.text.replaceAll('-', '_')}`;
  throw invalidQuery('PIVOT values of this type need an alias');
}

// The aggregate over the rows that have the value: its argument is NULL in all others.
function filtered(node: Expression, by: Expression, value: Expression): Expression {
  if (node.kind !== 'call') throw invalidQuery('PIVOT expression must be an aggregate function call');
  const test: Expression = { kind: 'is', of: by, what: value, not: true };
  if (node.star) return { ...node, name: 'COUNTIF', path: ['COUNTIF'], star: false, args: [test] };
  const [first, ...rest] = node.args;
  if (first === undefined) throw invalidQuery('PIVOT expression must be an aggregate function call');
  const argument: Expression = {
    kind: 'case',
    of: undefined,
    whens: [[test, first]],
    otherwise: undefined,
  };
  const keepsNulls = node.name === 'ARRAY_AGG' && node.nulls !== 'IGNORE';
  if (keepsNulls) throw invalidQuery('Not supported by this server: PIVOT of ARRAY_AGG without IGNORE NULLS');
  return { ...node, args: [argument, ...rest] };
}

/** `UNPIVOT(values FOR name IN (columns))`. Source: docs/reference/standard-sql/query-syntax#unpivot_operator. */
export function unpivot(item: Extract<FromItem, { kind: 'unpivot' }>, of: From, outer: Scope): From {
  const scope: Scope = { ...outer, sources: of.sources };
  const moved = new Set(item.columns.flatMap(({ names }) => names.map((name) => name.toLowerCase())));
  const kept = columnsOf(of).filter((column) => !moved.has(column.name?.toLowerCase() ?? ''));
  const sets = item.columns.map(({ names }) =>
    names.map((name) => {
      const column = columnsOf(of).find((candidate) => isSameName(candidate.name, name));
      if (column === undefined) throw invalidQuery(`Column ${name} in UNPIVOT IN clause not found`);
      return column.value;
    }),
  );
  const unified = item.values.map((_, place) =>
    unify(
      sets.map((set) => set[place] as Value),
      'UNPIVOT',
    ),
  );
  const labels = item.columns.map(({ names, label }) =>
    label === undefined ? { sql: quoteText(names.join('_')), type: STRING } : compile(label, scope),
  );
  const label = unify(labels, 'UNPIVOT');
  const rows = sets.map((_, index) => {
    const values = unified.map(({ values: list }, place) => `v${place} := ${list[index]?.sql ?? 'NULL'}`);
    return `struct_pack(${values.join(', ')}, n := ${label.values[index]?.sql ?? 'NULL'})`;
  });
  const alias = newAlias(scope);
  const outputs = [
    ...kept,
    ...item.values.map((name, place) => ({
      name,
      value: { sql: `${alias}.u.v${place}`, type: unified[place]?.type ?? STRING },
    })),
    { name: item.name, value: { sql: `${alias}.u.n`, type: label.type } },
  ];
  const list = outputs.map(({ value }, index) => `${value.sql} AS "c${index}"`).join(', ');
  const nulls = item.values.map((_, place) => `${alias}.u.v${place} IS NULL`).join(' AND ');
  const filter = item.includeNulls ? '' : ` WHERE NOT (${nulls})`;
  const relation = {
    sql: `SELECT ${list} FROM ${of.sql} CROSS JOIN LATERAL (SELECT unnest([${rows.join(', ')}]) AS u) AS ${alias}${filter}`,
    columns: outputs.map(({ name, value }) => ({ name, type: value.type })),
    isValue: false,
  };
  return asFrom(relation, item.alias, scope);
}
