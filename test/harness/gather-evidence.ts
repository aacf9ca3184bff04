import { listEventTables, readRawMessages, type AlteredValue, type Span } from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import type { ArchivedMessage, Evidence } from './judge.js';

/** The attribute of a message that names its scenario. */
export const SCENARIO_ATTRIBUTE = 'scenario';

/** Messages whose bytes are read at a time. */
const CHUNK = 200;

/** Looks up every message in the archive, the tables and the dead letters. */
export async function gatherEvidence(
  sql: Sql,
  { span, altered }: { readonly span: Span; readonly altered: readonly AlteredValue[] },
): Promise<Evidence> {
  const messages = await collect(
    sql,
    `SELECT message_id, MAX(JSON_VALUE(attributes, '$.${SCENARIO_ATTRIBUTE}')) AS scenario,
  MAX(JSON_VALUE(attributes, '$.expected')) AS expected
FROM ${sql.archiveName('_raw_events')} GROUP BY message_id`,
    (row): ArchivedMessage => ({
      messageId: String(row['message_id']),
      scenario: textOrNull(row['scenario']),
      expected: textOrNull(row['expected']),
    }),
  );
  const rows: { messageId: string; table: string }[] = [];
  for (const table of await listEventTables(sql)) {
    const found = await collect(
      sql,
      `SELECT _message_id AS id FROM ${sql.name(`${table}_unique`)}`,
      (row) => ({
        messageId: String(row['id']),
        table,
      }),
    );
    rows.push(...found);
  }
  const letters = await collect(
    sql,
    `SELECT JSON_VALUE(data, '$.message_id') AS id, JSON_VALUE(data, '$.reason') AS reason,
  JSON_VALUE(data, '$.data') AS payload, JSON_VALUE(data, '$.data_in') AS kept_in FROM ${sql.name('_dead_letters')}`,
    (row) => ({
      messageId: textOrNull(row['id']),
      reason: textOrNull(row['reason']),
      payload: textOrNull(row['payload']),
      isLeftOut: row['kept_in'] === '_raw_events',
    }),
  );
  const originals = await payloadsOf(
    sql,
    letters.flatMap(({ messageId, payload }) => (messageId === null || payload === null ? [] : [messageId])),
    span,
  );
  return {
    messages,
    rows,
    altered,
    letters: letters.map(({ messageId, reason, payload, isLeftOut }) => ({
      messageId,
      reason,
      // Data that is too long for a dead letter is only in the archive.
      isWhole: isLeftOut || payload === originals.get(messageId ?? ''),
    })),
  };
}

/** The bytes of messages in base64, as Pub/Sub archived them. */
async function payloadsOf(
  sql: Sql,
  messageIds: readonly string[],
  span: Span,
): Promise<ReadonlyMap<string, string>> {
  const unique = [...new Set(messageIds)];
  const payloads = new Map<string, string>();
  for (let from = 0; from < unique.length; from += CHUNK) {
    for (const { messageId, data } of await readRawMessages(sql, unique.slice(from, from + CHUNK), span))
      payloads.set(messageId, data.toString('base64'));
  }
  return payloads;
}

/** Delay of new columns. */
export interface ColumnTimes {
  readonly changes: number;
  readonly medianMs: number;
  readonly mostMs: number;
  readonly longestMs: number;
}

/**
 * From the publishing of the event that brought a field, or a type, to the column, or the table, by `_schema_history`.
 *
 * `mostMs` holds for 95 of 100 changes. Null if the history has no change with its cause.
 */
export async function measureColumnTimes(sql: Sql): Promise<ColumnTimes | null> {
  const published = new Map(
    await collect(
      sql,
      `SELECT message_id, MIN(publish_time) AS published_at FROM ${sql.archiveName('_raw_events')} GROUP BY message_id`,
      (row): [string, number] => [String(row['message_id']), Date.parse(String(row['published_at']))],
    ),
  );
  const changes = await collect(
    sql,
    `SELECT message_id, MIN(changed_at) AS changed_at FROM ${sql.name('_schema_history')}
WHERE kind IN ('CREATE_TABLE', 'ADD_COLUMN') AND message_id IS NOT NULL GROUP BY change_id, message_id`,
    (row): [string, number] => [String(row['message_id']), Date.parse(String(row['changed_at']))],
  );
  const timesMs = changes
    .flatMap(([messageId, changedAtMs]) => {
      const publishedAtMs = published.get(messageId);
      return publishedAtMs === undefined ? [] : [Math.max(0, changedAtMs - publishedAtMs)];
    })
    .sort((left, right) => left - right);
  const at = (share: number): number =>
    timesMs[Math.min(timesMs.length - 1, Math.floor(timesMs.length * share))] ?? 0;
  return timesMs.length === 0
    ? null
    : { changes: timesMs.length, medianMs: at(0.5), mostMs: at(0.95), longestMs: at(1) };
}

type Row = Readonly<Record<string, unknown>>;

async function collect<T>(sql: Sql, query: string, read: (row: Row) => T): Promise<T[]> {
  const found: T[] = [];
  for await (const row of sql.rows({ sql: query })) found.push(read(row));
  return found;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
