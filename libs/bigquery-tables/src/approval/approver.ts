import { setTimeout } from 'node:timers/promises';
import { CloudError } from '@pipeline/google-clients';
import { readNote, type Column } from '@pipeline/schema-inference';
import { ALL_ROWS, type Promoter, type PromotionRun } from '../promotion/promoter.js';
import { applyPlan, type AppliedChange } from '../schema-changes/apply-plan.js';
import { typeText } from '../schema-changes/change-record.js';
import type { Claim } from '../schema-changes/claims.js';
import type { StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { keysOf, pathOf } from './change-path.js';
import { earlierDecision, type EarlierDecision } from './earlier-decision.js';
import { decisionOf, insertChanges } from './record-decision.js';
import { countWaiting, waitingClaims, type ApprovalSql } from './waiting-values.js';

export interface ApproverOptions {
  readonly sql: ApprovalSql;
  readonly store: TableStore;
  readonly promoter: Pick<Promoter, 'run'>;
  /** Program and version, with the person. */
  readonly actor: string;
  /** Longest time to wait until writers know the change and no value waits, in milliseconds. */
  readonly patienceMs?: number;
  /** Pause between two looks, in milliseconds. */
  readonly pauseMs?: number;
}

/**
 * `approved`: the table is changed and values moved; `left` still wait, because a writer does not know of the change yet or a day
 * failed. `rejected`: recorded, values stay in `_overflow`. `nothing-waits`: no value at that path asks for a change.
 */
export type DecisionResult =
  | {
      readonly kind: 'approved';
      /** Column paths with types, in the order of the changes. */
      readonly changes: readonly { readonly path: string; readonly type: string }[];
      readonly run: PromotionRun;
      readonly left: number;
      readonly earlier: EarlierDecision | null;
    }
  | { readonly kind: 'rejected'; readonly waiting: number; readonly earlier: EarlierDecision | null }
  | {
      readonly kind: 'exists';
      readonly column: string;
      readonly type: string;
      readonly earlier: EarlierDecision | null;
    }
  | { readonly kind: 'nothing-waits' }
  | { readonly kind: 'missing' };

const MAX_ATTEMPTS = 8;
const DEFAULT_PATIENCE_MS = 60_000;
const DEFAULT_PAUSE_MS = 2_000;

/**
 * Carries out a person's decisions about changes that wait for an approval.
 *
 * Any number of deciders are safe beside each other: a table is patched only as it was read, and the column that is there decides
 * who was first. A decision that is interrupted is repeated.
 */
export class Approver {
  constructor(private readonly options: ApproverOptions) {}

  /** Makes the change that values at or below a path wait for, and moves the values. @throws CloudError */
  async approve(tableId: string, path: string, reason: string | null): Promise<DecisionResult> {
    const { store, sql } = this.options;
    const first = await store.read(tableId);
    if (first === null) return { kind: 'missing' };
    const earlier = await this.#earlier(tableId, path);
    const steps: AppliedChange[] = [];
    const table = await this.#change(first, path, steps);
    if (steps.length === 0) return this.#noChange(table, path, earlier);
    const { version } = table;
    const author = { tableId, version, actor: this.options.actor };
    const changes = steps.flatMap((step) => step.changes);
    const [change] = changes;
    const toType = change?.toType ?? null;
    await insertChanges(sql, author, [
      ...changes,
      decisionOf('APPROVE_CHANGE', pathOf(keysOf(path)), { reason, toType }),
    ]);
    return {
      kind: 'approved',
      changes: changes.map((made) => ({ path: made.path ?? '', type: made.toType ?? '' })),
      earlier,
      ...(await this.#promote(tableId, path)),
    };
  }

  /** Records that values at a path stay in `_overflow`. Nothing is deleted. @throws CloudError */
  async reject(tableId: string, path: string, reason: string): Promise<DecisionResult> {
    const { store, sql } = this.options;
    const table = await store.read(tableId);
    if (table === null) return { kind: 'missing' };
    const earlier = await this.#earlier(tableId, path);
    const claims = await waitingClaims(sql, table, path);
    if (claims.length === 0) return this.#noChange(table, path, earlier);
    const waiting = await countWaiting(sql, tableId, path);
    const author = { tableId, version: table.version, actor: this.options.actor };
    if (earlier?.kind !== 'REJECT_CHANGE')
      await insertChanges(sql, author, [decisionOf('REJECT_CHANGE', pathOf(keysOf(path)), { reason })]);
    return { kind: 'rejected', waiting, earlier };
  }

  /** Changes the table until nothing at the path is pending; another writer's change in between is planned again. */
  async #change(first: StoredTable, path: string, steps: AppliedChange[]): Promise<StoredTable> {
    const { store, sql } = this.options;
    const { tableId } = first;
    let table: StoredTable | null = first;
    for (let attempt = 1; table !== null && attempt <= MAX_ATTEMPTS; attempt++) {
      const claims: readonly Claim[] = await waitingClaims(sql, table, path);
      if (claims.length === 0) return table;
      try {
        const outcome = await applyPlan(store, {
          tableId,
          stored: { ...table, schema: { ...table.schema, ignoresVerbs: true } },
          lastKnown: null,
          limits: {},
          nowMs: Date.now(),
          cause: claims[0]?.messageId ?? null,
          refused: new Set(),
          claimsOn: () => claims,
          mayCreate: () => Promise.resolve(),
          mayChange: () => Promise.resolve(true),
          onApplied: (step) => steps.push(step),
        });
        if (outcome.kind === 'ready') return outcome.table;
      } catch (cause) {
        if (CloudError.from(cause).code !== 'CONTENDED') throw cause;
      }
      table = await store.read(tableId);
    }
    const message = `The table was ${table === null ? 'deleted' : 'changed by others'} meanwhile: decide again`;
    throw new CloudError({ code: 'CONTENDED', message, tableId });
  }

  /** Promotes until no value at the path waits: writers that do not know of the change yet may still add some. */
  async #promote(
    tableId: string,
    path: string,
  ): Promise<{ readonly run: PromotionRun; readonly left: number }> {
    const { sql, promoter, patienceMs = DEFAULT_PATIENCE_MS, pauseMs = DEFAULT_PAUSE_MS } = this.options;
    const endsAtMs = Date.now() + patienceMs;
    let days: PromotionRun['days'] = [];
    for (;;) {
      const run = await promoter.run({ ...ALL_ROWS, tables: [tableId], isDryRun: false, endsAtMs: Infinity });
      days = [...days, ...run.days];
      const left = await countWaiting(sql, tableId, path);
      if (left === 0 || Date.now() + pauseMs >= endsAtMs) return { run: { ...run, days }, left };
      await setTimeout(pauseMs);
    }
  }

  #noChange({ schema }: StoredTable, path: string, earlier: EarlierDecision | null): DecisionResult {
    const found = columnAt(schema.columns, keysOf(path), []);
    return found === null
      ? { kind: 'nothing-waits' }
      : { kind: 'exists', column: found.path.join('.'), type: typeText(found.column), earlier };
  }

  #earlier(tableId: string, path: string): Promise<EarlierDecision | null> {
    return earlierDecision(this.options.sql, tableId, pathOf(keysOf(path)));
  }
}

/** The column that a path of keys leads to. */
function columnAt(
  columns: readonly Column[],
  [key, ...rest]: readonly string[],
  above: readonly string[],
): { readonly column: Column; readonly path: readonly string[] } | null {
  const column = columns.find(({ name, description }) => {
    const note = readNote(description);
    return note.retired !== true && (note.key ?? name) === key;
  });
  if (column === undefined) return null;
  const path = [...above, column.name];
  return rest.length === 0 ? { column, path } : columnAt(column.columns ?? [], rest, path);
}
