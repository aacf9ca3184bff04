import {
  PIPELINE_COLUMNS,
  plan,
  type Limits,
  type PlannedChange,
  type SchemaChange,
  type TableSchema,
} from '@pipeline/schema-inference';
import { describeNewTable } from './new-table.js';
import { splitPlan } from './split-plan.js';
import { TableError } from './table.errors.js';
import type { ChangeOutcome, StoredTable, TableStore } from './table-store.port.js';

/** A table as it was just read (null: there is none) and what the events that wait for it need. */
export interface PlanInput {
  readonly tableId: string;
  readonly stored: StoredTable | null;
  /** The schema this process saw last, for a table that somebody deleted. */
  readonly lastKnown: TableSchema | null;
  pendingIn(schema: TableSchema): readonly (readonly SchemaChange[])[];
  readonly limits: Partial<Limits>;
}

export interface AppliedChange {
  readonly action: 'unchanged' | 'created' | 'recreated' | 'changed';
  readonly table: StoredTable;
  readonly changes: readonly PlannedChange[];
}

/**
 * Plan and apply what a round of events needs: nothing, one create, or one patch and then one DDL statement.
 * @throws TableError `CONTENDED` where another writer was faster; read again and come back
 */
export async function applyPlan(store: TableStore, input: PlanInput): Promise<AppliedChange> {
  const { tableId, stored, lastKnown } = input;
  const base = stored?.schema ?? lastKnown ?? { columns: PIPELINE_COLUMNS, closed: false };
  const planned = plan(base, input.pendingIn(base), input.limits);
  if (stored === null) {
    return create(store, input, planned);
  }
  if (planned.changes.length === 0) {
    return { action: 'unchanged', table: stored, changes: [] };
  }
  const { patchColumns, widened } = splitPlan(base.columns, planned.schema.columns);
  const needsPatch = planned.changes.some((change) => change.via === 'patch');
  const patched = needsPatch
    ? await changed(store.patchSchema(stored, { ...planned.schema, columns: patchColumns }), tableId)
    : stored;
  const table = widened.length > 0 ? await changed(store.changeTypes(tableId, widened), tableId) : patched;
  return { action: 'changed', table, changes: planned.changes };
}

async function create(
  store: TableStore,
  { tableId, lastKnown }: PlanInput,
  planned: { readonly schema: TableSchema; readonly changes: readonly PlannedChange[] },
): Promise<AppliedChange> {
  const outcome = await store.create(describeNewTable(tableId, planned.schema));
  if (outcome.kind === 'exists') {
    throw new TableError({ code: 'CONTENDED', message: 'Another writer created the table first', tableId });
  }
  const action = lastKnown === null ? 'created' : 'recreated';
  return { action, table: outcome.table, changes: planned.changes };
}

async function changed(change: Promise<ChangeOutcome>, tableId: string): Promise<StoredTable> {
  const outcome = await change;
  if (outcome.kind === 'changed') {
    return outcome.table;
  }
  const reasons = {
    stale: 'Another writer changed the table first',
    missing: 'The table was deleted meanwhile',
    refused: outcome.kind === 'refused' ? outcome.message : '',
  };
  throw new TableError({ code: 'CONTENDED', message: reasons[outcome.kind], tableId });
}
