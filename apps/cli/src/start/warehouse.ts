import {
  audit,
  deadLetterGroups,
  overflowGroups,
  tableStates,
  type Books,
  type TableState,
} from '@pipeline/books';
import { allRows, BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import type { Trouble } from './render-status.js';

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

  /** Text that changes with every change of a table or its rows; it costs far less than the books. */
  async mark(): Promise<string> {
    const all = [this.#sql.name('__TABLES__'), this.#sql.archiveName('__TABLES__')].map(
      (tables) =>
        `SELECT COUNT(*) AS tables, MAX(last_modified_time) AS modified, SUM(row_count) AS row_count FROM ${tables}`,
    );
    return JSON.stringify(await allRows(this.#sql, { sql: all.join('\nUNION ALL\n') }));
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

  /** Dead letters and values in `_overflow` of the run, by reason. */
  async trouble(tables: readonly TableState[]): Promise<Trouble> {
    const span = { from: this.since, to: new Date(Date.now() + MARGIN_MS) };
    const groups = await overflowGroups(
      this.#sql,
      tables.map(({ name }) => name),
      span,
    );
    const letters = await deadLetterGroups(this.#sql, { since: this.since, dismissed: 'exclude' });
    return {
      overflow: sumBy(groups, ({ reason, values }) => [reason ?? 'no reason', values]),
      deadLetters: sumBy(letters, ({ reason, messages, letters: count }) => [
        reason ?? 'no reason',
        messages === 0 ? count : messages,
      ]),
    };
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

function sumBy<Item>(
  items: readonly Item[],
  entryOf: (item: Item) => readonly [string, number],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const item of items) {
    const [key, count] = entryOf(item);
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return sums;
}
