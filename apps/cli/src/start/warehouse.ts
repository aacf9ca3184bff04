import { audit, tableStates, type Books, type TableState } from '@pipeline/books';
import { allRows, BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';

const { projectId, dataset, archiveDataset } = DEFAULT_PIPELINE_NAMES;
/** Beyond the publish time of any event of the run. */
const MARGIN_MS = 86_400_000;
/** Messages that are named at most. */
const MAX_IDS = 10_000;

/** The tables and the books of one run of `npm start`. */
export class Warehouse {
  readonly #sql: BigquerySql;

  /** @param since begin of the run: earlier events are left out */
  constructor(
    bigqueryUrl: string,
    private readonly since: Date,
  ) {
    const client = new BigqueryClient({ projectId, datasetId: dataset, endpoint: bigqueryUrl });
    this.#sql = new BigquerySql(client, archiveDataset);
  }

  tables(): Promise<TableState[]> {
    return tableStates(this.#sql);
  }

  /** Takes the books; a message older than `inProgressMs` without a row or a dead letter is unaccounted. */
  books(tables: readonly TableState[], inProgressMs: number): Promise<Books> {
    const now = new Date();
    return audit(this.#sql, {
      span: { from: this.since, to: new Date(now.getTime() + MARGIN_MS) },
      now,
      inProgressMs,
      tables: tables.map(({ name }) => name),
      limit: MAX_IDS,
    });
  }

  /** The published messages that are not in the archive. */
  async notReceived(published: ReadonlySet<string>): Promise<string[]> {
    const rows = await allRows(this.#sql, {
      sql: `SELECT DISTINCT message_id FROM ${this.#sql.archiveName('_raw_events')} WHERE publish_time >= @since`,
      parameters: { since: this.since },
    });
    const received = new Set(rows.map(({ message_id: id }) => id));
    return [...published].filter((id) => !received.has(id));
  }
}
