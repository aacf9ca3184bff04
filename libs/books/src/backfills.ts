import { allRows, type Sql, type SqlParameter, type SqlRow } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import { numberOf, textOf, textOrNull } from './sql-row.js';

export const BACKFILLS_TABLE = '_backfills';

/**
 * The columns of `_backfills`: one row for each run of `pipeline backfill`. Partitioned by day of `started_at`. Terraform and the
 * local cloud create the same ones (test/contracts/tables/backfills.json).
 */
export const BACKFILLS_COLUMNS: readonly Column[] = [
  { name: 'run_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'outcome', type: 'STRING', mode: 'REQUIRED' },
  { name: 'sources', type: 'JSON', mode: 'REQUIRED' },
  { name: 'source_sha256', type: 'STRING', mode: 'REQUIRED' },
  { name: 'options', type: 'JSON', mode: 'REQUIRED' },
  { name: 'topic', type: 'STRING', mode: 'REQUIRED' },
  { name: 'lines', type: 'INT64', mode: 'REQUIRED' },
  { name: 'done_lines', type: 'INT64', mode: 'REQUIRED' },
  { name: 'published', type: 'INT64', mode: 'REQUIRED' },
  { name: 'known', type: 'INT64', mode: 'REQUIRED' },
  { name: 'first_message_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'last_message_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'detail', type: 'STRING', mode: 'NULLABLE' },
  { name: 'started_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'updated_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'actor', type: 'STRING', mode: 'REQUIRED' },
];

/** `running` is also what a killed run leaves behind. */
export type BackfillOutcome = 'running' | 'completed' | 'interrupted' | 'failed';

/** A run as it begins. */
export interface BackfillRun {
  readonly runId: string;
  readonly startedAt: Date;
  /** Names of files and objects. */
  readonly sources: readonly string[];
  /** Of all lines: the same source under another name has the same. */
  readonly sourceSha256: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly topic: string;
  readonly lines: number;
  readonly actor: string;
}

/** The progress of a run. */
export interface BackfillProgress {
  /** Every line up to this one is published or known. */
  readonly doneLines: number;
  readonly published: number;
  readonly known: number;
  readonly firstMessageId: string | null;
  readonly lastMessageId: string | null;
}

/** An earlier run of the same source. */
export interface EarlierBackfill extends BackfillProgress {
  readonly runId: string;
  readonly outcome: BackfillOutcome;
  readonly startedAt: string;
  readonly lines: number;
}

/** Writes the row of a run that begins. @throws CloudError `TABLE_NOT_FOUND` before Terraform made the table */
export async function recordBackfill(sql: Sql, run: BackfillRun): Promise<void> {
  await sql.execute({
    sql: `INSERT INTO ${sql.name(BACKFILLS_TABLE)} (run_id, outcome, sources, source_sha256, options, topic, lines, done_lines, published, known, started_at, updated_at, actor)
VALUES (@run_id, 'running', PARSE_JSON(@sources), @sha256, PARSE_JSON(@options), @topic, @lines, 0, 0, 0, @started_at, @started_at, @actor)`,
    parameters: {
      run_id: run.runId,
      sources: JSON.stringify(run.sources),
      sha256: run.sourceSha256,
      options: JSON.stringify(run.options),
      topic: run.topic,
      lines: run.lines,
      started_at: run.startedAt,
      actor: run.actor,
    },
  });
}

/** Updates the row of a run. */
export async function updateBackfill(
  sql: Sql,
  { runId, startedAt }: Pick<BackfillRun, 'runId' | 'startedAt'>,
  update: BackfillProgress & {
    readonly outcome: BackfillOutcome;
    readonly detail?: string;
    readonly at: Date;
  },
): Promise<void> {
  const parameters: Record<string, SqlParameter> = {
    run_id: runId,
    started_at: startedAt,
    outcome: update.outcome,
    done_lines: update.doneLines,
    published: update.published,
    known: update.known,
    first: update.firstMessageId ?? '',
    last: update.lastMessageId ?? '',
    detail: update.detail ?? '',
    updated_at: update.at,
  };
  await sql.execute({
    sql: `UPDATE ${sql.name(BACKFILLS_TABLE)} SET outcome = @outcome, done_lines = @done_lines, published = @published, known = @known,
  first_message_id = NULLIF(@first, ''), last_message_id = NULLIF(@last, ''), detail = NULLIF(@detail, ''), updated_at = @updated_at
WHERE run_id = @run_id AND started_at = @started_at`,
    parameters,
  });
}

/** The latest run of the same source that published something, or was killed; null if there is none. */
export async function earlierBackfill(sql: Sql, sourceSha256: string): Promise<EarlierBackfill | null> {
  const [row] = await allRows(sql, {
    sql: `SELECT run_id, outcome, started_at, lines, done_lines, published, known, first_message_id, last_message_id
FROM ${sql.name(BACKFILLS_TABLE)} WHERE source_sha256 = @sha256 AND (published > 0 OR outcome = 'running') ORDER BY started_at DESC LIMIT 1`,
    parameters: { sha256: sourceSha256 },
  });
  return row === undefined ? null : toEarlier(row);
}

function toEarlier(row: SqlRow): EarlierBackfill {
  return {
    runId: textOf(row, 'run_id'),
    // Only this library writes the table.
    outcome: textOf(row, 'outcome') as BackfillOutcome,
    startedAt: textOf(row, 'started_at'),
    lines: numberOf(row, 'lines'),
    doneLines: numberOf(row, 'done_lines'),
    published: numberOf(row, 'published'),
    known: numberOf(row, 'known'),
    firstMessageId: textOrNull(row, 'first_message_id'),
    lastMessageId: textOrNull(row, 'last_message_id'),
  };
}
