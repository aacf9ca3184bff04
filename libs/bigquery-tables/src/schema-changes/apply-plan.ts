import { CloudError } from '@pipeline/google-clients';
import {
  plan,
  type Column,
  type Limits,
  type PlannedChange,
  type TableSchema,
} from '@pipeline/schema-inference';
import type { Change } from './change-record.js';
import type { Claim } from './claims.js';
import { describeNewTable } from './new-table.js';
import { addOrigin, MAX_TABLE_DESCRIPTION, type Origin } from './origin.js';
import { assertUsable, completeSchema, schemaForCreation } from './pipeline-columns.js';
import { splitPlan } from './split-plan.js';
import type { ChangeOutcome, StoredTable, TableStore } from './table-store.port.js';
import { annotatePlan, type AnnotatedPlan } from './annotate-plan.js';

/** A table as it was just read (null: none exists) and the needs of the events that wait for it. */
export interface PlanInput {
  readonly tableId: string;
  readonly stored: StoredTable | null;
  /** The schema this process saw last, for a table that was deleted. */
  readonly lastKnown: TableSchema | null;
  readonly limits: Partial<Limits>;
  readonly nowMs: number;
  /** The message of the event that waited first. */
  readonly cause: string | null;
  /** Etags whose change BigQuery refused: a second refusal is no lost race. */
  readonly refused: Set<string>;
  claimsOn(schema: TableSchema): readonly Claim[];
  /** Called before a table is created that this process does not know. @throws CloudError if a guard forbids it */
  mayCreate(): Promise<void>;
  /** Called before each change. @returns false if it had to wait, so the table must be read again */
  mayChange(isPartitioned: boolean): Promise<boolean>;
  /** Called after each change that BigQuery made. */
  onApplied(step: AppliedChange): void;
}

export interface AppliedChange {
  readonly action: 'created' | 'recreated' | 'changed';
  readonly table: StoredTable;
  readonly planned: readonly PlannedChange[];
  readonly changes: readonly Change[];
}

/** `ready`: nothing (more) is pending. `waited`: nothing was done, read again. */
export type PlanOutcome =
  { readonly kind: 'ready'; readonly table: StoredTable } | { readonly kind: 'waited' };

/**
 * Plans and applies the changes that a round of events needs: nothing, one create, or one patch and then one DDL statement.
 * A hand-made table gets the pipeline's columns.
 * @throws CloudError `TABLE_UNUSABLE` for a view, or a pipeline column of another type
 * @throws CloudError `CONTENDED` if another writer was faster; read and plan again
 * @throws CloudError `TABLE_LIMIT_REACHED`, `TYPE_AWAITS_APPROVAL`, `TYPE_NOT_ALLOWED` if a guard forbids a new table
 * @throws CloudError `INVALID` if BigQuery refuses the same table's change again
 */
export async function applyPlan(store: TableStore, input: PlanInput): Promise<PlanOutcome> {
  const { stored, lastKnown, limits, nowMs } = input;
  if (stored !== null) assertUsable(stored);
  const base = stored?.schema ?? schemaForCreation(lastKnown ?? NO_COLUMNS);
  const { schema: completed, added } = completeSchema(base);
  const claims = input.claimsOn(completed);
  const planned = plan(
    completed,
    claims.map(({ pending }) => pending),
    limits,
  );
  if (stored !== null && planned.changes.length === 0 && added.length === 0) {
    return { kind: 'ready', table: stored };
  }
  if (stored === null && lastKnown === null) await input.mayCreate();
  if (!(await input.mayChange(stored?.isPartitioned ?? true))) {
    return { kind: 'waited' };
  }
  // The pipeline's own columns have no history.
  const annotated = annotatePlan(completed, planned.schema, claims, nowMs);
  const work: Work = { store, input, planned: [...added.map(toAddition), ...planned.changes], annotated };
  return { kind: 'ready', table: stored === null ? await create(work) : await change(work, stored, base) };
}

const NO_COLUMNS: TableSchema = { columns: [], closed: false };

function toAddition(column: Column): PlannedChange {
  return { kind: 'ADD_COLUMN', path: [column.name], column, via: 'patch' };
}

/** The work on one table. */
interface Work {
  readonly store: TableStore;
  readonly input: PlanInput;
  readonly planned: readonly PlannedChange[];
  readonly annotated: AnnotatedPlan;
}

async function create({ store, input, planned, annotated }: Work): Promise<StoredTable> {
  const { tableId, lastKnown, nowMs, cause: messageId } = input;
  const origin: Origin = { event: lastKnown === null ? 'made' : 'made-again', atMs: nowMs, messageId };
  const outcome = await store.create(describeNewTable(tableId, annotated.schema, origin));
  if (outcome.kind === 'exists') {
    throw new CloudError({ code: 'CONTENDED', message: 'Another writer created the table first', tableId });
  }
  const { table } = outcome;
  const made: Change = {
    kind: lastKnown === null ? 'CREATE_TABLE' : 'RECREATE_TABLE',
    path: null,
    fromType: null,
    toType: null,
    messageId,
    sample: null,
    changedAtMs: nowMs,
  };
  const action = lastKnown === null ? 'created' : 'recreated';
  input.onApplied({ action, table, planned, changes: [made, ...annotated.patched, ...annotated.widened] });
  return table;
}

async function change(work: Work, before: StoredTable, base: TableSchema): Promise<StoredTable> {
  const { store, input, planned, annotated } = work;
  const { patchColumns, widened } = splitPlan(base.columns, annotated.schema.columns);
  let table = before;
  const patches = planned.filter(({ via }) => via === 'patch');
  if (patches.length > 0 || annotated.announces) {
    const schema = { ...annotated.schema, columns: patchColumns };
    table = await settled(work, table, store.patchSchema(table, schema, closingDescription(work, before)));
    if (patches.length > 0) {
      input.onApplied({ action: 'changed', table, planned: patches, changes: annotated.patched });
    }
  }
  return widened.length > 0 ? widen(work, table, widened) : table;
}

async function widen(work: Work, before: StoredTable, widened: readonly Column[]): Promise<StoredTable> {
  const { store, input, planned, annotated } = work;
  while (!(await input.mayChange(before.isPartitioned)));
  const table = await settled(work, before, store.changeTypes(input.tableId, widened));
  const byDdl = planned.filter(({ via }) => via === 'ddl');
  input.onApplied({ action: 'changed', table, planned: byDdl, changes: annotated.widened });
  if (sameDescriptions(table.schema.columns, annotated.schema.columns)) {
    return table;
  }
  // Keys of columns are kept in descriptions: should a restated STRUCT come back without them, they are put back.
  while (!(await input.mayChange(before.isPartitioned)));
  return settled(work, table, store.patchSchema(table, annotated.schema));
}

/** A closed table's description says when and why, because the label has no room for it. */
function closingDescription({ annotated }: Work, before: StoredTable): string | undefined {
  const closing = annotated.patched.find(({ kind }) => kind === 'CLOSE_TABLE');
  if (closing === undefined) {
    return undefined;
  }
  const { changedAtMs: atMs, messageId } = closing;
  const origin: Origin = { event: 'closed', atMs, messageId };
  return addOrigin(before.description, origin, MAX_TABLE_DESCRIPTION);
}

/** Compares the planned columns only; other processes may have added more. */
function sameDescriptions(actual: readonly Column[], wanted: readonly Column[]): boolean {
  const byName = new Map(actual.map((column) => [column.name, column]));
  return wanted.every((column) => {
    const found = byName.get(column.name);
    return (
      found === undefined ||
      ((found.description ?? '') === (column.description ?? '') &&
        sameDescriptions(found.columns ?? [], column.columns ?? []))
    );
  });
}

async function settled(
  { input: { tableId, refused } }: Work,
  before: StoredTable,
  change: Promise<ChangeOutcome>,
): Promise<StoredTable> {
  const outcome = await change;
  switch (outcome.kind) {
    case 'changed':
      return outcome.table;
    case 'stale':
      throw new CloudError({ code: 'CONTENDED', message: 'Another writer changed the table first', tableId });
    case 'missing':
      throw new CloudError({ code: 'CONTENDED', message: 'The table was deleted meanwhile', tableId });
    case 'refused': {
      const isAgain = refused.has(before.etag);
      refused.add(before.etag);
      throw new CloudError({ code: isAgain ? 'INVALID' : 'CONTENDED', message: outcome.message, tableId });
    }
  }
}
