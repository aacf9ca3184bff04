import { allRows, type Sql } from '@pipeline/google-clients';
import { listDeadLetters } from './dead-letters.js';
import { textOf, textOrNull } from './sql-row.js';
import { withTables, type TablesSelect } from './tables-union.js';

/** The outcome of a message: `none` is in progress or unaccounted. */
export interface FoundOutcome {
  readonly messageId: string;
  readonly kind: 'row' | 'dead-letter' | 'quarantined' | 'none';
  readonly table: string | null;
  /** Of a dead letter. */
  readonly reason: string | null;
  readonly detail: string | null;
}

/** Messages of one statement. */
const CHUNK = 1_000;

/**
 * The outcome of each of these messages, in the order given. A row outweighs a dead letter.
 *
 * @param scope `tables` may hold their rows; partitions before `since` are not read
 */
export async function messageOutcomes(
  sql: Sql,
  messageIds: readonly string[],
  scope: { readonly tables: readonly string[]; readonly since: Date },
): Promise<FoundOutcome[]> {
  const outcomes: FoundOutcome[] = [];
  for (let start = 0; start < messageIds.length; start += CHUNK)
    outcomes.push(...(await outcomesOf(sql, messageIds.slice(start, start + CHUNK), scope)));
  return outcomes;
}

async function outcomesOf(
  sql: Sql,
  messageIds: readonly string[],
  { tables, since }: { readonly tables: readonly string[]; readonly since: Date },
): Promise<FoundOutcome[]> {
  const parameters = { since, message_ids: messageIds };
  const query: TablesSelect = {
    columns: { id: 'STRING', table_name: 'STRING' },
    select: (table) =>
      `SELECT _message_id AS id, '${table}' AS table_name FROM ${sql.name(table)} WHERE _publish_time >= @since AND _message_id IN UNNEST(@message_ids)`,
    parameters,
  };
  const stored = await withTables(sql, tables, query, (source) =>
    allRows(sql, { sql: `SELECT id, MIN(table_name) AS table_name FROM ${source} GROUP BY id`, parameters }),
  );
  const held = await allRows(sql, {
    sql: `SELECT message_id AS id, MIN(table_name) AS table_name FROM ${sql.name('_quarantine')} WHERE publish_time >= @since AND message_id IN UNNEST(@message_ids) GROUP BY id`,
    parameters,
  });
  const letters = await listDeadLetters(sql, { since, messageIds }, 5 * CHUNK);
  const tableOfId = new Map(stored.map((row) => [textOf(row, 'id'), textOf(row, 'table_name')]));
  const heldIds = new Map(held.map((row) => [textOf(row, 'id'), textOrNull(row, 'table_name')]));
  const letterOf = new Map([...letters].reverse().map((letter) => [letter.messageId, letter]));
  return messageIds.map((messageId): FoundOutcome => {
    const none = { messageId, reason: null, detail: null };
    const table = tableOfId.get(messageId);
    if (table !== undefined) return { ...none, kind: 'row', table };
    const letter = letterOf.get(messageId);
    if (letter !== undefined) return { ...letter, messageId, kind: 'dead-letter' };
    if (heldIds.has(messageId))
      return { ...none, kind: 'quarantined', table: heldIds.get(messageId) ?? null };
    return { ...none, kind: 'none', table: null };
  });
}
