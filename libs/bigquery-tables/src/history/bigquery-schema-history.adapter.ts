import { allRows, BigquerySql, CloudError, type BigqueryClient } from '@pipeline/google-clients';
import type { ChangeRecord } from '../schema-changes/change-record.js';
import { fromRow, HISTORY_TABLE, historyQuery, toHistoryRow } from './history-row.js';
import type { RowAppender } from '../rows/row-appender.port.js';
import type { SchemaHistory } from './schema-history.port.js';

const QUERY_TIMEOUT_MS = 20_000;

/** `_schema_history` in BigQuery: appended like any row, read by a query. */
export class BigquerySchemaHistory implements SchemaHistory {
  readonly #sql: BigquerySql;

  constructor(
    client: BigqueryClient,
    private readonly appender: RowAppender,
  ) {
    this.#sql = new BigquerySql(client);
  }

  async append(records: readonly ChangeRecord[]): Promise<void> {
    const answer = await this.appender.append(HISTORY_TABLE, records.map(toHistoryRow));
    if (answer.kind === 'missing') {
      throw new CloudError({ code: 'TABLE_NOT_FOUND', message: answer.message, tableId: HISTORY_TABLE });
    }
    const error = answer.errors.find(({ kind }) => kind === 'invalid') ?? answer.errors[0];
    if (error !== undefined) {
      const code = error.kind === 'invalid' ? 'INVALID' : 'UNAVAILABLE';
      throw new CloudError({ code, message: error.message, tableId: HISTORY_TABLE });
    }
  }

  async read(tableIds: readonly string[], limit?: number): Promise<readonly ChangeRecord[]> {
    const query = {
      sql: historyQuery(this.#sql.name(HISTORY_TABLE), limit),
      parameters: { tables: tableIds },
      timeoutMs: QUERY_TIMEOUT_MS,
      tableId: HISTORY_TABLE,
    };
    return (await allRows(this.#sql, query)).map(fromRow);
  }
}
