import { allRows, type Sql } from '@pipeline/google-clients';
import { field, fromLetters, parametersOf, type DeadLetterFilter } from './dead-letters.js';
import { listEventTables } from './event-tables.js';
import { quarantinedCandidates } from './quarantine-candidates.js';
import { deadLetterCandidates, oldestMessage, type ReplayCandidate } from './replay-candidates.js';
import { numberOf, textOf, textOrNull } from './sql-row.js';
import { withTables } from './tables-union.js';

/**
 * Messages that have no row because a contract wants a decision about their type: of one table those of `_quarantine` and its dead
 * letters `TYPE_NOT_ALLOWED`; without a table all that await an approval in `_quarantine`.
 */
export interface HeldTypes {
  readonly table?: string;
}

/** The state of held messages. */
export interface HeldCount {
  /** Every time that one was held; grows when a replayed message is held again. */
  readonly holds: number;
  /** Messages that have neither a row nor another dead letter yet. */
  readonly waiting: number;
}

const NOT_ALLOWED = 'TYPE_NOT_ALLOWED';
/** The archive, and with it replays of large messages, ends long before. */
const BEGINNING = new Date(0);
const MAX_MESSAGES = 1_000_000;

/** Counts held messages. Reads ids of the quarantine, of dead letters and of rows since the oldest of them. */
export async function countHeld(sql: Sql, held: HeldTypes): Promise<HeldCount> {
  const since = await oldestHeld(sql, held);
  if (since === null) return { holds: 0, waiting: 0 };
  const query = {
    columns: { id: 'STRING' },
    select: (table: string) =>
      `SELECT _message_id AS id FROM ${sql.name(table)} WHERE _publish_time >= @since`,
    parameters: { since },
  } as const;
  const letters = lettersOf(held);
  const others = letters === null ? '' : ` AND ${field('reason')} != '${NOT_ALLOWED}'`;
  const [row] = await withTables(sql, await listEventTables(sql), query, (stored) =>
    allRows(sql, {
      sql: `WITH held AS (
  SELECT message_id AS id FROM ${sql.name('_quarantine')} WHERE ${quarantineCondition(held)}${
    letters === null ? '' : `\n  UNION ALL SELECT ${field('message_id')} AS id ${fromLetters(sql, letters)}`
  }
),
settled AS (
  SELECT id FROM ${stored}
  UNION ALL SELECT ${field('message_id')} AS id FROM ${sql.name('_dead_letters')} WHERE publish_time >= @since${others}
)
SELECT COUNT(*) AS holds, COUNT(DISTINCT IF(settled.id IS NULL, held.id, NULL)) AS waiting
FROM held LEFT JOIN (SELECT DISTINCT id FROM settled) AS settled ON settled.id = held.id`,
      parameters: { since, ...parametersIn(held) },
    }),
  );
  return { holds: numberOf(row, 'holds'), waiting: numberOf(row, 'waiting') };
}

/** Held messages to replay, those of the quarantine first, each part the oldest first. */
export async function* heldCandidates(sql: Sql, held: HeldTypes): AsyncGenerator<ReplayCandidate> {
  const since = await oldestQuarantined(sql, held);
  if (since !== null) {
    const filter = held.table === undefined ? { reason: 'AWAITING_APPROVAL' } : { table: held.table };
    yield* quarantinedCandidates(sql, { since, ...filter }, MAX_MESSAGES);
  }
  const letters = lettersOf(held);
  if (letters !== null) yield* deadLetterCandidates(sql, letters, MAX_MESSAGES);
}

/** The tables of held messages whose event type or table has this name; the table of that name first, then the most frequent. */
export async function tableOfHeld(sql: Sql, name: string): Promise<string | null> {
  const [row] = await allRows(sql, {
    sql: `SELECT table_name, COUNT(*) AS messages FROM (
  SELECT event_type, table_name FROM ${sql.name('_quarantine')}
  UNION ALL SELECT ${field('event_type')} AS event_type, ${field('table')} AS table_name FROM ${sql.name('_dead_letters')}
  WHERE ${field('reason')} = '${NOT_ALLOWED}'
) WHERE table_name = @name OR event_type = @name
GROUP BY table_name ORDER BY IF(table_name = @name, 0, 1), messages DESC, table_name LIMIT 1`,
    parameters: { name },
  });
  return textOrNull(row, 'table_name');
}

/** The tables that messages of the quarantine, or dead letters `TYPE_NOT_ALLOWED`, ask for; stored messages are not left out. */
export async function tablesOfHeld(sql: Sql): Promise<ReadonlySet<string>> {
  const rows = await allRows(sql, {
    sql: `SELECT DISTINCT table_name FROM (
  SELECT table_name FROM ${sql.name('_quarantine')}
  UNION ALL SELECT ${field('table')} AS table_name FROM ${sql.name('_dead_letters')} WHERE ${field('reason')} = '${NOT_ALLOWED}'
) WHERE table_name IS NOT NULL`,
  });
  return new Set(rows.map((row) => textOf(row, 'table_name')));
}

async function oldestHeld(sql: Sql, held: HeldTypes): Promise<Date | null> {
  const letters = lettersOf(held);
  const times = [
    await oldestQuarantined(sql, held),
    letters === null ? null : await oldestMessage(sql, letters),
  ].flatMap((time) => (time === null ? [] : [time.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

async function oldestQuarantined(sql: Sql, held: HeldTypes): Promise<Date | null> {
  const [row] = await allRows(sql, {
    sql: `SELECT MIN(publish_time) AS oldest FROM ${sql.name('_quarantine')} WHERE ${quarantineCondition(held)}`,
    parameters: parametersIn(held),
  });
  const oldest = textOrNull(row, 'oldest');
  return oldest === null ? null : new Date(Date.parse(oldest));
}

function quarantineCondition({ table }: HeldTypes): string {
  return table === undefined ? `reason = 'AWAITING_APPROVAL'` : 'table_name = @table';
}

function lettersOf({ table }: HeldTypes): DeadLetterFilter | null {
  return table === undefined ? null : { since: BEGINNING, reason: NOT_ALLOWED, table, dismissed: 'exclude' };
}

function parametersIn(held: HeldTypes): ReturnType<typeof parametersOf> {
  const letters = lettersOf(held);
  return letters === null ? {} : parametersOf(letters);
}
