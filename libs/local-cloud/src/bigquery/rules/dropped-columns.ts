import { invalidQuery } from './api-error.js';
import type { Field } from './field-schema.js';
import { tableKey, type TableName } from './table-resource.js';

/** Names of dropped columns, in lower case, with the time of the drop in milliseconds. */
export type DroppedColumns = Readonly<Record<string, number>>;

/** Longest time that BigQuery keeps a dropped name: the default and longest time travel window. */
export const RESERVED_MS = 7 * 86_400_000;

/**
 * Throws 400 `invalidQuery` if `after` has a top-level column that `before` lacks and whose name was dropped within
 * {@link RESERVED_MS}.
 *
 * BigQuery reserves the names of dropped columns for the time travel window; no page says so, only its error text does.
 */
export function refuseDroppedNames(
  table: { readonly name: TableName; readonly droppedColumns?: DroppedColumns },
  before: readonly Field[],
  after: readonly Field[],
  nowMs: number,
): void {
  const { name: tableName, droppedColumns } = table;
  if (droppedColumns === undefined) return;
  const present = new Set(before.map(({ name }) => name.toLowerCase()));
  const refused = after.find(({ name }) => {
    const droppedMs = droppedColumns[name.toLowerCase()];
    return droppedMs !== undefined && nowMs - droppedMs < RESERVED_MS && !present.has(name.toLowerCase());
  });
  if (refused !== undefined)
    throw invalidQuery(
      `Column \`${refused.name}\` was recently deleted in the table \`${tableKey(tableName)}\`. Deleted column name is reserved for up to the time travel duration, use a different column name instead.`,
    );
}

/** The names that a table has dropped, with those of a further drop; old ones are forgotten. */
export function withDroppedNames(
  before: DroppedColumns | undefined,
  names: readonly string[],
  nowMs: number,
): DroppedColumns {
  const kept = Object.entries(before ?? {}).filter(([, droppedMs]) => nowMs - droppedMs < RESERVED_MS);
  return Object.fromEntries([...kept, ...names.map((name): [string, number] => [name.toLowerCase(), nowMs])]);
}
