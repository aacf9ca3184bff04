import { allRows, type Sql, type SqlRow } from '@pipeline/google-clients';
import { sightings, unaccountedQuery, type BooksScope } from './books-sql.js';
import { field, fromLetters, parametersOf, type DeadLetterFilter } from './dead-letters.js';
import { listEventTables } from './event-tables.js';
import {
  findPublishTime,
  ORDERING_KEY,
  readRawMessages,
  toAttributes,
  type RawMessage,
} from './raw-messages.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';
import { openTables, withTables } from './tables-union.js';

/** A message that could be replayed. */
export interface ReplayCandidate {
  readonly message: RawMessage;
  /** Attempts so far: the first delivery, and every replay that became a dead letter again. */
  readonly attempts: number;
  /** The reason of the dead letter; `UNACCOUNTED` for a message without an outcome. */
  readonly reason: string;
  readonly table: string | null;
  /** Edits of this message that are published already, as `part/parts`. */
  readonly publishedParts: readonly string[];
}

/** Dead letters to replay. */
export interface ReplayFilter extends DeadLetterFilter {
  /** Only those whose table has changed since they died: what kept them out may be gone. */
  readonly onlyChanged?: boolean;
}

/** Attributes of an edited copy: the id of the original, and which part of how many it is. For information only. */
export const EDIT_OF = 'pipeline_edit_of';
export const EDIT_PART = 'pipeline_edit_part';

const CHUNK = 200;
/** Retention of the archive. */
const ARCHIVE_MS = 31 * 86_400_000;

/**
 * Dead letters of a filter whose message has no row, each message once, the oldest first.
 *
 * What has become a row meanwhile is not among them, nor what was replaced by an edit. So a replay that was cut off goes on where it stopped when it is
 * started again, on this machine or another: its state is what BigQuery holds.
 * Messages without an id (an unreadable envelope) have no way back and are left out.
 */
export async function* deadLetterCandidates(
  sql: Sql,
  filter: ReplayFilter,
  limit: number,
): AsyncGenerator<ReplayCandidate> {
  const oldest = await oldestMessage(sql, filter);
  if (oldest === null) return;
  const stored = await openTables(sql, await listEventTables(sql), {
    columns: { id: 'STRING' },
    select: (table) => `SELECT _message_id AS id FROM ${sql.name(table)} WHERE _publish_time >= @oldest`,
    parameters: { oldest },
  });
  const letters = `SELECT ${field('message_id')} AS id, ${field('publish_time')} AS published_at,
    ${field('reason')} AS reason, ${field('table')} AS table_name, ${field('data')} AS payload,
    JSON_QUERY(data, '$.attributes') AS attributes, publish_time AS dead_lettered_at
  ${fromLetters(sql, filter)} AND ${field('message_id')} IS NOT NULL`;
  const query = {
    sql: `WITH letters AS (
  ${letters}
),
attempts AS (
  SELECT ${field('message_id')} AS id,
    GREATEST(COUNT(DISTINCT message_id), MAX(IFNULL(SAFE_CAST(${field('attempt')} AS INT64), 1))) AS attempts
  FROM ${sql.name('_dead_letters')} WHERE publish_time >= TIMESTAMP_SUB(@oldest, INTERVAL 31 DAY) GROUP BY id
),
edits AS (
  SELECT JSON_VALUE(attributes, '$.${EDIT_OF}') AS edit_of, STRING_AGG(DISTINCT JSON_VALUE(attributes, '$.${EDIT_PART}')) AS parts
  FROM ${sql.archiveName('_raw_events')}
  WHERE publish_time >= @letters_since AND JSON_VALUE(attributes, '$.${EDIT_OF}') IS NOT NULL GROUP BY edit_of
),
newest AS (
  SELECT * FROM letters WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY id ORDER BY dead_lettered_at DESC) = 1
)
SELECT newest.id AS id, published_at, reason, table_name, payload, attributes, attempts, parts
FROM newest JOIN attempts ON attempts.id = newest.id
LEFT JOIN edits ON edits.edit_of = newest.id
${filter.onlyChanged === true ? changesSince(sql) : ''}
LEFT JOIN (SELECT DISTINCT id FROM ${stored.source}) AS stored ON stored.id = newest.id
WHERE stored.id IS NULL
ORDER BY dead_lettered_at, id LIMIT ${limit}`,
    parameters: { ...parametersOf(filter), oldest },
  };
  try {
    for await (const row of sql.rows(query)) {
      if (isReplaced(partsOf(row))) continue;
      const candidate = toCandidate(row) ?? (await fromArchive(sql, row, oldest));
      if (candidate !== null) yield candidate;
    }
  } finally {
    await stored.close();
  }
}

function changesSince(sql: Sql): string {
  return `JOIN (
  SELECT table_name AS changed_table, MAX(changed_at) AS changed_at FROM ${sql.name('_schema_history')} GROUP BY changed_table
) AS changes ON changes.changed_table = newest.table_name AND changes.changed_at > newest.dead_lettered_at`;
}

/** Messages of the archive that are nowhere, the oldest first. */
export async function* unaccountedCandidates(
  sql: Sql,
  scope: BooksScope,
  limit: number,
): AsyncGenerator<ReplayCandidate> {
  const rows = await withTables(sql, scope.tables, sightings(sql, scope), (source) =>
    allRows(sql, unaccountedQuery(source, scope, limit)),
  );
  for (let start = 0; start < rows.length; start += CHUNK) {
    const chunk = rows.slice(start, start + CHUNK);
    const span = {
      from: new Date(textOf(chunk[0], 'published_at')),
      to: new Date(Date.parse(textOf(chunk.at(-1), 'published_at')) + 1),
    };
    const messages = await readRawMessages(
      sql,
      chunk.map((row) => textOf(row, 'id')),
      span,
    );
    for (const message of messages)
      yield {
        message: withoutOrderingKey(message),
        attempts: 0,
        reason: 'UNACCOUNTED',
        table: null,
        publishedParts: [],
      };
  }
}

/** When the oldest message of these dead letters was published: the first partition that may hold a row. */
export async function oldestMessage(sql: Sql, filter: DeadLetterFilter): Promise<Date | null> {
  const [row] = await allRows(sql, {
    sql: `SELECT MIN(${field('publish_time')}) AS oldest ${fromLetters(sql, filter)} AND ${field('message_id')} IS NOT NULL`,
    parameters: parametersOf(filter),
  });
  const oldest = row?.['oldest'];
  // The texts may differ in the length of their fraction, which misorders within a second.
  return typeof oldest === 'string' ? new Date(Date.parse(oldest) - 1_000) : null;
}

function toCandidate(row: SqlRow): ReplayCandidate | null {
  const payload = row['payload'];
  if (typeof payload !== 'string') return null;
  const message = {
    messageId: textOf(row, 'id'),
    publishedAt: textOf(row, 'published_at'),
    data: Buffer.from(payload, 'base64'),
    attributes: toAttributes(row['attributes']),
  };
  return withMessage(row, message);
}

/** Large payloads are not in the dead letter but in the archive, while that keeps them. */
async function fromArchive(sql: Sql, row: SqlRow, oldest: Date): Promise<ReplayCandidate | null> {
  const messageId = textOf(row, 'id');
  const publishedAt = await findPublishTime(sql, messageId, new Date(oldest.getTime() - ARCHIVE_MS));
  if (publishedAt === null) return null;
  const message = await archivedMessage(sql, messageId, publishedAt);
  return message === null ? null : withMessage(row, message);
}

/** A message of the archive as it was published; null if the archive does not have it. */
export async function archivedMessage(
  sql: Sql,
  messageId: string,
  publishedAt: string,
): Promise<RawMessage | null> {
  const at = Date.parse(publishedAt);
  const [message] = await readRawMessages(sql, [messageId], { from: new Date(at), to: new Date(at + 1) });
  return message === undefined ? null : withoutOrderingKey(message);
}

function partsOf(row: SqlRow): readonly string[] {
  const parts = textOrNull(row, 'parts');
  return parts === null ? [] : parts.split(',');
}

/** Is every part of an edit published? */
function isReplaced(parts: readonly string[]): boolean {
  const count = Number(parts[0]?.split('/')[1] ?? Number.NaN);
  return parts.length > 0 && !(parts.length < count);
}

/** The archive keeps the ordering key among the attributes; the message itself did not. */
function withoutOrderingKey({ attributes, ...message }: RawMessage): RawMessage {
  return {
    ...message,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== ORDERING_KEY)),
  };
}

function withMessage(row: SqlRow, message: RawMessage): ReplayCandidate {
  return {
    message,
    attempts: numberOf(row, 'attempts'),
    reason: textOf(row, 'reason'),
    table: textOrNull(row, 'table_name'),
    publishedParts: partsOf(row),
  };
}
