import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { startBigqueryEmulator } from '@pipeline/local-cloud';
import { buildRow, compileSchema, decodeEvent, fit, type Column } from '@pipeline/schema-inference';
import { HISTORY_COLUMNS, HISTORY_TABLE } from '../history/history-row.js';
import { createRowAppender } from '../rows/create-row-appender.js';
import type { AppendRow, RowAppender } from '../rows/row-appender.port.js';
import { BigqueryTableStore } from '../schema-changes/bigquery-table-store.adapter.js';
import { toField } from '../schema-changes/table-resource.js';
import { PROMOTIONS_COLUMNS, PROMOTIONS_TABLE } from './promotion-record.js';

/** The project and dataset of a {@link PromotionDataset}. */
export const DATASET = { projectId: 'local-project', datasetId: 'events' };
const INGEST_TIME = '2026-11-29T10:00:01Z';

/** A dataset in the local BigQuery with the tables that promotion reads and writes. */
export interface PromotionDataset {
  readonly client: BigqueryClient;
  readonly sql: BigquerySql;
  readonly store: BigqueryTableStore;
  readonly appender: RowAppender;
  createTable(tableId: string, columns: readonly Column[], clusterBy?: readonly string[]): Promise<void>;
  /** True: the local BigQuery keeps the names of dropped columns. */
  reserveDroppedColumns(reserved: boolean): Promise<void>;
  stop(): Promise<void>;
}

export async function startPromotionDataset(): Promise<PromotionDataset> {
  const emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  const endpoint = `http://127.0.0.1:${emulator.port}`;
  const client = new BigqueryClient({ ...DATASET, endpoint });
  const appender = createRowAppender({ ...DATASET, endpoint: `127.0.0.1:${emulator.storageWritePort}` });
  const createTable: PromotionDataset['createTable'] = async (tableId, columns, clusterBy = []) => {
    await client.request({
      method: 'POST',
      path: ['datasets', DATASET.datasetId, 'tables'],
      body: {
        tableReference: { ...DATASET, tableId },
        schema: { fields: columns.map(toField) },
        ...(clusterBy.length === 0 ? {} : { clustering: { fields: clusterBy } }),
      },
    });
  };
  await client.request({ method: 'POST', path: ['datasets'], body: { datasetReference: DATASET } });
  await createTable(HISTORY_TABLE, HISTORY_COLUMNS);
  await createTable(PROMOTIONS_TABLE, PROMOTIONS_COLUMNS);
  return {
    client,
    sql: new BigquerySql(client),
    store: new BigqueryTableStore(client),
    appender,
    createTable,
    reserveDroppedColumns: async (reserved) => {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ reserved });
      const { ok } = await fetch(`${endpoint}/admin/dropped-columns`, { method: 'PUT', headers, body });
      if (!ok) throw new Error('The local BigQuery did not take the setting');
    },
    stop: async () => {
      await appender.close?.();
      await emulator.stop();
    },
  };
}

export function column(name: string, type: Column['type'], rest: Partial<Column> = {}): Column {
  return { name, type, mode: 'NULLABLE', ...rest };
}

/** The row that a writer appends that knows these columns. */
export function rowOf(
  message: { readonly messageId: string; readonly publishTime: string },
  text: string,
  columns: readonly Column[],
): AppendRow {
  const decoded = decodeEvent({ data: Buffer.from(text), attributes: { event_type: 't' } });
  if (decoded.kind === 'rejected') throw new Error(decoded.detail);
  const fitted = fit(decoded.event, compileSchema({ columns, closed: false }), { pending: 'overflow' });
  const built = buildRow(message, decoded.event, fitted, INGEST_TIME);
  if (built.kind === 'rejected') throw new Error(built.detail);
  return { insertId: message.messageId, row: built.row, columns };
}
