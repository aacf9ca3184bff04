import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import { textOf, textOrNull } from '../sql-row.js';
import type { Notice, NoticeItem, NoticeType } from './notice.js';
import { NOTICES_TABLE } from './sql-notice-outbox.js';

/** A notice of the outbox `_notices`. */
export interface ListedNotice {
  readonly id: string;
  readonly type: NoticeType;
  /** Null for the dataset as a whole. */
  readonly table: string | null;
  /** Facts that it reports; more than `items` if there are very many. */
  readonly count: number;
  readonly items: readonly NoticeItem[];
  readonly recordedAt: string;
  /** When Pub/Sub had stored it; null while it waits. */
  readonly publishedAt: string | null;
  /** The id that Pub/Sub gave it. */
  readonly messageId: string | null;
}

export interface NoticesOptions {
  /** Recorded since; reads only these partitions. */
  readonly since: Date;
  /** Only those that Pub/Sub does not have. */
  readonly onlyWaiting?: boolean;
  readonly table?: string;
  /** The newest of them. */
  readonly limit: number;
}

export interface ListedNotices {
  /** The oldest first. */
  readonly notices: readonly ListedNotice[];
  /** More than `notices` if the list is cut. */
  readonly total: number;
  /** Of all, those that Pub/Sub does not have. */
  readonly waiting: number;
}

/** The notices that were recorded, each once, and when Pub/Sub had each. @throws CloudError */
export async function listNotices(
  sql: Sql,
  { since, onlyWaiting = false, table, limit }: NoticesOptions,
): Promise<ListedNotices> {
  const name = sql.name(NOTICES_TABLE);
  const rows = await allRows(sql, {
    sql: `SELECT * FROM (
  SELECT r.notice_id AS notice_id, r.type AS type, r.table_name AS table_name, r.recorded_at AS recorded_at,
    TO_JSON_STRING(r.event) AS event, p.published_at AS published_at, p.message_id AS message_id,
    COUNT(*) OVER () AS total, COUNTIF(p.published_at IS NULL) OVER () AS waiting
  FROM (
    SELECT * FROM ${name} WHERE recorded_at >= @since AND entry = 'recorded'${table === undefined ? '' : ' AND table_name = @table'}
    QUALIFY ROW_NUMBER() OVER (PARTITION BY notice_id ORDER BY recorded_at) = 1
  ) AS r
  LEFT JOIN (
    SELECT notice_id, MIN(recorded_at) AS published_at, MIN_BY(message_id, recorded_at) AS message_id
    FROM ${name} WHERE recorded_at >= @since AND entry = 'published' GROUP BY notice_id
  ) AS p ON p.notice_id = r.notice_id${onlyWaiting ? '\n  WHERE p.published_at IS NULL' : ''}
  ORDER BY recorded_at DESC, notice_id LIMIT ${Math.trunc(limit)}
) ORDER BY recorded_at, notice_id`,
    parameters: { since, ...(table === undefined ? {} : { table }) },
    tableId: NOTICES_TABLE,
  });
  const [first] = rows;
  return {
    notices: rows.map(toListed),
    total: Number(first?.['total'] ?? 0),
    waiting: Number(first?.['waiting'] ?? 0),
  };
}

function toListed(row: SqlRow): ListedNotice {
  // Only this library writes the table.
  const { data } = JSON.parse(textOf(row, 'event')) as Notice;
  return {
    id: textOf(row, 'notice_id'),
    type: textOf(row, 'type') as NoticeType,
    table: textOrNull(row, 'table_name'),
    count: data.count,
    items: data.items,
    recordedAt: textOf(row, 'recorded_at'),
    publishedAt: textOrNull(row, 'published_at'),
    messageId: textOrNull(row, 'message_id'),
  };
}
