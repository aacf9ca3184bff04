import { quoteName } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, readNote, type Column, type TableSchema } from '@pipeline/schema-inference';
import type { StagedColumn } from './staged-columns.js';

/**
 * The rows to look at. `waiting`: rows with a value that waits for a column or an approval; `all`: every row with an overflow, for
 * example after a retype gave a conflicting value a home. Both include rows with a value in a retired column.
 */
export type PromotionScope = 'waiting' | 'all';

/** The condition on rows that promotion may change. */
export function candidateCondition(schema: TableSchema, scope: PromotionScope): string {
  const overflow =
    scope === 'all'
      ? '_overflow IS NOT NULL'
      : `STRPOS(TO_JSON_STRING(_overflow), '"reason":"AWAITING_') > 0`;
  const retired = schema.columns
    .filter(({ description }) => readNote(description).retired === true)
    .map(hasValue);
  return [overflow, ...retired].join(' OR ');
}

function hasValue({ name, mode }: Column): string {
  return mode === 'REPEATED' ? `ARRAY_LENGTH(${quoteName(name)}) > 0` : `${quoteName(name)} IS NOT NULL`;
}

/** A table to look through, by its quoted name. */
export interface CandidateTable {
  readonly tableId: string;
  readonly name: string;
  readonly condition: string;
}

/**
 * Counts the rows to look at by table and publish day, from the parameter `@since` on.
 *
 * Columns: `table_name`, `day` (`2026-11-29`), `row_count`. BigQuery reads `_publish_time` and the columns of the conditions.
 */
export function candidatesQuery(tables: readonly CandidateTable[]): string {
  const selects = tables.map(
    ({ tableId, name, condition }) =>
      `SELECT '${tableId}' AS table_name, FORMAT_TIMESTAMP('%F', _publish_time) AS day, COUNT(*) AS row_count FROM ${name} ` +
      `WHERE _publish_time >= @since AND (${condition}) GROUP BY day`,
  );
  return `${selects.join('\nUNION ALL ')}\nORDER BY table_name, day DESC`;
}

/** One table and day. */
export interface DaySelection {
  readonly name: string;
  readonly schema: TableSchema;
  readonly condition: string;
  /** `2026-11-29`, in UTC. */
  readonly day: string;
  /** The last of several days that follow each other; `day` when absent. */
  readonly lastDay?: string;
  /** A column of the schema that the table does not have yet. */
  readonly absent?: string;
}

/** Selects the rows of a day with their fingerprint, in the column {@link fingerprintName}. */
export function rowsQuery({ name, schema, condition, day, lastDay, absent }: DaySelection): string {
  const wanted = [
    '_message_id',
    '_publish_time',
    '_revision',
    '_overflow',
    ...eventNames(schema).filter((column) => column !== absent),
  ];
  const fingerprint = `${FINGERPRINT} AS ${quoteName(fingerprintName(schema))}`;
  return (
    `SELECT ${[...wanted.map(quoteName), fingerprint].join(', ')} FROM ${name}\n` +
    `WHERE ${within('_publish_time', day, lastDay)} AND (${condition})`
  );
}

/** Selects every column of some days: what BigQuery bills for rewriting their partitions. */
export function wholeRowsQuery({
  name,
  day,
  lastDay,
}: Pick<DaySelection, 'name' | 'day' | 'lastDay'>): string {
  return `SELECT * FROM ${name}\nWHERE ${within('_publish_time', day, lastDay)}`;
}

/** A name that no column of the table has. */
export function fingerprintName({ columns }: TableSchema): string {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  let name = 'fingerprint';
  while (taken.has(name)) name = `_${name}`;
  return name;
}

/**
 * Returns the statement that moves the staged values into the event table, atomically.
 *
 * A copy is changed only while its revision and overflow are what was read, so that it is safe beside appends and another
 * promoter. The constant bounds on `_publish_time` limit what BigQuery reads to one partition.
 * Source: BigQuery DML syntax, MERGE, and "Prune partitions", read 2026-11-29.
 */
export function mergeStatement(
  { name, day }: Pick<DaySelection, 'name' | 'day'>,
  stagingName: string,
  staged: readonly StagedColumn[],
): string {
  const sets = [
    '_overflow = S.overflow',
    '_revision = S.revision + 1',
    ...staged.map(({ stagedAs, column }) => `${quoteName(column.name)} = S.${stagedAs}`),
  ];
  return (
    `MERGE ${name} AS T USING ${stagingName} AS S\n` +
    `ON T._message_id = S.message_id AND T._publish_time = S.publish_time AND COALESCE(T._revision, 0) = S.revision\n` +
    `  AND ${FINGERPRINT.replace('_overflow', 'T._overflow')} = S.fingerprint\n` +
    `  AND ${within('T._publish_time', day)}\n` +
    `WHEN MATCHED THEN UPDATE SET ${sets.join(', ')}`
  );
}

const FINGERPRINT = `COALESCE(FARM_FINGERPRINT(TO_JSON_STRING(_overflow)), 0)`;
const DAY_MS = 86_400_000;

function within(column: string, day: string, lastDay = day): string {
  const next = new Date(Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return `${column} >= TIMESTAMP '${day}' AND ${column} < TIMESTAMP '${next}'`;
}

const PIPELINE_NAMES: ReadonlySet<string> = new Set(PIPELINE_COLUMNS.map(({ name }) => name));

function eventNames({ columns }: TableSchema): readonly string[] {
  return columns.map(({ name }) => name).filter((name) => !PIPELINE_NAMES.has(name.toLowerCase()));
}
