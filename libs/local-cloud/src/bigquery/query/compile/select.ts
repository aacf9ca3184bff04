import { invalidQuery } from '../../rules/api-error.js';
import type { GroupItem, Select, SelectItem, Expression } from '../syntax/tree.js';
import { structColumns } from './access.js';
import { mustCoerce, structValue } from './coerce.js';
import { compileFrom } from './from.js';
import { inferredName } from './names.js';
import { conjuncts } from './partition-pruning.js';
import { compile, innerScope, isSameName, type Scope, sourceNamed, type Column } from './scope.js';
import { BOOL, type Type, typeText, ungroupable } from './types.js';
import type { Value } from './value.js';

/** A column of a SELECT list. */
export interface Output {
  readonly name: string | undefined;
  readonly value: Value;
}

/** FROM of a SELECT, and the scopes that its clauses have. */
export interface SelectParts {
  readonly from: string;
  readonly scope: Scope;
  /** The scope of HAVING, QUALIFY and ORDER BY, where aliases come before columns. */
  readonly after: (outputs: readonly Output[]) => Scope;
}

export function selectScope(body: Select, outer: Scope): SelectParts {
  const from =
    body.from === undefined
      ? { sql: '', sources: [] }
      : compileFrom(body.from, { ...innerScope(outer), conjuncts: conjuncts(body.where) });
  const windows = new Map(body.windows.map(({ name, spec }) => [name.toLowerCase(), spec]));
  const scope: Scope = { ...innerScope(outer, from.sources), windows };
  const after = (outputs: readonly Output[]): Scope => {
    const names = new Map(
      outputs.flatMap(({ name, value }) =>
        name === undefined ? [] : [[name.toLowerCase(), value] as const],
      ),
    );
    return { ...innerScope(scope), names, windows, inAggregates: scope };
  };
  return { from: from.sql, scope, after };
}

export function select(
  body: Select,
  { from, scope, after }: SelectParts,
): {
  readonly sql: string;
  readonly outputs: readonly Output[];
  /** The SELECT list: the fields of the one output of SELECT AS STRUCT. */
  readonly list: readonly Output[];
  readonly isValue: boolean;
} {
  if (from === '' && body.where !== undefined)
    throw invalidQuery('Query without FROM clause cannot have a WHERE clause');
  const columns = body.items.flatMap((item) => outputsOf(item, scope));
  const outputs = body.as === undefined ? columns : [asValue(body, columns)];
  if (body.distinct) refuseDistinct(outputs);
  const aliases = after(columns);
  const parts = [
    `SELECT ${body.distinct ? 'DISTINCT ' : ''}${outputs.map(({ value }, index) => `${value.sql} AS "c${index}"`).join(', ')}`,
    from === '' ? '' : `FROM ${from}`,
    condition('WHERE', body.where, scope),
    groupBy(body, columns, scope),
    condition('HAVING', body.having, aliases),
    condition('QUALIFY', body.qualify, aliases),
  ];
  return {
    sql: parts.filter((part) => part !== '').join(' '),
    outputs,
    list: columns,
    isValue: body.as !== undefined,
  };
}

function refuseDistinct(outputs: readonly Output[]): void {
  outputs.forEach(({ name, value: { type } }, index) => {
    const inner = ungroupable(type);
    if (inner !== undefined)
      throw invalidQuery(
        `Column ${name ?? index + 1} of type ${typeText(inner)} cannot be used in SELECT DISTINCT`,
      );
  });
}

function asValue(body: Select, columns: readonly Output[]): Output {
  const [only] = columns;
  if (body.as === 'VALUE') {
    if (only === undefined || columns.length > 1)
      throw invalidQuery('SELECT AS VALUE query must have exactly one column');
    return only;
  }
  const fields = columns.map(({ name, value }) => ({ name, type: value.type }));
  const { sql, type } = structValue(
    columns.map(({ value }) => value),
    { kind: 'STRUCT', fields },
  );
  return { name: undefined, value: { sql, type } };
}

function condition(keyword: string, node: Expression | undefined, scope: Scope): string {
  if (node === undefined) return '';
  const of = compile(node, scope);
  const test = mustCoerce(
    of,
    BOOL,
    () => `${keyword} clause should return type BOOL, but returns ${typeText(of.type)}`,
  );
  return `${keyword} ${test.sql}`;
}

function outputsOf(item: SelectItem, scope: Scope): readonly Output[] {
  if (item.kind === 'value') {
    const value = compile(item.value, scope);
    const name = item.alias ?? inferredName(item.value);
    return [{ name, value }];
  }
  return starOutputs(item, scope);
}

function starOutputs(item: Extract<SelectItem, { kind: 'star' }>, scope: Scope): readonly Output[] {
  const columns = item.of === undefined ? allColumns(scope) : columnsOf(item.of, scope);
  const excluded = item.except.map((name) => {
    if (!columns.some((column) => isSameName(column.name, name)))
      throw invalidQuery(`Column ${name} in SELECT * EXCEPT list does not exist`);
    return name.toLowerCase();
  });
  const replaced = new Map(item.replace.map(({ alias, value }) => [alias.toLowerCase(), value]));
  for (const name of replaced.keys())
    if (!columns.some((column) => isSameName(column.name, name)))
      throw invalidQuery(`Column ${name} in SELECT * REPLACE list does not exist`);
  const kept = columns.filter(
    (column) => column.name === undefined || !excluded.includes(column.name.toLowerCase()),
  );
  if (kept.length === 0) throw invalidQuery('SELECT * expands to zero columns after applying EXCEPT');
  const renamed = new Map((item.rename ?? []).map(({ from, to }) => [from.toLowerCase(), to]));
  for (const name of renamed.keys())
    if (!columns.some((column) => isSameName(column.name, name)))
      throw invalidQuery(`Column ${name} in RENAME does not exist`);
  return kept.map((column) => {
    if (column.name === undefined) return column;
    const node = replaced.get(column.name.toLowerCase());
    const name = renamed.get(column.name.toLowerCase()) ?? column.name;
    return { name, value: node === undefined ? column.value : compile(node, scope) };
  });
}

function allColumns(scope: Scope): readonly Column[] {
  if (scope.sources.length === 0) throw invalidQuery('SELECT * must have a FROM clause');
  return scope.sources.flatMap((source) => source.columns.filter((column) => column.isMerged !== true));
}

function columnsOf(node: Expression, scope: Scope): readonly Column[] {
  const source = node.kind === 'name' ? sourceNamed(node.name, scope) : undefined;
  if (source !== undefined) return source.columns;
  const of = compile(node, scope);
  if (of.type.kind !== 'STRUCT')
    throw invalidQuery(`Dot-star is not supported for type ${typeText(of.type)}`);
  return structColumns(of);
}

function groupBy(body: Select, outputs: readonly Output[], scope: Scope): string {
  if (body.groupBy === undefined) return '';
  if (body.groupBy.kind === 'all') {
    for (const item of body.items)
      if (item.kind === 'value' && inferredName(item.value) !== undefined)
        refuseGrouping(compile(item.value, scope).type);
    return 'GROUP BY ALL';
  }
  return `GROUP BY ${body.groupBy.items.map((item) => groupItem(item, outputs, scope)).join(', ')}`;
}

function groupItem(item: GroupItem, outputs: readonly Output[], scope: Scope): string {
  if (item.kind === 'value') return groupKey(item.value, outputs, scope);
  const sets = item.sets.map((set) => `(${set.map((inner) => groupItem(inner, outputs, scope)).join(', ')})`);
  if (item.kind === 'GROUPING SETS')
    return `GROUPING SETS (${item.sets
      .map((set, index) =>
        set.length === 1 && set[0]?.kind !== 'value'
          ? groupItem(set[0] as GroupItem, outputs, scope)
          : (sets[index] ?? ''),
      )
      .join(', ')})`;
  return `${item.kind} (${sets.join(', ')})`;
}

function groupKey(node: Expression, outputs: readonly Output[], scope: Scope): string {
  const of = groupValue(node, outputs, scope);
  refuseGrouping(of.type);
  return of.sql;
}

function refuseGrouping(type: Type): void {
  const inner = ungroupable(type);
  if (inner !== undefined)
    throw invalidQuery(`Grouping by expressions of type ${typeText(inner)} is not allowed`);
}

// An alias of the SELECT list, its position, or an expression over FROM.
function groupValue(node: Expression, outputs: readonly Output[], scope: Scope): Value {
  if (node.kind === 'literal' && node.type === 'INT64') {
    const output = outputs[Number(node.text) - 1];
    if (output === undefined)
      throw invalidQuery(
        `GROUP BY is out of range: ${node.text}. Column numbers must be between 1 and ${outputs.length}`,
      );
    return output.value;
  }
  if (node.kind === 'name') {
    const matches = outputs.filter((output) => isSameName(output.name, node.name));
    const [output] = matches;
    if (output !== undefined && matches.length === 1) return output.value;
  }
  return compile(node, scope);
}
