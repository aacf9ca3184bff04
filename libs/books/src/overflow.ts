import { allRows, type Sql } from '@pipeline/google-clients';
import { tablesWithJson } from './event-tables.js';
import { PATH_OF_POINTER, POINTER_OF_KEY } from './pointer.js';
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
    select: (table) => overflowRows(sql, table),
    combine: groupsOf,
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

function overflowRows(sql: Sql, table: string): string {
  return `SELECT '${table}' AS table_name, _message_id, _publish_time, _overflow FROM ${sql.name(table)}
WHERE _publish_time >= @span_from AND _publish_time < @span_to AND _overflow IS NOT NULL`;
}

/**
 * One aggregate over the rows of all tables, so that a statement over hundreds of them stays small to plan.
 *
 * The key after the listed ones of a row counts for all that follow.
 */
function groupsOf(rows: string): string {
  return `SELECT table_name, path, reason, SUM(weight) AS overflowed, MIN(_publish_time) AS first_seen,
  MAX(_publish_time) AS last_seen, MAX_BY(_message_id, _publish_time) AS sample_id, MAX_BY(pointer, _publish_time) AS sample_pointer
FROM (
  SELECT table_name, _message_id, _publish_time, weight, pointer,
    IF(place = ${LISTED_VALUES}, '${FURTHER_VALUES}', ${PATH_OF_POINTER}) AS path,
    IF(place = ${LISTED_VALUES}, NULL, JSON_VALUE(_overflow[pointer].reason)) AS reason
  FROM (
    SELECT table_name, _message_id, _publish_time, _overflow, place,
      IF(place = ${LISTED_VALUES}, '', ${POINTER_OF_KEY}) AS pointer,
      IF(place = ${LISTED_VALUES}, ARRAY_LENGTH(pointers) - ${LISTED_VALUES}, 1) AS weight
    FROM (SELECT *, JSON_KEYS(_overflow, 1) AS pointers FROM ${rows}), UNNEST(pointers) AS quoted WITH OFFSET AS place
    WHERE place <= ${LISTED_VALUES}
  )
)
GROUP BY table_name, path, reason`;
}
