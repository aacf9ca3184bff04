import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import type { Span } from './span.js';
import { textOf } from './sql-row.js';

/** A message as the archive has it. */
export interface RawMessage {
  readonly messageId: string;
  /** RFC 3339 with microseconds. */
  readonly publishedAt: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
}

/** When the archive saw a message; null where it never did. Reads ids and times only. */
export async function findPublishTime(sql: Sql, messageId: string, since: Date): Promise<string | null> {
  const [row] = await allRows(sql, {
    sql: `SELECT MIN(publish_time) AS published_at FROM ${sql.archiveName('_raw_events')}
WHERE publish_time >= @since AND message_id = @message_id`,
    parameters: { since, message_id: messageId },
  });
  const publishedAt = row?.['published_at'];
  return typeof publishedAt === 'string' ? publishedAt : null;
}

/** Messages by id with their payload, each once; `span` bounds what is read. */
export async function readRawMessages(
  sql: Sql,
  messageIds: readonly string[],
  span: Span,
): Promise<RawMessage[]> {
  const rows = await allRows(sql, {
    sql: `SELECT message_id, publish_time, data, attributes FROM ${sql.archiveName('_raw_events')}
WHERE publish_time >= @span_from AND publish_time < @span_to AND message_id IN UNNEST(@message_ids)
QUALIFY ROW_NUMBER() OVER (PARTITION BY message_id ORDER BY publish_time) = 1`,
    parameters: { span_from: span.from, span_to: span.to, message_ids: messageIds },
  });
  return rows.map(toRawMessage);
}

/** One row of `_raw_events`. */
export function toRawMessage(row: SqlRow): RawMessage {
  return {
    messageId: textOf(row, 'message_id'),
    publishedAt: textOf(row, 'publish_time'),
    data: Buffer.from(textOf(row, 'data'), 'base64'),
    attributes: toAttributes(row['attributes']),
  };
}

/**
 * The name under which the archive keeps a message's ordering key among its attributes.
 * Source: Pub/Sub BigQuery subscriptions, write metadata, read 2026-11-29.
 */
export const ORDERING_KEY = 'orderingKey';

/** Reads attributes from their JSON text; a member that is no text is left out. */
export function toAttributes(json: unknown): Readonly<Record<string, string>> {
  if (typeof json !== 'string' || json === '') return {};
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null) return {};
  // An attribute may be named __proto__: fromEntries defines it, an assignment would not.
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
