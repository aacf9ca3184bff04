import { BigquerySql, type BigqueryClient } from '@pipeline/google-clients';
import { BigqueryStaging } from '../promotion/bigquery-staging.js';
import { Promoter } from '../promotion/promoter.js';
import { RetypeEnd } from '../promotion/retype-end.js';
import { Retyper } from '../promotion/retyper.js';
import { BigqueryTableStore } from '../schema-changes/bigquery-table-store.adapter.js';
import { TableReconciler } from '../schema-changes/table-reconciler.js';
import { Approver } from './approver.js';
import { ContractApplier } from './contract-applier.js';
import { NewTypeTables } from './new-type-tables.js';
import { insertChanges } from './record-decision.js';

export interface TableToolsOptions {
  /** Author of promotions and retypes: program and version. */
  readonly actor: string;
  /** Author of decisions: program and version, with the person. `actor` when absent. */
  readonly decidedBy?: string;
  /** Bytes that one table may cost a day; 1 TB when absent. */
  readonly maxBytes?: number;
  /** Longest time that an approval waits until writers know of the change, in milliseconds. */
  readonly patienceMs?: number;
}

/** The means of a person to change tables and to move values. */
export interface TableTools {
  readonly approver: Approver;
  readonly applier: ContractApplier;
  readonly types: NewTypeTables;
  /** Moves values to columns that exist, and ends retypes. */
  readonly promoter: Promoter;
  readonly retyper: Retyper;
}

const DEFAULT_MAX_BYTES = 1e12;

/** Creates the tools over one client. Changes that an approval needs are made and recorded under the same author. */
export function createTableTools(
  client: BigqueryClient,
  { actor, decidedBy = actor, maxBytes = DEFAULT_MAX_BYTES, patienceMs }: TableToolsOptions,
): TableTools {
  const sql = new BigquerySql(client);
  const store = new BigqueryTableStore(client);
  const { projectId, datasetId } = client;
  const records: Promise<void>[] = [];
  const reconciler = new TableReconciler({
    store,
    onChange: ({ tableId, version, attributed }) => {
      records.push(insertChanges(sql, { tableId, version, actor: decidedBy }, attributed));
    },
  });
  const moving = { sql, store, staging: new BigqueryStaging(client), maxBytes, actor };
  const ensuring = new Promoter({
    ...moving,
    ensure: async (tableId, need) => {
      await reconciler.reconcile(tableId, need);
      await Promise.all(records.splice(0));
    },
  });
  const deciding = { sql, store, promoter: ensuring, actor: decidedBy };
  const end = new RetypeEnd({ sql, store, projectId, datasetId, actor });
  return {
    approver: new Approver({ ...deciding, ...(patienceMs === undefined ? {} : { patienceMs }) }),
    applier: new ContractApplier(deciding),
    types: new NewTypeTables(deciding),
    promoter: new Promoter({ ...moving, retypes: end }),
    retyper: new Retyper({ sql, store, promoter: new Promoter(moving), end, actor }),
  };
}
