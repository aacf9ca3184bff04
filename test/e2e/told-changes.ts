import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import type { Pipeline } from './pipeline.js';
import { columnsOf, eventTables } from './whereabouts.js';

const { dataset } = DEFAULT_PIPELINE_NAMES;

/** One change as `_schema_history` tells it, the earliest of those with its id. */
export interface ToldChange {
  readonly change_id: string;
  readonly table_name: string;
  readonly path: string | null;
  readonly kind: string;
  readonly from_type: string | null;
  readonly to_type: string | null;
  readonly message_id: string | null;
  readonly actor: string;
}

export async function toldChanges(pipeline: Pipeline): Promise<readonly ToldChange[]> {
  const columns = 'change_id, table_name, path, kind, from_type, to_type, message_id, actor';
  return pipeline.query<ToldChange>(
    `SELECT ${columns} FROM \`${dataset}._schema_history\` WHERE TRUE ` +
      'QUALIFY ROW_NUMBER() OVER (PARTITION BY change_id ORDER BY version) = 1',
  );
}

/** Changes that are told more than once: as if a column had been added twice. */
export function toldTwice(changes: readonly ToldChange[]): string[] {
  const counts = new Map<string, number>();
  for (const { table_name: table, kind, path, to_type: type } of changes) {
    const name = `${kind} ${[table, path].filter(Boolean).join('.')} ${type ?? ''}`.trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([name, count]) => `${name}: ${count} times`);
}

/** Tables and columns that are there, and of which the history does not tell how they came. */
export async function neverTold(pipeline: Pipeline, changes: readonly ToldChange[]): Promise<string[]> {
  const told = new Set(
    changes
      .filter(({ kind }) => ['CREATE_TABLE', 'RECREATE_TABLE', 'ADD_COLUMN'].includes(kind))
      .map(({ table_name: table, path }) => [table, path].filter(Boolean).join('.')),
  );
  const there: string[] = [];
  for (const table of await eventTables(pipeline)) {
    const own = (await columnsOf(pipeline, table)).filter(
      ({ name }) => !PIPELINE_COLUMNS.some((column) => column.name === name),
    );
    there.push(table, ...pathsOf(own, `${table}.`));
  }
  return there.filter((name) => !told.has(name));
}

function pathsOf(columns: readonly Column[], prefix: string): string[] {
  return columns.flatMap(({ name, columns: children = [] }) => [
    `${prefix}${name}`,
    ...pathsOf(children, `${prefix}${name}.`),
  ]);
}
