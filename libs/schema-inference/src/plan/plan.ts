import type { Column, TableSchema } from '../schema/column.js';
import { DEFAULT_LIMITS, type Limits } from '../schema/limits.js';
import { SchemaDraft } from './schema-draft.js';
import type { WideningType } from '../values/widening.js';
import type { SchemaChange } from '../schema/schema-change.js';

/**
 * One change to make to a table; `path` is made of column names from the table down. `via` is the way to apply it:
 * `patch` = tables.patch with the whole schema, `ddl` = ALTER COLUMN SET DATA TYPE.
 */
export type PlannedChange =
  | {
      readonly kind: 'ADD_COLUMN';
      readonly path: readonly string[];
      readonly column: Column;
      readonly via: 'patch';
    }
  | { readonly kind: 'RELAX'; readonly path: readonly string[]; readonly via: 'patch' }
  | { readonly kind: 'CLOSE_RECORD'; readonly path: readonly string[]; readonly via: 'patch' }
  | { readonly kind: 'CLOSE_TABLE'; readonly path: readonly []; readonly via: 'patch' }
  | {
      readonly kind: 'WIDEN';
      readonly path: readonly string[];
      readonly from: WideningType;
      readonly to: WideningType;
      readonly via: 'ddl';
    };

/** A table or RECORD that has reached a share of what it may hold. */
export interface CapacityWarning {
  /** Column names; empty for the table itself. */
  readonly path: readonly string[];
  readonly used: number;
  readonly limit: number;
  readonly percent: 50 | 80 | 95;
}

/** The changes to a table after which nothing that was pending is pending. */
export interface Plan {
  /** Patches come before DDL. */
  readonly changes: readonly PlannedChange[];
  /** The table after all changes. */
  readonly schema: TableSchema;
  readonly warnings: readonly CapacityWarning[];
}

/**
 * Joins the pending changes of many events into one plan.
 *
 * Total: changes that the schema already has, or refuses because it was closed meanwhile, are ignored. The order of events
 * decides only the order of columns, and which of them are added if a limit applies.
 */
export function plan(
  schema: TableSchema,
  pending: Iterable<readonly SchemaChange[]>,
  limits?: Partial<Limits>,
): Plan {
  const all: Limits = { ...DEFAULT_LIMITS, ...limits };
  const draft = new SchemaDraft(schema, all);
  for (const changes of pending) for (const change of changes) draft.request(change);
  return draft.finish(schema);
}
