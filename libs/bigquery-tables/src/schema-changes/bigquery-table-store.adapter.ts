import {
  BigquerySql,
  CloudError,
  quoteName,
  toSqlType,
  type BigqueryClient,
  type CloudErrorCode,
} from '@pipeline/google-clients';
import type { Column, TableSchema } from '@pipeline/schema-inference';
import { toSchemaPatch, toStoredTable, toTableResource } from './table-resource.js';
import type {
  ChangeOutcome,
  CreateOutcome,
  NewTable,
  StoredTable,
  ListedTable,
  TableStore,
} from './table-store.port.js';

const STATEMENT_TIMEOUT_MS = 20_000;

/** The tables of one BigQuery dataset, over REST. Safe to share between any number of callers. */
export class BigqueryTableStore implements TableStore {
  readonly #sql: BigquerySql;

  constructor(private readonly client: BigqueryClient) {
    this.#sql = new BigquerySql(client);
  }

  async checkDataset(): Promise<void> {
    const { projectId, datasetId } = this.client;
    try {
      await this.client.request({ method: 'GET', path: ['datasets', datasetId] });
    } catch (cause) {
      const error = CloudError.from(cause);
      // The dataset was asked for by name, so "not found" without further words means the dataset here.
      if (error.code !== 'DATASET_NOT_FOUND' && error.code !== 'TABLE_NOT_FOUND') {
        throw error;
      }
      throw new CloudError({
        code: 'DATASET_NOT_FOUND',
        message: `dataset ${datasetId} does not exist in project ${projectId}: create it with bq mk --dataset ${projectId}:${datasetId}`,
        status: error.status,
        reason: error.reason,
        cause,
      });
    }
  }

  async read(tableId: string): Promise<StoredTable | null> {
    return settle(
      async () =>
        this.#toTable(
          await this.client.request({ method: 'GET', path: this.#path(tableId), tableId }),
          tableId,
        ),
      { TABLE_NOT_FOUND: () => null },
    );
  }

  async create(table: NewTable): Promise<CreateOutcome> {
    return this.#insert(table.tableId, toTableResource(table));
  }

  async patchSchema(table: StoredTable, schema: TableSchema, description?: string): Promise<ChangeOutcome> {
    const { tableId, etag } = table;
    const body = toSchemaPatch(table, schema, description);
    return this.#change(tableId, () =>
      this.client.request({ method: 'PATCH', path: this.#path(tableId), body, ifMatch: etag, tableId }),
    );
  }

  async changeTypes(tableId: string, columns: readonly Column[]): Promise<ChangeOutcome> {
    const table = this.#sql.name(tableId);
    const actions = columns.map(
      (column) => `ALTER COLUMN ${quoteName(column.name)} SET DATA TYPE ${toSqlType(column)}`,
    );
    return this.#change(tableId, async () => {
      const sql = `ALTER TABLE ${table} ${actions.join(', ')}`;
      await this.#sql.execute({ sql, tableId, timeoutMs: STATEMENT_TIMEOUT_MS });
      return this.client.request({ method: 'GET', path: this.#path(tableId), tableId });
    });
  }

  async removeClustering(tableId: string, column: string): Promise<void> {
    const path = this.#path(tableId);
    const { clustering } = (await this.client.request({ method: 'GET', path, tableId })) as ClusteredTable;
    const fields = clustering?.fields ?? [];
    const kept = fields.filter((name) => name.toLowerCase() !== column.toLowerCase());
    if (kept.length === fields.length) return;
    const body = { clustering: kept.length === 0 ? null : { fields: kept } };
    await this.client.request({ method: 'PATCH', path, body, tableId });
  }

  async listTables(): Promise<readonly ListedTable[]> {
    const listed: ListedTable[] = [];
    let pageToken: string | undefined;
    do {
      const page = (await this.client.request({
        method: 'GET',
        path: ['datasets', this.client.datasetId, 'tables'],
        query: { maxResults: '1000', ...(pageToken === undefined ? {} : { pageToken }) },
      })) as TableList;
      listed.push(...(page.tables ?? []).map(toListed));
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined && pageToken !== '');
    return listed;
  }

  readView(viewId: string): Promise<string | null> {
    return settle(
      async () => {
        const view = (await this.client.request({
          method: 'GET',
          path: this.#path(viewId),
          tableId: viewId,
        })) as { readonly view?: { readonly query?: string } };
        if (view.view?.query !== undefined) return view.view.query;
        const message = `${viewId} is a table where a view is wanted: rename it`;
        throw new CloudError({ code: 'INVALID', message, tableId: viewId });
      },
      { TABLE_NOT_FOUND: () => null },
    );
  }

  replaceView({ viewId, query }: { readonly viewId: string; readonly query: string }): Promise<boolean> {
    return this.#patch(viewId, { view: { query, useLegacySql: false } });
  }

  setLabels(tableId: string, labels: Readonly<Record<string, string>>): Promise<boolean> {
    return this.#patch(tableId, { labels });
  }

  async createView({
    viewId,
    query,
  }: {
    readonly viewId: string;
    readonly query: string;
  }): Promise<CreateOutcome> {
    return this.#insert(viewId, {
      tableReference: { tableId: viewId },
      view: { query, useLegacySql: false },
      labels: { managed_by: 'pipeline' },
    });
  }

  #insert(tableId: string, resource: Readonly<Record<string, unknown>>): Promise<CreateOutcome> {
    const { projectId, datasetId } = this.client;
    const body = { ...resource, tableReference: { projectId, datasetId, tableId } };
    const path = ['datasets', datasetId, 'tables'];
    return settle<CreateOutcome>(
      async () => {
        const answer = await this.client.request({ method: 'POST', path, body, tableId });
        return { kind: 'created', table: this.#toTable(answer, tableId) };
      },
      { ALREADY_EXISTS: () => ({ kind: 'exists' }) },
    );
  }

  #change(tableId: string, send: () => Promise<unknown>): Promise<ChangeOutcome> {
    return settle<ChangeOutcome>(
      async () => ({ kind: 'changed', table: this.#toTable(await send(), tableId) }),
      {
        STALE: () => ({ kind: 'stale' }),
        TABLE_NOT_FOUND: () => ({ kind: 'missing' }),
        INVALID: (error) => ({ kind: 'refused', message: error.message }),
      },
    );
  }

  #patch(tableId: string, body: object): Promise<boolean> {
    return settle(
      async () => {
        await this.client.request({ method: 'PATCH', path: this.#path(tableId), body, tableId });
        return true;
      },
      { TABLE_NOT_FOUND: () => false },
    );
  }

  #path(tableId: string): readonly string[] {
    return ['datasets', this.client.datasetId, 'tables', tableId];
  }

  #toTable(answer: unknown, tableId: string): StoredTable {
    if (typeof answer !== 'object' || answer === null) {
      throw new CloudError({ code: 'UNAVAILABLE', message: 'BigQuery answered without a table', tableId });
    }
    return toStoredTable(answer, tableId);
  }
}

/** The part of a table that {@link BigqueryTableStore.removeClustering} reads. Source: REST reference, Table, read 2026-11-29. */
interface ClusteredTable {
  readonly clustering?: { readonly fields?: readonly string[] };
}

/** The part of `tables.list` that is read. Source: REST reference, read 2026-11-29. */
interface TableList {
  readonly tables?: readonly {
    readonly type?: string;
    readonly creationTime?: string;
    readonly tableReference?: { readonly tableId?: string };
  }[];
  readonly nextPageToken?: string;
}

function toListed({
  type,
  creationTime,
  tableReference,
}: NonNullable<TableList['tables']>[number]): ListedTable {
  const tableId = tableReference?.tableId ?? '';
  return { tableId, isView: type !== 'TABLE', createdAtMs: Number(creationTime ?? 0) };
}

/** Failures that are outcomes here become values; all others are thrown on. */
async function settle<T>(
  work: () => Promise<T>,
  outcomes: Partial<Record<CloudErrorCode, (error: CloudError) => T>>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const error = CloudError.from(cause);
    const outcome = outcomes[error.code];
    if (outcome === undefined) {
      throw error;
    }
    return outcome(error);
  }
}
