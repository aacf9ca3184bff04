import { fit, type DecodedEvent, type NewTypeVerb } from '@pipeline/schema-inference';
import { QUARANTINE_TABLE } from '../rows/quarantine-row.js';
import { NEW_TYPES_LABEL, newTypeVerbOf } from '../schema-changes/new-types.js';
import { labelQuarantine } from '../schema-changes/table-guard.js';
import { TableReconciler } from '../schema-changes/table-reconciler.js';
import type { TableStore } from '../schema-changes/table-store.port.js';
import { earlierDecision, type EarlierDecision } from './earlier-decision.js';
import { decisionOf, insertChanges } from './record-decision.js';
import type { ApprovalSql } from './waiting-values.js';

export interface NewTypeTablesOptions {
  readonly sql: ApprovalSql;
  readonly store: TableStore;
  /** Program and version, with the person. */
  readonly actor: string;
}

/** A step of applying the contract of the dataset; null if the verb is the contract's already. */
export interface NewTypesStep {
  readonly from: NewTypeVerb;
  readonly to: NewTypeVerb;
}

/** The tables of new event types, and the verb that decides about them, as a person's decisions change them. */
export class NewTypeTables {
  constructor(private readonly options: NewTypeTablesOptions) {}

  async exists(tableId: string): Promise<boolean> {
    return (await this.options.store.read(tableId)) !== null;
  }

  /**
   * Creates the table as table-manager does for the first event of a type, with the columns of these events; no guard is asked,
   * because a person decided.
   * @returns false if another writer was first
   * @throws CloudError
   */
  async create(
    tableId: string,
    events: readonly { readonly messageId: string; readonly event: DecodedEvent }[],
  ): Promise<boolean> {
    const { sql, store, actor } = this.options;
    const records: Promise<void>[] = [];
    let isCreated = false;
    const reconciler = new TableReconciler({
      store,
      onChange: ({ version, attributed, action }) => {
        isCreated ||= action === 'created';
        records.push(insertChanges(sql, { tableId, version, actor }, attributed));
      },
    });
    const needs = events.map(({ messageId, event }) =>
      reconciler.reconcile(tableId, {
        pendingIn: (compiled) => fit(event, compiled, { verdictOnly: true }).pending,
        cause: messageId,
        eventType: event.eventType,
      }),
    );
    await Promise.all(
      needs.length > 0 ? needs : [reconciler.reconcile(tableId, { pendingIn: () => [], cause: '' })],
    );
    await Promise.all(records);
    return isCreated;
  }

  earlier(tableId: string): Promise<EarlierDecision | null> {
    return earlierDecision(this.options.sql, tableId, '');
  }

  /** Records a decision about the type of a table. @throws CloudError */
  async record(tableId: string, kind: EarlierDecision['kind'], reason: string | null): Promise<void> {
    const { sql, store, actor } = this.options;
    const version = (await store.read(tableId))?.version ?? 0;
    await insertChanges(sql, { tableId, version, actor }, [decisionOf(kind, '', { reason })]);
  }

  /** The step from the verb of the dataset to a contract's, without making it. @throws CloudError */
  async planVerb(to: NewTypeVerb): Promise<NewTypesStep | null> {
    const from = newTypeVerbOf((await this.options.store.read(QUARANTINE_TABLE))?.labels);
    return from === to ? null : { from, to };
  }

  /** Writes the verb of the dataset into the label of `_quarantine`. Idempotent. @throws CloudError */
  async applyVerb(to: NewTypeVerb): Promise<NewTypesStep | null> {
    const { sql, store, actor } = this.options;
    const step = await this.planVerb(to);
    if (step === null) return null;
    await labelQuarantine(store, { [NEW_TYPES_LABEL]: to });
    const version = (await store.read(QUARANTINE_TABLE))?.version ?? 0;
    const change = {
      kind: 'APPLY_CONTRACT',
      path: null,
      fromType: null,
      toType: null,
      messageId: null,
      sample: { newTypes: to },
      changedAtMs: Date.now(),
    } as const;
    await insertChanges(sql, { tableId: QUARANTINE_TABLE, version, actor }, [change]);
    return step;
  }
}
