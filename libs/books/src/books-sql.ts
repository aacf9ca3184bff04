import type { Sql, SqlParameter, SqlQuery } from '@pipeline/google-clients';
import type { Span } from './span.js';

/** What the books are taken of. */
export interface BooksScope {
  readonly span: Span;
  /** Event tables that may hold a row of a message. */
  readonly tables: readonly string[];
  /** Messages published after this may still be in progress. */
  readonly inProgressSince: Date;
  /** For `unaccountedQuery`: only these messages. */
  readonly messageIds?: readonly string[];
}

/** Counts per hour of publish time and table. */
export function booksQuery(sql: Sql, scope: BooksScope): SqlQuery {
  return { sql: `${fates(sql, scope)}\n${COUNTS}`, parameters: parametersOf(scope) };
}

/** The same counts, written to `_ledger` without leaving BigQuery. */
export function ledgerQuery(
  sql: Sql,
  scope: BooksScope,
  by: { readonly auditedAt: Date; readonly actor: string },
): SqlQuery {
  return {
    sql: `INSERT INTO ${sql.name('_ledger')} (${LEDGER_COLUMNS.join(', ')})
SELECT span_start, TIMESTAMP_ADD(span_start, INTERVAL 1 HOUR), table_name, received, row_count, dead_letters, in_progress,
  unaccounted, duplicates, unarchived, @audited_at, @actor
FROM (
${fates(sql, scope)}
${COUNTS}
)`,
    parameters: { ...parametersOf(scope), audited_at: by.auditedAt, actor: by.actor },
  };
}

/** The messages that are nowhere and should be somewhere, the oldest first. */
export function unaccountedQuery(sql: Sql, scope: BooksScope, limit: number): SqlQuery {
  const only = scope.messageIds === undefined ? '' : ' AND id IN UNNEST(@message_ids)';
  return {
    sql: `${fates(sql, scope)}
SELECT id, published_at FROM fates
WHERE is_received AND NOT is_stored AND NOT is_dead AND published_at <= @in_progress_since${only}
ORDER BY published_at, id LIMIT ${limit}`,
    parameters: {
      ...parametersOf(scope),
      ...(scope.messageIds === undefined ? {} : { message_ids: scope.messageIds }),
    },
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
  'audited_at',
  'actor',
] as const;

/**
 * What became of every message: one line per message id, by one aggregation over everything that names it.
 *
 * Only ids and publish times are read, never a payload, and every table from the span's first partition on: a dead
 * letter, and a row that a replay brought, may be younger than the message. `label` is NULL in the archive, `0` and the
 * table for a row, `1` and the table for a dead letter: so the smallest is a row where there is one, because a row
 * outweighs the dead letter that a replay leaves behind. The first sighting of a message is its publishing.
 */
function fates(sql: Sql, { tables }: BooksScope): string {
  const letterId = "JSON_VALUE(data, '$.message_id')";
  const sightings = [
    `SELECT message_id AS id, publish_time AS seen_at, CAST(NULL AS STRING) AS label FROM ${sql.name('_raw_events')} WHERE publish_time >= @span_from AND publish_time < @span_to`,
    `SELECT ${letterId} AS id, publish_time AS seen_at, CONCAT('1', IFNULL(JSON_VALUE(data, '$.table'), '')) AS label FROM ${sql.name('_dead_letters')} WHERE publish_time >= @span_from AND ${letterId} IS NOT NULL`,
    ...tables.map(
      (table) =>
        `SELECT _message_id AS id, _publish_time AS seen_at, ${quoteText(`0${table}`)} AS label FROM ${sql.name(table)} WHERE _publish_time >= @span_from`,
    ),
  ];
  return `WITH sightings AS (
  SELECT id, MIN(seen_at) AS published_at, MIN(label) AS label, COUNTIF(label IS NULL) AS archived, COUNTIF(label IS NOT NULL AND STARTS_WITH(label, '0')) AS copies
  FROM (
    ${sightings.join('\n    UNION ALL ')}
  )
  GROUP BY id
),
fates AS (
  SELECT
    id,
    published_at,
    NULLIF(SUBSTR(label, 2), '') AS table_name,
    archived > 0 AS is_received,
    copies > 0 AS is_stored,
    copies = 0 AND label IS NOT NULL AS is_dead,
    GREATEST(copies - 1, 0) AS duplicates
  FROM sightings
  WHERE archived > 0 OR (copies > 0 AND published_at < @span_to)
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
  COUNTIF(is_received AND NOT is_stored AND is_dead) AS dead_letters,
  COUNTIF(is_received AND NOT is_stored AND NOT is_dead AND published_at > @in_progress_since) AS in_progress,
  COUNTIF(is_received AND NOT is_stored AND NOT is_dead AND published_at <= @in_progress_since) AS unaccounted,
  SUM(duplicates) AS duplicates,
  COUNTIF(NOT is_received) AS unarchived
FROM fates
GROUP BY span_start, table_name`;

function parametersOf({ span, inProgressSince }: BooksScope): Record<string, SqlParameter> {
  return { span_from: span.from, span_to: span.to, in_progress_since: inProgressSince };
}
