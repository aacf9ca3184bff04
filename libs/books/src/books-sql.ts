import type { Span } from './span.js';
import type { Sql, SqlParameter, SqlQuery } from './sql.port.js';

/** What the books are taken of. */
export interface BooksScope {
  readonly span: Span;
  /** Event tables that may hold a row of a message. */
  readonly tables: readonly string[];
  /** Messages published after this may still be on their way: held, not unaccounted. */
  readonly heldSince: Date;
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
SELECT span_start, TIMESTAMP_ADD(span_start, INTERVAL 1 HOUR), table_name, received, stored, dead_lettered, held,
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
WHERE is_received AND NOT is_stored AND NOT is_dead AND published_at <= @held_since${only}
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
  'stored',
  'dead_lettered',
  'held',
  'unaccounted',
  'duplicates',
  'unarchived',
  'audited_at',
  'actor',
] as const;

/**
 * What became of every message: one line per message id.
 *
 * Only ids and publish times are read, never a payload, and every table from the span's first partition on: a dead
 * letter, and a row that a replay brought, may be younger than the message. A row outweighs a dead letter, because
 * that is what a replay leaves behind.
 */
function fates(sql: Sql, { tables }: BooksScope): string {
  return `WITH received AS (
  SELECT message_id AS id, MIN(publish_time) AS published_at
  FROM ${sql.name('_raw_events')}
  WHERE publish_time >= @span_from AND publish_time < @span_to
  GROUP BY message_id
),
stored AS (
  SELECT id, MIN(table_name) AS table_name, COUNT(*) AS copies, MIN(published_at) AS published_at
  FROM (
    ${tables.length === 0 ? NO_ROWS : tables.map((table) => rowsOf(sql, table)).join('\n    UNION ALL ')}
  )
  GROUP BY id
),
dead AS (
  SELECT JSON_VALUE(data, '$.message_id') AS id, MIN(JSON_VALUE(data, '$.table')) AS table_name
  FROM ${sql.name('_dead_letters')}
  WHERE publish_time >= @span_from AND JSON_VALUE(data, '$.message_id') IS NOT NULL
  GROUP BY id
),
fates AS (
  SELECT
    COALESCE(received.id, stored.id) AS id,
    COALESCE(received.published_at, stored.published_at) AS published_at,
    COALESCE(stored.table_name, dead.table_name) AS table_name,
    received.id IS NOT NULL AS is_received,
    stored.id IS NOT NULL AS is_stored,
    dead.id IS NOT NULL AS is_dead,
    IFNULL(stored.copies, 1) - 1 AS duplicates
  FROM received
  FULL JOIN stored ON stored.id = received.id
  LEFT JOIN dead ON dead.id = received.id
  WHERE received.id IS NOT NULL OR stored.published_at < @span_to
)`;
}

function rowsOf(sql: Sql, table: string): string {
  const name = `'${table.replace(/['\\]/g, (character) => `\\${character}`)}'`;
  return `SELECT _message_id AS id, ${name} AS table_name, _publish_time AS published_at FROM ${sql.name(table)} WHERE _publish_time >= @span_from`;
}

const NO_ROWS =
  'SELECT CAST(NULL AS STRING) AS id, CAST(NULL AS STRING) AS table_name, CAST(NULL AS TIMESTAMP) AS published_at LIMIT 0';

const COUNTS = `SELECT
  TIMESTAMP_TRUNC(published_at, HOUR) AS span_start,
  table_name,
  COUNTIF(is_received) AS received,
  COUNTIF(is_received AND is_stored) AS stored,
  COUNTIF(is_received AND NOT is_stored AND is_dead) AS dead_lettered,
  COUNTIF(is_received AND NOT is_stored AND NOT is_dead AND published_at > @held_since) AS held,
  COUNTIF(is_received AND NOT is_stored AND NOT is_dead AND published_at <= @held_since) AS unaccounted,
  SUM(duplicates) AS duplicates,
  COUNTIF(NOT is_received) AS unarchived
FROM fates
GROUP BY span_start, table_name`;

function parametersOf({ span, heldSince }: BooksScope): Record<string, SqlParameter> {
  return { span_from: span.from, span_to: span.to, held_since: heldSince };
}
