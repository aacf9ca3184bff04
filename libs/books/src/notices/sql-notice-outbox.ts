import { allRows, type Sql, type SqlParameter, type SqlRow } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { textOf, textOrNull } from '../sql-row.js';
import type { NewNotice } from './choose-notices.js';
import type { Notice, NoticeType } from './notice.js';
import type { NoticeOutbox, PublishedNotice, RecordedNotice } from './notice-outbox.port.js';

export const NOTICES_TABLE = '_notices';

/**
 * The columns of `_notices`: one row when a notice is recorded (`recorded`, with its facts and the CloudEvent), one when Pub/Sub has it
 * (`published`, with the message id). Rows are only added. Partitioned by day of `recorded_at` (test/contracts/tables/notices.json).
 */
export const NOTICES_COLUMNS: readonly Column[] = [
  { name: 'notice_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'entry', type: 'STRING', mode: 'REQUIRED' },
  { name: 'type', type: 'STRING', mode: 'REQUIRED' },
  { name: 'table_name', type: 'STRING', mode: 'NULLABLE' },
  { name: 'facts', type: 'JSON', mode: 'NULLABLE' },
  { name: 'event', type: 'JSON', mode: 'NULLABLE' },
  { name: 'message_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'recorded_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'actor', type: 'STRING', mode: 'REQUIRED' },
];

/** Rows of one statement: a notice has at most some hundred kilobytes, a request of BigQuery 10 MB. */
const ROWS_AT_ONCE = 20;

/** `_notices` in BigQuery. */
export class SqlNoticeOutbox implements NoticeOutbox {
  /** @param actor program and version: `table-manager@0.1.0` */
  constructor(
    private readonly sql: Sql,
    private readonly actor: string,
  ) {}

  async read(since: Date): Promise<readonly RecordedNotice[]> {
    const table = this.sql.name(NOTICES_TABLE);
    const rows = await allRows(this.sql, {
      sql: `SELECT r.notice_id AS notice_id, r.type AS type, r.table_name AS table_name, r.recorded_at AS recorded_at,
  TO_JSON_STRING(r.facts) AS facts, IF(p.notice_id IS NULL, TO_JSON_STRING(r.event), NULL) AS event
FROM (
  SELECT * FROM ${table} WHERE recorded_at >= @since AND entry = 'recorded'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY notice_id ORDER BY recorded_at) = 1
) AS r
LEFT JOIN (SELECT DISTINCT notice_id FROM ${table} WHERE recorded_at >= @since AND entry = 'published') AS p
  ON p.notice_id = r.notice_id
ORDER BY recorded_at, notice_id`,
      parameters: { since },
      tableId: NOTICES_TABLE,
    });
    return rows.map(toRecorded);
  }

  async record(notices: readonly NewNotice[], now: Date): Promise<void> {
    await this.#insert(
      'recorded',
      now,
      notices.map(({ notice, facts }) => ({
        notice,
        facts: JSON.stringify(facts),
        event: JSON.stringify(notice),
        messageId: '',
      })),
    );
  }

  async mark(published: readonly PublishedNotice[], now: Date): Promise<void> {
    const rows = published.map((one) => ({ ...one, facts: 'null', event: 'null' }));
    await this.#insert('published', now, rows);
  }

  async #insert(entry: 'recorded' | 'published', now: Date, rows: readonly OutboxRow[]): Promise<void> {
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      const parameters: Record<string, SqlParameter> = { now, actor: this.actor };
      const values = rows.slice(start, start + ROWS_AT_ONCE).map(({ notice, facts, event, messageId }, n) => {
        Object.assign(parameters, {
          [`id${n}`]: notice.id,
          [`type${n}`]: notice.type,
          [`table${n}`]: notice.data.table ?? '',
          [`facts${n}`]: facts,
          [`event${n}`]: event,
          [`message${n}`]: messageId,
        });
        return `(@id${n}, '${entry}', @type${n}, NULLIF(@table${n}, ''), PARSE_JSON(NULLIF(@facts${n}, 'null')), PARSE_JSON(NULLIF(@event${n}, 'null')), NULLIF(@message${n}, ''), @now, @actor)`;
      });
      await this.sql.execute({
        sql: `INSERT INTO ${this.sql.name(NOTICES_TABLE)} (${NOTICES_COLUMNS.map(({ name }) => name).join(', ')}) VALUES\n${values.join(',\n')}`,
        parameters,
        tableId: NOTICES_TABLE,
      });
    }
  }
}

interface OutboxRow {
  readonly notice: Notice;
  readonly facts: string;
  readonly event: string;
  readonly messageId: string;
}

function toRecorded(row: SqlRow): RecordedNotice {
  const event = textOrNull(row, 'event');
  return {
    id: textOf(row, 'notice_id'),
    // Only this library writes the table.
    type: textOf(row, 'type') as NoticeType,
    table: textOrNull(row, 'table_name'),
    recordedAt: textOf(row, 'recorded_at'),
    facts: JSON.parse(textOf(row, 'facts')) as string[],
    waiting: event === null ? null : (JSON.parse(event) as Notice),
  };
}
