import type { Column } from './schema/column.js';
import { parseDecimal } from './values/decimal.js';
import type { JsonNode } from './values/json-tree.js';
import type { PlannedChange } from './plan/plan.js';
import { readJsonTree } from './values/read-json-tree.js';

/** A form in which equal values of rows, as the contracts define equality, are deeply equal. */
export function canonicalRow(row: Readonly<Record<string, unknown>>, columns: readonly Column[]): unknown {
  const known = new Map(columns.map((column) => [column.name, column]));
  const entries = Object.entries(row)
    .map(([name, value]): [string, unknown] => {
      const column = known.get(name);
      if (column === undefined) throw new Error(`the row has a value for ${name}, which is no column`);
      return [name, canonicalValue(value, column)];
    })
    .filter(([, value]) => !isNothing(value));
  return Object.fromEntries(entries.map(([name, value]) => [`column ${name}`, value]));
}

function canonicalValue(value: unknown, column: Column): unknown {
  if (value === null || value === undefined) return null;
  if (column.mode === 'REPEATED') return (value as unknown[]).map((element) => canonicalOne(element, column));
  return canonicalOne(value, column);
}

function canonicalOne(value: unknown, column: Column): unknown {
  switch (column.type) {
    case 'RECORD':
      return canonicalRow(value as Record<string, unknown>, column.columns ?? []);
    case 'INT64':
    case 'NUMERIC':
    case 'BIGNUMERIC':
    case 'FLOAT64':
      return parseDecimal(String(value));
    case 'JSON':
      return canonicalJson(value as string);
    case 'TIMESTAMP':
      return canonicalInstant(value as string);
    case 'DATETIME':
      return trimFraction(value as string);
    case 'BOOL':
    case 'STRING':
    case 'DATE':
    case 'BYTES':
    case 'TIME':
    case 'GEOGRAPHY':
    case 'INTERVAL':
    case 'RANGE':
      return value;
  }
}

function canonicalInstant(text: string): string {
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? '';
  return `${Date.parse(text.replace(/\.\d+/, ''))}.${fraction.replace(/0+$/, '')}`;
}

function trimFraction(text: string): string {
  return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

function isNothing(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** JSON text as a tree in which members have no order and numbers no spelling. */
export function canonicalJson(text: string): unknown {
  JSON.parse(text);
  return canonicalNode(readJsonTree(text).root);
}

function canonicalNode(node: JsonNode): unknown {
  switch (node.kind) {
    case 'null':
      return null;
    case 'number':
      return parseDecimal(node.literal);
    case 'array':
      return { array: node.elements.map(canonicalNode) };
    case 'object':
      return { members: new Map(node.members.map(({ key, value }) => [key, canonicalNode(value)] as const)) };
    case 'boolean':
    case 'string':
      return node.value;
  }
}

/** Columns with an absent description as an empty one and, if asked, in the order of their names. */
export function canonicalColumns(columns: readonly Column[], isOrdered: boolean): unknown[] {
  const canonical = columns.map(({ name, type, mode, description, columns: children, ...parameters }) => ({
    ...parameters,
    name,
    type,
    mode,
    description: description ?? '',
    ...(children === undefined ? {} : { columns: canonicalColumns(children, isOrdered) }),
  }));
  return isOrdered ? canonical : canonical.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The contracts' form of a planned change. */
export function canonicalChange(change: PlannedChange): Record<string, unknown> {
  if (change.kind !== 'ADD_COLUMN') return { ...change };
  const { type, mode, description, columns } = change.column;
  return {
    kind: change.kind,
    path: change.path,
    via: change.via,
    type,
    mode,
    description: description ?? '',
    ...(columns === undefined ? {} : { columns: canonicalColumns(columns, true) }),
  };
}

/** Changes in an order of their own, so that they are compared as sets. */
export function sortChanges(changes: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const keyOf = (change: Record<string, unknown>): string => JSON.stringify([change['kind'], change['path']]);
  return [...changes].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}
