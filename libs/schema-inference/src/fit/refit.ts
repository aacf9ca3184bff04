import type { CompiledSchema } from '../schema/compile-schema.js';
import type { SchemaChange } from '../schema/schema-change.js';
import { readJsonTree } from '../values/read-json-tree.js';
import type { JsonValue } from '../values/row.js';
import { explain, type ExplainedLeaf } from './explain.js';
import { fitTree } from './fit-tree.js';
import { keepUnread } from './keep-unread.js';
import { isSameScalar } from './leaves.js';
import { overflowText } from './overflow.js';
import { eventColumns, rebuildEventText } from './rebuild-event.js';

/**
 * A stored row, fitted to the current schema.
 *
 * `pending`: the changes that values in its overflow still need.
 */
export type Refitted =
  | { readonly kind: 'unchanged'; readonly pending: readonly SchemaChange[] }
  | {
      readonly kind: 'changed';
      /** The new value of every event column, null included, and of `_overflow`; other columns stay as they are. */
      readonly row: Readonly<Record<string, JsonValue>>;
      /** Leaves that are in another place now. */
      readonly moved: number;
      readonly pending: readonly SchemaChange[];
    };

/**
 * Moves the values of a stored row to where they belong in the current schema: out of `_overflow` or of a retired column
 * into the column that takes them.
 *
 * `row` has the form that `buildRow` makes. Pure; needs no archive. Idempotent: a second call with the result is
 * `unchanged`. No leaf is lost or altered: `explain` gives the same values before and after. A row whose overflow would be
 * too large stays as it is, and so do values of fields whose key is known by its hash only.
 */
export function refit(row: Readonly<Record<string, JsonValue>>, compiled: CompiledSchema): Refitted {
  const { schema } = compiled;
  const text = rebuildEventText(row, schema);
  const { root } = readJsonTree(text);
  if (root.kind !== 'object') return { kind: 'unchanged', pending: [] };
  const fitted = fitTree(root, text, compiled, { isWaitOver: true });
  const pending = fitted.pending.list();
  if (fitted.isTruncated) return { kind: 'unchanged', pending };

  const next = keepUnread(eventColumns(schema), fitted.row, row);
  next['_overflow'] = fitted.entries.length === 0 ? null : overflowText({ entries: fitted.entries });
  const moved = countMoved(explain(row, schema), explain(next, schema));
  return moved === 0 ? { kind: 'unchanged', pending } : { kind: 'changed', row: next, moved, pending };
}

/** Counts the leaves whose place, reason or value differs. */
function countMoved(before: readonly ExplainedLeaf[], after: readonly ExplainedLeaf[]): number {
  const old = new Map(before.map((leaf) => [leaf.pointer, leaf]));
  const moved = after.filter((leaf) => {
    const known = old.get(leaf.pointer);
    return known === undefined || placeOf(known) !== placeOf(leaf) || !isSameScalar(known.json, leaf.json);
  });
  return moved.length;
}

function placeOf({ column, reason }: ExplainedLeaf): string {
  return JSON.stringify([column, reason]);
}
