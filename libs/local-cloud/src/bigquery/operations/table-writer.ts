import type { TableWriter } from '../../ports.js';
import { BigqueryError } from '../rules/api-error.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** The warehouse as Pub/Sub's BigQuery subscriptions use it: the same queue and checks as insertAll. */
export function makeTableWriter(warehouse: Warehouse): TableWriter {
  return {
    async writeRows(table, rows) {
      try {
        const reply = await warehouse.runtime(table).writes.append({
          rows: rows.map((row) => ({ row })),
          skipInvalidRows: false,
          ignoreUnknownValues: false,
        });
        if (reply.kind === 'refused') return { kind: 'failed', reason: reply.error.message };
        const error = reply.rowErrors.flatMap((row) => row.errors).find(({ reason }) => reason !== 'stopped');
        return error === undefined ? { kind: 'written' } : { kind: 'failed', reason: error.message };
      } catch (error) {
        return { kind: 'failed', reason: BigqueryError.from(error).message };
      }
    },
    hasTable: (table) => warehouse.catalog.table(table)?.kind === 'TABLE',
    describeTable(table) {
      const entry = warehouse.catalog.table(table);
      if (entry === undefined) return Promise.resolve({ kind: 'missing' });
      return Promise.resolve({
        kind: 'table',
        columns: entry.fields.map(({ name, type }) => ({ name, type })),
      });
    },
  };
}
