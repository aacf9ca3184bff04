import type { BigqueryClient, BigqueryRequest } from './bigquery-client.adapter.js';
import { CloudError } from './cloud.errors.js';
import { toQueryParameters, toSqlRow, type ResultField, type WireRow } from './sql-cells.js';
import type { Sql, SqlQuery, SqlRow } from './sql.port.js';

/** Maximum rows of one page; BigQuery sends fewer when they exceed its own limit of a page. */
const PAGE_ROWS = 2_000;
/** Longest wait of one request for its job, below the client's own timeout. */
const WAIT_MS = 10_000;

/** The part of the answers to `jobs.query` and `jobs.getQueryResults` that is read. */
interface Answer {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly schema?: { readonly fields?: readonly ResultField[] };
  readonly rows?: readonly WireRow[];
  readonly pageToken?: string;
  readonly totalBytesProcessed?: string;
  readonly numDmlAffectedRows?: string;
}

/** The effect of one statement of data manipulation. */
export interface DmlResult {
  readonly rows: number;
  readonly bytesProcessed: number;
}

/**
 * The dataset of the archive beside a dataset of events.
 *
 * Shape: `prod_events_dataset` → `prod_events_archive`; a name without that ending gets `_archive` at its end.
 */
export function archiveDatasetOf(datasetId: string): string {
  return `${datasetId.replace(/_dataset$/, '')}_archive`;
}

/** GoogleSQL through the REST API. Pages are requested as they are needed. */
export class BigquerySql implements Sql {
  readonly #archiveDatasetId: string;

  /** @param archiveDatasetId by default {@link archiveDatasetOf} the client's dataset */
  constructor(
    private readonly client: BigqueryClient,
    archiveDatasetId?: string,
  ) {
    this.#archiveDatasetId = archiveDatasetId ?? archiveDatasetOf(client.datasetId);
  }

  name(tableId: string): string {
    return `\`${this.client.projectId}.${this.client.datasetId}.${tableId}\``;
  }

  archiveName(tableId: string): string {
    return `\`${this.client.projectId}.${this.#archiveDatasetId}.${tableId}\``;
  }

  async *rows(query: SqlQuery): AsyncGenerator<SqlRow> {
    let answer = await this.#complete(query);
    const fields = answer.schema?.fields ?? [];
    for (;;) {
      for (const row of answer.rows ?? []) yield toSqlRow(fields, row);
      if (answer.pageToken === undefined || answer.pageToken === '') return;
      answer = await this.#results(query, answer, answer.pageToken);
    }
  }

  async execute(query: SqlQuery): Promise<void> {
    await this.#complete(query);
  }

  /** Runs INSERT, UPDATE, DELETE or MERGE. */
  async executeDml(query: SqlQuery): Promise<DmlResult> {
    const { numDmlAffectedRows, totalBytesProcessed } = await this.#complete(query);
    return { rows: Number(numDmlAffectedRows ?? 0), bytesProcessed: Number(totalBytesProcessed ?? 0) };
  }

  async estimateBytes(query: SqlQuery): Promise<number> {
    const { totalBytesProcessed } = await this.#start(query, { dryRun: true });
    return Number(totalBytesProcessed ?? 0);
  }

  async #complete(query: SqlQuery): Promise<Answer> {
    const { timeoutMs = Infinity, tableId } = query;
    const endsAtMs = Date.now() + timeoutMs;
    const started = await this.#start(query);
    let answer = started;
    while (answer.jobComplete !== true) {
      if (Date.now() >= endsAtMs) {
        const message = `The query did not end within ${timeoutMs} ms`;
        throw new CloudError({ code: 'UNAVAILABLE', message, tableId: tableId ?? null });
      }
      answer = { ...started, ...(await this.#results(query, started)) };
    }
    return answer;
  }

  #start(query: SqlQuery, options: { readonly dryRun?: boolean } = {}): Promise<Answer> {
    const { projectId, datasetId } = this.client;
    const { sql, parameters = {}, timeoutMs = WAIT_MS, maximumBytesBilled } = query;
    return this.#ask(query, {
      method: 'POST',
      path: ['queries'],
      body: {
        query: sql,
        useLegacySql: false,
        defaultDataset: { projectId, datasetId },
        parameterMode: 'NAMED',
        queryParameters: toQueryParameters(parameters),
        formatOptions: { useInt64Timestamp: true },
        maxResults: PAGE_ROWS,
        timeoutMs: Math.min(timeoutMs, WAIT_MS),
        ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled: String(maximumBytesBilled) }),
        ...options,
      },
    });
  }

  async #results(query: SqlQuery, { jobReference }: Answer, pageToken?: string): Promise<Answer> {
    const { jobId, location } = jobReference ?? {};
    if (jobId === undefined)
      throw new CloudError({ code: 'UNAVAILABLE', message: 'BigQuery answered without a job' });
    const answer = await this.#ask(query, {
      method: 'GET',
      path: ['queries', jobId],
      query: {
        maxResults: String(PAGE_ROWS),
        timeoutMs: String(WAIT_MS),
        'formatOptions.useInt64Timestamp': 'true',
        ...(location === undefined ? {} : { location }),
        ...(pageToken === undefined ? {} : { pageToken }),
      },
    });
    return { ...answer, ...(jobReference === undefined ? {} : { jobReference }) };
  }

  async #ask({ tableId }: SqlQuery, request: BigqueryRequest): Promise<Answer> {
    const answer = await this.client.request(tableId === undefined ? request : { ...request, tableId });
    if (typeof answer !== 'object' || answer === null)
      throw new CloudError({ code: 'UNAVAILABLE', message: 'BigQuery answered without a result' });
    return answer;
  }
}
