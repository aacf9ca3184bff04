import { CloudError } from '@pipeline/google-clients';
import {
  PIPELINE_COLUMNS,
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
import { splitPlan } from './split-plan.js';
import type { ChangeOutcome, StoredTable, TableStore } from './table-store.port.js';
import { tellPlan, type ToldPlan } from './tell-plan.js';

/** A table as it was just read (null: there is none) and what the events that wait for it need. */
export interface PlanInput {
  readonly tableId: string;
  readonly stored: StoredTable | null;
  /** The schema this process saw last, for a table that somebody deleted. */
  readonly lastKnown: TableSchema | null;
  readonly limits: Partial<Limits>;
  readonly nowMs: number;
  /** The message of the event that waited first. */
  readonly cause: string | null;
  /** Etags of tables that BigQuery has refused a change of: refused once more, it is no lost race. */
  readonly refused: Set<string>;
  claimsOn(schema: TableSchema): readonly Claim[];
  /** Asked before each change. @returns false when it had to wait, so that what was read may be old */
  mayChange(isPartitioned: boolean): Promise<boolean>;
  /** Told after each change that BigQuery made. */
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
 * Plan and apply what a round of events needs: nothing, one create, or one patch and then one DDL statement.
 * @throws CloudError `CONTENDED` where another writer was faster; read again and come back
 * @throws CloudError `INVALID` where BigQuery refuses the same table's change again
 */
export async function applyPlan(store: TableStore, input: PlanInput): Promise<PlanOutcome> {
  const { stored, lastKnown, limits, nowMs } = input;
  const base = stored?.schema ?? lastKnown ?? { columns: PIPELINE_COLUMNS, closed: false };
  const claims = input.claimsOn(base);
  const planned = plan(
    base,
    claims.map(({ pending }) => pending),
    limits,
  );
  if (stored !== null && planned.changes.length === 0) {
    return { kind: 'ready', table: stored };
  }
  if (!(await input.mayChange(stored?.isPartitioned ?? true))) {
    return { kind: 'waited' };
  }
  const told = tellPlan(base, planned.schema, claims, nowMs);
  const work: Work = { store, input, planned: planned.changes, told };
  return { kind: 'ready', table: stored === null ? await create(work) : await change(work, stored, base) };
}

/** What is to be done to one table. */
interface Work {
  readonly store: TableStore;
  readonly input: PlanInput;
  readonly planned: readonly PlannedChange[];
  readonly told: ToldPlan;
}

async function create({ store, input, planned, told }: Work): Promise<StoredTable> {
  const { tableId, lastKnown, nowMs, cause: messageId } = input;
  const origin: Origin = { event: lastKnown === null ? 'made' : 'made-again', atMs: nowMs, messageId };
  const outcome = await store.create(describeNewTable(tableId, told.schema, origin));
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
  input.onApplied({ action, table, planned, changes: [made, ...told.patched, ...told.widened] });
  return table;
}

async function change(work: Work, before: StoredTable, base: TableSchema): Promise<StoredTable> {
  const { store, input, planned, told } = work;
  const { patchColumns, widened } = splitPlan(base.columns, told.schema.columns);
  let table = before;
  const patches = planned.filter(({ via }) => via === 'patch');
  if (patches.length > 0 || told.announces) {
    const schema = { ...told.schema, columns: patchColumns };
    table = await settled(work, table, store.patchSchema(table, schema, closingDescription(work, before)));
    if (patches.length > 0) {
      input.onApplied({ action: 'changed', table, planned: patches, changes: told.patched });
    }
  }
  return widened.length > 0 ? widen(work, table, widened) : table;
}

async function widen(work: Work, before: StoredTable, widened: readonly Column[]): Promise<StoredTable> {
  const { store, input, planned, told } = work;
  while (!(await input.mayChange(before.isPartitioned)));
  const table = await settled(work, before, store.changeTypes(input.tableId, widened));
  const byDdl = planned.filter(({ via }) => via === 'ddl');
  input.onApplied({ action: 'changed', table, planned: byDdl, changes: told.widened });
  if (sameDescriptions(table.schema.columns, told.schema.columns)) {
    return table;
  }
  // Keys of columns are kept in descriptions: should a restated STRUCT come back without them, they are put back.
  while (!(await input.mayChange(before.isPartitioned)));
  return settled(work, table, store.patchSchema(table, told.schema));
}

/** When a table is closed its description says so, because the label has no room for when and why. */
function closingDescription({ told }: Work, before: StoredTable): string | undefined {
  const closing = told.patched.find(({ kind }) => kind === 'CLOSE_TABLE');
  if (closing === undefined) {
    return undefined;
  }
  const { changedAtMs: atMs, messageId } = closing;
  const origin: Origin = { event: 'closed', atMs, messageId };
  return addOrigin(before.description, origin, MAX_TABLE_DESCRIPTION);
}

/** Of the columns that were to be there; what others added meanwhile is theirs. */
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
