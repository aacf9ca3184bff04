import { allRows, type Sql } from '@pipeline/google-clients';
import { tablesWithJson } from './event-tables.js';
import { PATH_OF_POINTER } from './pointer.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';
import type { Span } from './span.js';
import { withTables, type TablesSelect } from './tables-union.js';

/** Values of one place in the events of a table that are in `_overflow` for one reason. No value is in it. */
export interface OverflowGroup {
  readonly table: string;
  /** RFC 6901, with `*` for array indexes; {@link FURTHER_VALUES} for values that are counted only. */
  readonly path: string;
  readonly reason: string | null;
  readonly values: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** The newest message, and the pointer in it. */
  readonly sampleMessageId: string;
  readonly samplePointer: string;
}

/** Values of one row whose paths and reasons are read: each is looked up in the whole of `_overflow`. */
const LISTED_VALUES = 1_000;
/** The path of the group that counts the other values of such rows. It has no reason. */
export const FURTHER_VALUES = '…';

/**
 * The values that overflowed in a span of publish time, the most frequent first.
 *
 * Reads `_overflow`, ids and publish times of the tables, no other column. Copies of a message count each. A table made by hand may
 * lack `_overflow` until its first event.
 */
export async function overflowGroups(
  sql: Sql,
  tables: readonly string[],
  { from, to }: Span,
  maximumBytesBilled?: number,
): Promise<OverflowGroup[]> {
  const withOverflow = await tablesWithJson(sql, tables, ['_overflow']);
  const query: TablesSelect = {
    columns: {
      table_name: 'STRING',
      path: 'STRING',
      reason: 'STRING',
      overflowed: 'INT64',
      first_seen: 'TIMESTAMP',
      last_seen: 'TIMESTAMP',
      sample_id: 'STRING',
      sample_pointer: 'STRING',
    },
    select: (table) => groupsOf(sql, table),
    parameters: { span_from: from, span_to: to },
    ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled }),
  };
  const rows = await withTables(sql, withOverflow, query, (source) =>
    allRows(sql, {
      ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled }),
      sql: `SELECT * FROM ${source} ORDER BY overflowed DESC, table_name, path, reason`,
      parameters: query.parameters,
    }),
  );
  return rows.map((row) => ({
    table: textOf(row, 'table_name'),
    path: textOf(row, 'path'),
    reason: textOrNull(row, 'reason'),
    values: numberOf(row, 'overflowed'),
    firstSeen: textOf(row, 'first_seen'),
    lastSeen: textOf(row, 'last_seen'),
    sampleMessageId: textOf(row, 'sample_id'),
    samplePointer: textOf(row, 'sample_pointer'),
  }));
}

/**
 * `JSON_KEYS` puts keys with special characters in double quotes.
 * Source: GoogleSQL JSON functions, JSON_KEYS, read 2026-11-29.
 */
function groupsOf(sql: Sql, table: string): string {
  return `SELECT '${table}' AS table_name, path, reason, COUNT(*) AS overflowed, MIN(_publish_time) AS first_seen,
  MAX(_publish_time) AS last_seen, MAX_BY(_message_id, _publish_time) AS sample_id, MAX_BY(pointer, _publish_time) AS sample_pointer
FROM (
  SELECT _message_id, _publish_time, pointer, ${PATH_OF_POINTER} AS path,
    JSON_VALUE(_overflow[pointer].reason) AS reason
  FROM (
    SELECT _message_id, _publish_time, _overflow, TRIM(quoted, '"') AS pointer
    FROM ${sql.name(table)}, UNNEST(JSON_KEYS(_overflow, 1)) AS quoted WITH OFFSET AS place
    WHERE _publish_time >= @span_from AND _publish_time < @span_to AND _overflow IS NOT NULL AND place < ${LISTED_VALUES}
  )
)
GROUP BY path, reason
UNION ALL
SELECT '${table}', '${FURTHER_VALUES}', CAST(NULL AS STRING), SUM(further), MIN(_publish_time), MAX(_publish_time),
  MAX_BY(_message_id, _publish_time), ''
FROM (
  SELECT _message_id, _publish_time, ARRAY_LENGTH(JSON_KEYS(_overflow, 1)) - ${LISTED_VALUES} AS further
  FROM ${sql.name(table)}
  WHERE _publish_time >= @span_from AND _publish_time < @span_to AND _overflow IS NOT NULL
)
WHERE further > 0
HAVING COUNT(*) > 0`;
}
