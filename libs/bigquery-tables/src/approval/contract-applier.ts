import { CloudError } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { ALL_ROWS, type Promoter, type PromotionRun } from '../promotion/promoter.js';
import { typeText, type Change } from '../schema-changes/change-record.js';
import { describeNewTable } from '../schema-changes/new-table.js';
import type { Origin } from '../schema-changes/origin.js';
import { schemaForCreation } from '../schema-changes/pipeline-columns.js';
import { splitPlan } from '../schema-changes/split-plan.js';
import { verbLabels } from '../schema-changes/table-resource.js';
import type { ChangeOutcome, StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { planContract, type ContractPlan, type ContractStep, type DeclaredTable } from './plan-contract.js';
import { insertChanges } from './record-decision.js';
import { countWaiting, type ApprovalSql } from './waiting-values.js';

export interface ContractApplierOptions {
  readonly sql: ApprovalSql;
  readonly store: TableStore;
  /** With `ensure`, so that values whose verb is `evolve` again get their columns. */
  readonly promoter: Pick<Promoter, 'run'>;
  /** Program and version, with the person. */
  readonly actor: string;
}

export type ContractResult =
  | { readonly kind: 'planned'; readonly steps: readonly ContractStep[] }
  | {
      readonly kind: 'applied';
      readonly steps: readonly ContractStep[];
      /** Null if no step can give a waiting value a column. */
      readonly run: PromotionRun | null;
      /** Values that still wait for a column or an approval. */
      readonly left: number;
    };

const MAX_ATTEMPTS = 8;

/**
 * Writes a contract into its table: verbs into labels and `pipeline:` lines, declared columns and wider types into the schema; then
 * moves the values that waited for them. Creates a table that does not exist, whatever the verb for new event types says. Idempotent;
 * interrupted, it is run again.
 */
export class ContractApplier {
  constructor(private readonly options: ContractApplierOptions) {}

  /** Returns the steps without making them. @throws CloudError */
  async plan(tableId: string, declared: DeclaredTable): Promise<ContractResult> {
    const table = await this.options.store.read(tableId);
    return { kind: 'planned', steps: planOf(table, declared).steps };
  }

  /** @throws CloudError */
  async apply(tableId: string, declared: DeclaredTable): Promise<ContractResult> {
    const { sql, promoter } = this.options;
    const steps = await this.#change(tableId, declared);
    const isNew = steps.some(({ kind }) => kind === 'create');
    const run =
      !isNew && steps.some(givesColumns)
        ? await promoter.run({ ...ALL_ROWS, tables: [tableId], isDryRun: false, endsAtMs: Infinity })
        : null;
    return { kind: 'applied', steps, run, left: await countWaiting(sql, tableId, '') };
  }

  /** @returns the steps that were made, conflicts included */
  async #change(tableId: string, declared: DeclaredTable): Promise<readonly ContractStep[]> {
    const { store } = this.options;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const table = await store.read(tableId);
      const plan = planOf(table, declared);
      if (plan.steps.every(({ kind }) => kind === 'conflict')) return plan.steps;
      const changed = table === null ? await this.#create(tableId, plan) : await this.#make(table, plan);
      if (changed === null) continue;
      await this.#record(changed, plan.steps);
      return plan.steps;
    }
    const message = 'The table was changed by others meanwhile: apply the contract again';
    throw new CloudError({ code: 'CONTENDED', message, tableId });
  }

  /** @returns null if another writer was faster */
  async #create(tableId: string, { schema }: ContractPlan): Promise<StoredTable | null> {
    const origin: Origin = { event: 'made', atMs: Date.now(), messageId: null };
    const outcome = await this.options.store.create(describeNewTable(tableId, schema, origin));
    return outcome.kind === 'created' ? outcome.table : null;
  }

  /** The schema first: it has an etag, and a label may be set twice. @returns null if another writer was faster */
  async #make(before: StoredTable, { steps, schema }: ContractPlan): Promise<StoredTable | null> {
    const { store } = this.options;
    const { tableId } = before;
    const { patchColumns, widened } = splitPlan(before.schema.columns, schema.columns);
    let table: StoredTable | null = before;
    if (steps.some((step) => step.kind === 'add' || (step.kind === 'verb' && step.path !== '')))
      table = settled(await store.patchSchema(before, { ...schema, columns: patchColumns }), tableId);
    if (table !== null && widened.length > 0)
      table = settled(await store.changeTypes(tableId, widened), tableId);
    if (table === null) return null;
    const hasLabels = steps.some((step) => step.kind === 'verb' && step.path === '');
    const { newColumns = 'evolve', typeChanges = 'evolve' } = schema;
    if (hasLabels && !(await store.setLabels(tableId, verbLabels({ newColumns, typeChanges })))) return null;
    return table;
  }

  async #record({ tableId, version, schema }: StoredTable, steps: readonly ContractStep[]): Promise<void> {
    const { sql, actor } = this.options;
    const changedAtMs = Date.now();
    const shared = { fromType: null, toType: null, messageId: null, sample: null, changedAtMs };
    const changes = steps.flatMap((step): readonly Change[] => {
      switch (step.kind) {
        case 'create':
          return [{ ...shared, kind: 'CREATE_TABLE', path: null }];
        case 'add':
          return pathsOf(schema.columns)
            .filter(([path]) => path === step.path || path.startsWith(`${step.path}.`))
            .map(([path, column]) => ({ ...shared, kind: 'ADD_COLUMN', path, toType: typeText(column) }));
        case 'widen':
          return [{ ...shared, kind: 'WIDEN_COLUMN', path: step.path, fromType: step.from, toType: step.to }];
        case 'verb':
        case 'conflict':
          return [];
      }
    });
    const verbs = steps.filter((step) => step.kind === 'verb');
    const sample = Object.fromEntries(
      verbs.map(({ path, name, to }) => [path === '' ? name : `${path}: ${name}`, to ?? 'as the table']),
    );
    const applied: Change = { ...shared, kind: 'APPLY_CONTRACT', path: null, sample };
    await insertChanges(
      sql,
      { tableId, version, actor },
      verbs.length === 0 ? changes : [applied, ...changes],
    );
  }
}

/** The plan for a table as it was read, or for one that does not exist. */
function planOf(table: StoredTable | null, declared: DeclaredTable): ContractPlan {
  if (table !== null) return planContract(table.schema, declared);
  const { steps, schema } = planContract(schemaForCreation({ columns: [], closed: false }), declared);
  return { steps: [{ kind: 'create', path: '' }, ...steps], schema };
}

/** True if a step can give a waiting value a column: verbs of records and columns may fall back to `evolve` of the table. */
function givesColumns(step: ContractStep): boolean {
  if (step.kind === 'verb') return step.to === 'evolve' || step.to === null;
  return step.kind === 'add' || step.kind === 'widen';
}

/** A column and every field in it, by path. */
function pathsOf(columns: readonly Column[], prefix = ''): readonly (readonly [string, Column])[] {
  return columns.flatMap((column) => {
    const path = `${prefix}${column.name}`;
    return [[path, column] as const, ...pathsOf(column.columns ?? [], `${path}.`)];
  });
}

function settled(outcome: ChangeOutcome, tableId: string): StoredTable | null {
  if (outcome.kind === 'refused')
    throw new CloudError({ code: 'INVALID', message: outcome.message, tableId });
  return outcome.kind === 'changed' ? outcome.table : null;
}
