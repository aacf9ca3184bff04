import { listEventTables } from '@pipeline/books';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import type { Warehouse } from './warehouse.js';

/** One change of `_schema_history`, the earliest row of those with its id. */
export interface RecordedChange {
  readonly changeId: string;
  readonly table: string;
  readonly path: string | null;
  readonly kind: string;
  readonly toType: string | null;
  readonly messageId: string | null;
  readonly actor: string;
}

/** Reads `_schema_history`. */
export async function recordedChanges({ sql }: Warehouse): Promise<readonly RecordedChange[]> {
  const changes: RecordedChange[] = [];
  const query =
    `SELECT change_id, table_name, path, kind, to_type, message_id, actor FROM ${sql.name('_schema_history')} ` +
    'WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY change_id ORDER BY version) = 1';
  for await (const row of sql.rows({ sql: query })) {
    const text = (name: string): string | null => {
      const value = row[name];
      return typeof value === 'string' ? value : null;
    };
    changes.push({
      changeId: text('change_id') ?? '',
      table: text('table_name') ?? '',
      path: text('path'),
      kind: text('kind') ?? '',
      toType: text('to_type'),
      messageId: text('message_id'),
      actor: text('actor') ?? '',
    });
  }
  return changes;
}

/** Changes that are recorded more than once: as if a column had been added twice. */
export function recordedTwice(changes: readonly RecordedChange[]): string[] {
  const counts = new Map<string, number>();
  for (const { table, kind, path, toType } of changes) {
    const name = `${kind} ${[table, path].filter(Boolean).join('.')} ${toType ?? ''}`.trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([name, count]) => `${name}: ${count} times`);
}

/** Tables and columns that exist and have no record of their creation. */
export async function neverRecorded(
  warehouse: Warehouse,
  changes: readonly RecordedChange[],
): Promise<string[]> {
  const recorded = new Set(
    changes
      .filter(({ kind }) => ['CREATE_TABLE', 'RECREATE_TABLE', 'ADD_COLUMN'].includes(kind))
      .map(({ table, path }) => [table, path].filter(Boolean).join('.')),
  );
  const existing: string[] = [];
  for (const table of await listEventTables(warehouse.sql)) {
    const own = (await columnsOf(warehouse, table)).filter(
      ({ name }) => !PIPELINE_COLUMNS.some((column) => column.name === name),
    );
    existing.push(table, ...pathsOf(own, `${table}.`));
  }
  return existing.filter((name) => !recorded.has(name));
}

/** The columns of a table; none if the table does not exist. */
export async function columnsOf({ tables }: Warehouse, table: string): Promise<readonly Column[]> {
  return (await tables.read(table))?.schema.columns ?? [];
}

function pathsOf(columns: readonly Column[], prefix: string): string[] {
  return columns.flatMap(({ name, columns: children = [] }) => [
    `${prefix}${name}`,
    ...pathsOf(children, `${prefix}${name}.`),
  ]);
}
