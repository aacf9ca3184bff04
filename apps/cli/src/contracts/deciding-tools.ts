import {
  Approver,
  BigqueryStaging,
  BigqueryTableStore,
  ContractApplier,
  insertChanges,
  Promoter,
  TableReconciler,
} from '@pipeline/bigquery-tables';
import { BigquerySql, type BigqueryClient } from '@pipeline/google-clients';
import { CLI_ACTOR } from '../command/version.js';

/** The means to carry out decisions about tables. */
export interface DecidingTools {
  readonly approver: Approver;
  readonly applier: ContractApplier;
}

/** Bytes that one table may cost a day. */
const MAX_BYTES = 1e12;

/**
 * The program with the person: GitHub's user of a workflow, else the user of this machine.
 *
 * Shape: `cli@0.1.0 (ada)`.
 */
export function actorOf(environment: Readonly<Record<string, string | undefined>>): string {
  const person = environment['GITHUB_ACTOR'] ?? environment['USER'];
  return person === undefined || person === '' ? CLI_ACTOR : `${CLI_ACTOR} (${person})`;
}

/** Creates approver and applier; changes that a promotion needs are made and recorded under the same author. */
export function createDecidingTools(client: BigqueryClient): DecidingTools {
  const sql = new BigquerySql(client);
  const store = new BigqueryTableStore(client);
  const actor = actorOf(process.env);
  const records: Promise<void>[] = [];
  const reconciler = new TableReconciler({
    store,
    onChange: ({ tableId, version, attributed }) => {
      records.push(insertChanges(sql, { tableId, version, actor }, attributed));
    },
  });
  const promoter = new Promoter({
    sql,
    store,
    staging: new BigqueryStaging(client),
    maxBytes: MAX_BYTES,
    actor: CLI_ACTOR,
    ensure: async (tableId, need) => {
      await reconciler.reconcile(tableId, need);
      await Promise.all(records.splice(0));
    },
  });
  const shared = { sql, store, promoter, actor };
  return { approver: new Approver(shared), applier: new ContractApplier(shared) };
}
