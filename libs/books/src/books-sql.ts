import type { Sql, SqlParameter, SqlQuery } from '@pipeline/google-clients';
import type { Span } from './span.js';
import type { TablesSelect } from './tables-union.js';

/** Span, tables and limits of the books. */
export interface BooksScope {
  readonly span: Span;
  /** Event tables that may hold a row of a message. */
  readonly tables: readonly string[];
  /** Messages published after this may still be in progress. */
  readonly inProgressSince: Date;
  /** For `unaccountedQuery`: only these messages. */
  readonly messageIds?: readonly string[];
  /** BigQuery refuses a statement that bills more, in bytes. */
  readonly maximumBytesBilled?: number;
}

/**
 * Every place that names a message: id, publish time and label.
 *
 * Only ids and publish times are read, never a payload, and every table from the span's first partition on: a dead
 * letter may be younger than its message. `label` is NULL in the archive, `0` and the table for a row, `1` and the table
 * for a dead letter, `2` and the table for a quarantined message: the smallest is a row if there is one, because a row
 * outweighs the dead letter or the quarantined message that a replay leaves behind. `3` is the mark of a dismissed dead letter.
 */
export function sightings(sql: Sql, scope: BooksScope): TablesSelect {
  const letterId = "JSON_VALUE(data, '$.message_id')";
  return {
    columns: { id: 'STRING', seen_at: 'TIMESTAMP', label: 'STRING' },
    others: [
      `SELECT message_id AS id, publish_time AS seen_at, CAST(NULL AS STRING) AS label FROM ${sql.archiveName('_raw_events')} WHERE publish_time >= @span_from AND publish_time < @span_to`,
      `SELECT ${letterId} AS id, publish_time AS seen_at, CONCAT('1', IFNULL(JSON_VALUE(data, '$.table'), '')) AS label FROM ${sql.name('_dead_letters')} WHERE publish_time >= @span_from AND ${letterId} IS NOT NULL`,
      `SELECT message_id AS id, publish_time AS seen_at, CONCAT('2', IFNULL(table_name, '')) AS label FROM ${sql.name('_quarantine')} WHERE publish_time >= @span_from`,
      `SELECT message_id AS id, MAX(dismissed_at) AS seen_at, '3' AS label FROM ${sql.name('_dismissals')} WHERE dismissed_at >= @span_from GROUP BY message_id HAVING MAX_BY(dismissed, dismissed_at)`,
    ],
    select: (table) =>
      `SELECT _message_id AS id, _publish_time AS seen_at, ${quoteText(`0${table}`)} AS label FROM ${sql.name(table)} WHERE _publish_time >= @span_from`,
    parameters: { span_from: scope.span.from, span_to: scope.span.to },
    ...billing(scope),
  };
}

/** Counts per hour of publish time and table. */
export function booksQuery(source: string, scope: BooksScope): SqlQuery {
  return { ...billing(scope), sql: `${outcomes(source)}\n${COUNTS}`, parameters: parametersOf(scope) };
}

/** The same counts, written to `_ledger` without leaving BigQuery. */
export function ledgerQuery(
  sql: Sql,
  source: string,
  scope: BooksScope,
  by: { readonly auditedAt: Date; readonly actor: string },
): SqlQuery {
  return {
    ...billing(scope),
    sql: `INSERT INTO ${sql.archiveName('_ledger')} (${LEDGER_COLUMNS.join(', ')})
SELECT span_start, TIMESTAMP_ADD(span_start, INTERVAL 1 HOUR), table_name, received, row_count, dead_letters, in_progress,
  unaccounted, duplicates, unarchived, quarantined, dismissed, @audited_at, @actor
FROM (
${outcomes(source)}
${COUNTS}
)`,
    parameters: { ...parametersOf(scope), audited_at: by.auditedAt, actor: by.actor },
  };
}

/** The messages that are nowhere and should be somewhere, the oldest first. */
export function unaccountedQuery(source: string, scope: BooksScope, limit: number): SqlQuery {
  const only = scope.messageIds === undefined ? '' : ' AND id IN UNNEST(@message_ids)';
  return {
    ...billing(scope),
    sql: `${outcomes(source)}
SELECT id, published_at FROM outcomes
WHERE is_received AND NOT is_stored AND NOT is_dead AND NOT is_quarantined AND published_at <= @in_progress_since${only}
ORDER BY published_at, id LIMIT ${limit}`,
    parameters: {
      ...parametersOf(scope),
      ...(scope.messageIds === undefined ? {} : { message_ids: scope.messageIds }),
    },
  };
}

/** The messages whose row has another publish time than the archive, the oldest first. */
export function mistimedQuery(source: string, scope: BooksScope, limit: number): SqlQuery {
  return {
    ...billing(scope),
    sql: `${outcomes(source)}
SELECT id, published_at, table_name FROM outcomes WHERE is_mistimed ORDER BY published_at, id LIMIT ${limit}`,
    parameters: parametersOf(scope),
  };
}

const LEDGER_COLUMNS = [
  'span_start',
  'span_end',
  'table_name',
  'received',
  'row_count',
  'dead_letters',
  'in_progress',
  'unaccounted',
  'duplicates',
  'unarchived',
  'quarantined',
  'dismissed',
  'audited_at',
  'actor',
] as const;

/**
 * The outcome of every message: one line per message id, by one aggregation over its sightings.
 *
 * The archive's publish time is the message's; without an archive entry it is the first sighting. A row is mistimed if its
 * publish time is not the archive's, to the millisecond that Pub/Sub gives: another event under this id.
 */
function outcomes(source: string): string {
  return `WITH messages AS (
  SELECT
    id,
    MIN(IF(label IS NULL, seen_at, NULL)) AS archived_at,
    MIN(seen_at) AS first_seen_at,
    MIN(IF(STARTS_WITH(label, '0'), seen_at, NULL)) AS first_row_at,
    MAX(IF(STARTS_WITH(label, '0'), seen_at, NULL)) AS last_row_at,
    MIN(IF(label = '3', NULL, label)) AS label,
    COUNTIF(label = '3') > 0 AS is_marked,
    COUNTIF(STARTS_WITH(label, '0')) AS copies
  FROM ${source}
  GROUP BY id
),
outcomes AS (
  SELECT
    id,
    IFNULL(archived_at, first_seen_at) AS published_at,
    NULLIF(SUBSTR(label, 2), '') AS table_name,
    archived_at IS NOT NULL AS is_received,
    copies > 0 AS is_stored,
    copies = 0 AND IFNULL(STARTS_WITH(label, '1'), FALSE) AS is_dead,
    copies = 0 AND IFNULL(STARTS_WITH(label, '1'), FALSE) AND is_marked AS is_dismissed,
    copies = 0 AND IFNULL(STARTS_WITH(label, '2'), FALSE) AS is_quarantined,
    IFNULL(
      TIMESTAMP_TRUNC(first_row_at, MILLISECOND) <> TIMESTAMP_TRUNC(archived_at, MILLISECOND)
      OR TIMESTAMP_TRUNC(last_row_at, MILLISECOND) <> TIMESTAMP_TRUNC(archived_at, MILLISECOND), FALSE) AS is_mistimed,
    GREATEST(copies - 1, 0) AS duplicates
  FROM messages
  WHERE archived_at IS NOT NULL OR (copies > 0 AND first_seen_at < @span_to)
)`;
}

function quoteText(text: string): string {
  return `'${text.replace(/['\\]/g, (character) => `\\${character}`)}'`;
}

const COUNTS = `SELECT
  TIMESTAMP_TRUNC(published_at, HOUR) AS span_start,
  table_name,
  COUNTIF(is_received) AS received,
  COUNTIF(is_received AND is_stored) AS row_count,
  COUNTIF(is_received AND NOT is_stored AND is_dead AND NOT is_dismissed) AS dead_letters,
  COUNTIF(is_received AND is_dismissed) AS dismissed,
  COUNTIF(is_received AND is_quarantined) AS quarantined,
  COUNTIF(is_received AND NOT is_stored AND NOT is_dead AND NOT is_quarantined AND published_at > @in_progress_since) AS in_progress,
  COUNTIF(is_received AND NOT is_stored AND NOT is_dead AND NOT is_quarantined AND published_at <= @in_progress_since) AS unaccounted,
  SUM(duplicates) AS duplicates,
  COUNTIF(NOT is_received) AS unarchived,
  COUNTIF(is_mistimed) AS mistimed
FROM outcomes
GROUP BY span_start, table_name`;

function parametersOf({ span, inProgressSince }: BooksScope): Record<string, SqlParameter> {
  return { span_from: span.from, span_to: span.to, in_progress_since: inProgressSince };
}

function billing({ maximumBytesBilled }: BooksScope): Pick<SqlQuery, 'maximumBytesBilled'> {
  return maximumBytesBilled === undefined ? {} : { maximumBytesBilled };
}
