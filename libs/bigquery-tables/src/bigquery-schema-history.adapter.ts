import type { BigqueryClient } from './bigquery-client.adapter.js';
import type { ChangeRecord } from './change-record.js';
import { fromCells, HISTORY_TABLE, historyQuery, toHistoryRow } from './history-row.js';
import type { RowAppender } from './row-appender.port.js';
import type { SchemaHistory } from './schema-history.port.js';
import { quoteName } from './sql-type.js';
import { TableError } from './table.errors.js';

const QUERY_TIMEOUT_MS = 20_000;

/** The answers of `jobs.query` and `jobs.getQueryResults`. Source: REST reference, read 2026-11-23. */
interface QueryAnswer {
  readonly jobComplete?: boolean;
  readonly jobReference?: { readonly jobId?: string; readonly location?: string };
  readonly pageToken?: string;
  readonly rows?: readonly { readonly f: readonly { readonly v: string | null }[] }[];
}

/** `_schema_history` in BigQuery: appended like any row, read by a query. */
export class BigquerySchemaHistory implements SchemaHistory {
  constructor(
    private readonly client: BigqueryClient,
    private readonly appender: RowAppender,
  ) {}

  async append(records: readonly ChangeRecord[]): Promise<void> {
    const answer = await this.appender.append(HISTORY_TABLE, records.map(toHistoryRow));
    if (answer.kind === 'missing') {
      throw new TableError({ code: 'TABLE_NOT_FOUND', message: answer.message, tableId: HISTORY_TABLE });
    }
    const error = answer.errors.find(({ kind }) => kind === 'invalid') ?? answer.errors[0];
    if (error !== undefined) {
      const code = error.kind === 'invalid' ? 'INVALID' : 'UNAVAILABLE';
      throw new TableError({ code, message: error.message, tableId: HISTORY_TABLE });
    }
  }

  async read(tableIds: readonly string[], limit?: number): Promise<readonly ChangeRecord[]> {
    const records: ChangeRecord[] = [];
    let answer = await this.#query(tableIds, limit);
    for (;;) {
      records.push(...(answer.rows ?? []).map(({ f }) => fromCells(f.map(({ v }) => v))));
      if (answer.pageToken === undefined || answer.pageToken === '') {
        return records;
      }
      answer = await this.#page(answer, answer.pageToken);
    }
  }

  async #query(tableIds: readonly string[], limit: number | undefined): Promise<QueryAnswer> {
    const { projectId, datasetId } = this.client;
    return complete(
      await this.client.request({
        method: 'POST',
        path: ['queries'],
        tableId: HISTORY_TABLE,
        body: {
          query: historyQuery([projectId, datasetId, HISTORY_TABLE].map(quoteName).join('.'), limit),
          useLegacySql: false,
          timeoutMs: QUERY_TIMEOUT_MS,
          parameterMode: 'NAMED',
          queryParameters: [
            {
              name: 'tables',
              parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
              parameterValue: { arrayValues: tableIds.map((value) => ({ value })) },
            },
          ],
        },
      }),
    );
  }

  async #page({ jobReference }: QueryAnswer, pageToken: string): Promise<QueryAnswer> {
    const { jobId = '', location } = jobReference ?? {};
    return complete(
      await this.client.request({
        method: 'GET',
        path: ['queries', jobId],
        query: { pageToken, ...(location === undefined ? {} : { location }) },
        tableId: HISTORY_TABLE,
      }),
    );
  }
}

function complete(answer: unknown): QueryAnswer {
  const { jobComplete, ...rest } = (answer ?? {}) as QueryAnswer;
  if (jobComplete !== true) {
    const message = 'The query did not end in time';
    throw new TableError({ code: 'UNAVAILABLE', message, tableId: HISTORY_TABLE });
  }
  return rest;
}
