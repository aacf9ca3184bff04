import type { Sql, SqlParameter, SqlRow } from '@pipeline/google-clients';
import { listEventTables } from './event-tables.js';
import { archivedMessage, type ReplayCandidate } from './replay-candidates.js';
import { toAttributes } from './raw-messages.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';
import { openTables } from './tables-union.js';

/** Conditions on quarantined messages, all of which hold. Times are those of publishing. */
export interface QuarantineFilter {
  readonly since: Date;
  readonly until?: Date;
  /** `TABLE_GUARD` or `AWAITING_APPROVAL`. */
  readonly reason?: string;
  readonly table?: string;
  readonly eventType?: string;
  readonly messageIds?: readonly string[];
}

/**
 * Messages of `_quarantine` that have neither a row nor a dead letter, each once, the oldest first.
 *
 * `attempts` counts the times that a message was quarantined: a replay while the guard is still on quarantines it again.
 * Data that was too large for a row of `_quarantine` comes from the archive.
 */
export async function* quarantinedCandidates(
  sql: Sql,
  filter: QuarantineFilter,
  limit: number,
): AsyncGenerator<ReplayCandidate> {
  const { since } = filter;
  const stored = await openTables(sql, await listEventTables(sql), {
    columns: { id: 'STRING' },
    select: (table) => `SELECT _message_id AS id FROM ${sql.name(table)} WHERE _publish_time >= @since`,
    parameters: { since },
  });
  const query = {
    sql: `WITH quarantined AS (
  SELECT message_id AS id, publish_time AS published_at, reason, table_name, data, attributes, quarantined_at
  FROM ${sql.name('_quarantine')} WHERE ${conditionsOf(filter).join(' AND ')}
),
attempts AS (
  SELECT id, COUNT(*) AS attempts FROM quarantined GROUP BY id
),
newest AS (
  SELECT * FROM quarantined WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY quarantined_at DESC) = 1
),
letters AS (
  SELECT DISTINCT JSON_VALUE(data, '$.message_id') AS id FROM ${sql.name('_dead_letters')} WHERE publish_time >= @since
)
SELECT newest.id AS id, published_at, reason, table_name, data, attributes, attempts
FROM newest JOIN attempts ON attempts.id = newest.id
LEFT JOIN (SELECT DISTINCT id FROM ${stored.source}) AS stored ON stored.id = newest.id
LEFT JOIN letters ON letters.id = newest.id
WHERE stored.id IS NULL AND letters.id IS NULL
ORDER BY published_at, id LIMIT ${limit}`,
    parameters: parametersOf(filter),
  };
  try {
    for await (const row of sql.rows(query)) {
      const candidate = await toCandidate(sql, row);
      if (candidate !== null) yield candidate;
    }
  } finally {
    await stored.close();
  }
}

function conditionsOf({ until, reason, table, eventType, messageIds }: QuarantineFilter): readonly string[] {
  return [
    'publish_time >= @since',
    ...(until === undefined ? [] : ['publish_time < @until']),
    ...(reason === undefined ? [] : ['reason = @reason']),
    ...(table === undefined ? [] : ['table_name = @table']),
    ...(eventType === undefined ? [] : ['event_type = @event_type']),
    ...(messageIds === undefined ? [] : ['message_id IN UNNEST(@message_ids)']),
  ];
}

function parametersOf(filter: QuarantineFilter): Record<string, SqlParameter> {
  const { since, until, reason, table, eventType, messageIds } = filter;
  return {
    since,
    ...(until === undefined ? {} : { until }),
    ...(reason === undefined ? {} : { reason }),
    ...(table === undefined ? {} : { table }),
    ...(eventType === undefined ? {} : { event_type: eventType }),
    ...(messageIds === undefined ? {} : { message_ids: messageIds }),
  };
}

/** Null if neither `_quarantine` nor the archive has the data. */
async function toCandidate(sql: Sql, row: SqlRow): Promise<ReplayCandidate | null> {
  const messageId = textOf(row, 'id');
  const publishedAt = textOf(row, 'published_at');
  const data = textOrNull(row, 'data');
  const message =
    data === null
      ? await archivedMessage(sql, messageId, publishedAt)
      : {
          messageId,
          publishedAt,
          data: Buffer.from(data, 'base64'),
          attributes: toAttributes(row['attributes']),
        };
  if (message === null) return null;
  const reason = textOf(row, 'reason');
  const table = textOrNull(row, 'table_name');
  return { message, attempts: numberOf(row, 'attempts') - 1, reason, table, publishedParts: [] };
}
