import { approvalCosts } from '@pipeline/bigquery-tables';
import {
  joinPending,
  listContractTables,
  namedEventTables,
  pendingApprovals,
  pendingTypes,
  type PendingAnswer,
} from '@pipeline/books';
import type { Warehouse } from '../warehouse/warehouse.js';

export interface DirectQuestion {
  readonly table: string | undefined;
  readonly includeRejected: boolean;
  readonly limit: number;
}

/** Reads what waits for an approval now, as the command does. */
export async function directAnswer(
  { sql, store, readSchema, now }: Warehouse,
  { table, ...chosen }: DirectQuestion,
): Promise<PendingAnswer> {
  const readAt = now().toISOString();
  const types = await pendingTypes(sql, { ...chosen, ...(table === undefined ? {} : { name: table }) });
  const isType = types.total > 0;
  const tables =
    table === undefined ? await listContractTables(sql) : isType ? [] : await namedEventTables(sql, [table]);
  const changes = await pendingApprovals(sql, tables, { readSchema, ...chosen });
  const found = joinPending(types, changes, chosen.limit);
  const costs = await approvalCosts({ sql, store }, [
    ...new Set(found.approvals.flatMap((one) => (one.kind === 'type' ? [] : [one.table]))),
  ]);
  return { readAt, ageSeconds: 0, failure: null, costs, ...found };
}
