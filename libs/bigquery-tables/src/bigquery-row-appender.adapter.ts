import type { BigqueryClient } from './bigquery-client.adapter.js';
import type { AppendAnswer, AppendRow, RowAppender } from './row-appender.port.js';
import { classifyRowErrors } from './row-error.classifier.js';
import { TableError } from './table.errors.js';

/**
 * Stores rows through `tabledata.insertAll`: good rows of a request are stored although others are refused.
 * Source: REST reference of tabledata.insertAll (`skipInvalidRows`), read 2026-11-22.
 */
export class BigqueryRowAppender implements RowAppender {
  constructor(private readonly client: BigqueryClient) {}

  async append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer> {
    try {
      const answer = await this.client.request({
        method: 'POST',
        path: ['datasets', this.client.datasetId, 'tables', tableId, 'insertAll'],
        body: { skipInvalidRows: true, rows: rows.map(({ insertId, row }) => ({ insertId, json: row })) },
        tableId,
      });
      return { kind: 'answered', errors: classifyRowErrors(insertErrorsOf(answer)) };
    } catch (cause) {
      const error = TableError.from(cause);
      if (error.code === 'TABLE_NOT_FOUND') {
        return { kind: 'missing', message: error.message };
      }
      throw error;
    }
  }
}

function insertErrorsOf(answer: unknown): unknown {
  return typeof answer === 'object' && answer !== null && 'insertErrors' in answer
    ? answer.insertErrors
    : undefined;
}
