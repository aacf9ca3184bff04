import { allRows, type Sql, type SqlParameter } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { field, fromLetters, parametersOf, type DeadLetterFilter } from './dead-letters.js';
import { textOf, textOrNull } from './sql-row.js';

export const DISMISSALS_TABLE = '_dismissals';

/**
 * The columns of `_dismissals`: dead letters that an operator dismissed, and took back. The newest row of a message counts; nothing
 * is ever deleted. Partitioned by day of `dismissed_at` (test/contracts/tables/dismissals.json).
 */
export const DISMISSALS_COLUMNS: readonly Column[] = [
  { name: 'message_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'dismissed', type: 'BOOL', mode: 'REQUIRED' },
  { name: 'reason', type: 'STRING', mode: 'NULLABLE' },
  { name: 'dismissed_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'actor', type: 'STRING', mode: 'REQUIRED' },
];

/** A mark, or with `dismissed: false` its undoing. */
export interface DismissalMark {
  readonly dismissed: boolean;
  readonly reason: string | null;
  readonly at: Date;
  readonly actor: string;
}

export interface Dismissal {
  readonly dismissed: boolean;
  readonly reason: string | null;
  readonly at: string;
  readonly actor: string;
}

/** Messages of one statement. */
const CHUNK = 1_000;

/** Ids of the messages whose dead letters a filter names, each once, the oldest first. Letters without an id are left out. */
export async function deadLetterIds(sql: Sql, filter: DeadLetterFilter, limit: number): Promise<string[]> {
  const rows = await allRows(sql, {
    sql: `SELECT ${field('message_id')} AS id, MIN(publish_time) AS since ${fromLetters(sql, filter)} AND ${field('message_id')} IS NOT NULL
GROUP BY id ORDER BY since, id LIMIT ${limit}`,
    parameters: parametersOf(filter),
  });
  return rows.map((row) => textOf(row, 'id'));
}

/** Marks messages as dismissed, or takes the mark back. */
export async function markDismissed(
  sql: Sql,
  messageIds: readonly string[],
  { dismissed, reason, at, actor }: DismissalMark,
): Promise<void> {
  for (let start = 0; start < messageIds.length; start += CHUNK) {
    const parameters: Record<string, SqlParameter> = {
      message_ids: messageIds.slice(start, start + CHUNK),
      reason: reason ?? '',
      at,
      actor,
    };
    await sql.execute({
      sql: `INSERT INTO ${sql.name(DISMISSALS_TABLE)} (message_id, dismissed, reason, dismissed_at, actor)
SELECT id, ${dismissed ? 'TRUE' : 'FALSE'}, NULLIF(@reason, ''), @at, @actor FROM UNNEST(@message_ids) AS id`,
      parameters,
    });
  }
}

/** The newest mark of a message; null if it never had one. */
export async function dismissalOf(sql: Sql, messageId: string): Promise<Dismissal | null> {
  const [row] = await allRows(sql, {
    sql: `SELECT dismissed, reason, dismissed_at, actor FROM ${sql.name(DISMISSALS_TABLE)} WHERE message_id = @message_id ORDER BY dismissed_at DESC LIMIT 1`,
    parameters: { message_id: messageId },
  });
  if (row === undefined) return null;
  return {
    dismissed: row['dismissed'] === true,
    reason: textOrNull(row, 'reason'),
    at: textOf(row, 'dismissed_at'),
    actor: textOf(row, 'actor'),
  };
}
