import { allRows, type Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import { listDeadLetters } from './dead-letters.js';
import { decodeRouted, tableOf, type EventRouting } from './event-routing.js';
import { listEventTables } from './event-tables.js';
import type { MessageFacts } from './explain-message.js';
import { findPublishTime, readRawMessages } from './raw-messages.js';
import { textOf } from './sql-row.js';
import { withTables, type TablesSelect } from './tables-union.js';

export interface FindOptions extends EventRouting {
  /** Partitions before this time are not read. */
  readonly since: Date;
  readonly now: Date;
  readonly inProgressMs: number;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
}

const MAX_LETTERS = 20;

/** Collects what archive, tables and dead letters know of one message. Payloads are read of this message only. */
export async function findMessage(sql: Sql, messageId: string, options: FindOptions): Promise<MessageFacts> {
  const { since, now, inProgressMs, readSchema } = options;
  const publishedAt = await findPublishTime(sql, messageId, since);
  const from = publishedAt === null ? since : new Date(publishedAt);
  const raw =
    publishedAt === null
      ? null
      : ((await readRawMessages(sql, [messageId], { from, to: new Date(from.getTime() + 1) }))[0] ?? null);
  const stored = await tablesWith(sql, messageId, from);
  const table = stored[0] ?? (raw === null ? null : tableOf(decodeRouted(raw, options), options));
  return {
    raw,
    table,
    rows: stored[0] === undefined ? [] : await rowsOf(sql, stored[0], messageId, from),
    schema: table === null ? null : await readSchema(table),
    deadLetters: await listDeadLetters(sql, { since: from, messageIds: [messageId] }, MAX_LETTERS),
    now,
    inProgressMs,
  };
}

async function tablesWith(sql: Sql, messageId: string, from: Date): Promise<string[]> {
  const parameters = { since: from, message_id: messageId };
  const query: TablesSelect = {
    columns: { table_name: 'STRING' },
    select: (table) =>
      `SELECT '${table}' AS table_name FROM ${sql.name(table)} WHERE _publish_time >= @since AND _message_id = @message_id`,
    parameters,
  };
  const rows = await withTables(sql, await listEventTables(sql), query, (source) =>
    allRows(sql, { sql: `SELECT DISTINCT table_name FROM ${source} ORDER BY table_name`, parameters }),
  );
  return rows.map((row) => textOf(row, 'table_name'));
}

function rowsOf(sql: Sql, table: string, messageId: string, from: Date): Promise<MessageFacts['rows']> {
  return allRows(sql, {
    sql: `SELECT * FROM ${sql.name(table)} WHERE _publish_time >= @since AND _message_id = @message_id ORDER BY _ingest_time`,
    parameters: { since: from, message_id: messageId },
  });
}
