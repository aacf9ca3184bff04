import { TableError, type BigqueryClient } from '@pipeline/bigquery-tables';
import { toQueryParameters, toSqlRow, type ResultField, type WireRow } from './sql-cells.js';
import type { Sql, SqlQuery, SqlRow } from './sql.port.js';

/** Rows of one answer at most; BigQuery sends fewer when they exceed its own limit of a page. */
const PAGE_ROWS = 2_000;
/** How long one request waits for its job before it asks again, below the client's own timeout. */
const WAIT_MS = 10_000;

/** The part of the answers to `jobs.query` and `jobs.getQueryResults` that is read. */
interface Answer {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly schema?: { readonly fields?: readonly ResultField[] };
  readonly rows?: readonly WireRow[];
  readonly pageToken?: string;
  readonly totalBytesProcessed?: string;
}

/** GoogleSQL through the REST API. Pages are asked for as they are needed. */
export class BigquerySql implements Sql {
  constructor(private readonly client: BigqueryClient) {}

  name(tableId: string): string {
    return `\`${this.client.projectId}.${this.client.datasetId}.${tableId}\``;
  }

  async *rows(query: SqlQuery): AsyncGenerator<SqlRow> {
    let answer = await this.#complete(await this.#start(query));
    const fields = answer.schema?.fields ?? [];
    for (;;) {
      for (const row of answer.rows ?? []) yield toSqlRow(fields, row);
      if (answer.pageToken === undefined) return;
      answer = await this.#results(answer, answer.pageToken);
    }
  }

  async execute(query: SqlQuery): Promise<void> {
    await this.#complete(await this.#start(query));
  }

  async estimateBytes(query: SqlQuery): Promise<number> {
    const { totalBytesProcessed } = await this.#start(query, { dryRun: true });
    return Number(totalBytesProcessed ?? 0);
  }

  async #complete(started: Answer): Promise<Answer> {
    let answer = started;
    while (answer.jobComplete !== true) answer = { ...started, ...(await this.#results(started)) };
    return answer;
  }

  #start({ sql, parameters = {} }: SqlQuery, options: { readonly dryRun?: boolean } = {}): Promise<Answer> {
    const { projectId, datasetId } = this.client;
    return this.#ask({
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
        timeoutMs: WAIT_MS,
        ...options,
      },
    });
  }

  async #results({ jobReference }: Answer, pageToken?: string): Promise<Answer> {
    const { jobId, location } = jobReference ?? {};
    if (jobId === undefined)
      throw new TableError({ code: 'UNAVAILABLE', message: 'BigQuery answered without a job' });
    const answer = await this.#ask({
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

  async #ask(request: Parameters<BigqueryClient['request']>[0]): Promise<Answer> {
    const answer = await this.client.request(request);
    if (typeof answer !== 'object' || answer === null)
      throw new TableError({ code: 'UNAVAILABLE', message: 'BigQuery answered without a result' });
    return answer;
  }
}
