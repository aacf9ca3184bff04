import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { BigquerySql, SqlRow } from '@pipeline/google-clients';
import {
  compileSchema,
  refit,
  type CompiledSchema,
  type JsonValue,
  type TableSchema,
} from '@pipeline/schema-inference';
import { AvroFile } from './avro-file.js';
import { canStage } from './avro-types.js';
import type { PendingNeeds } from './pending-needs.js';
import { fingerprintName, mergeStatement, rowsQuery, type DaySelection } from './promotion-sql.js';
import { textOf } from './row-text.js';
import { RowChunk } from './row-chunk.js';
import type { Spending } from './spending.js';
import { changedColumns, stagedColumns, stagingColumns, stagingRow } from './staged-columns.js';
import type { StagingTables } from './staging.port.js';

/** The part of the SQL client that promotion uses. */
export type PromotionSql = Pick<BigquerySql, 'name' | 'rows' | 'execute' | 'executeDml' | 'estimateBytes'>;

export interface PromotionPorts {
  readonly sql: PromotionSql;
  readonly staging: StagingTables;
}

/** One table and publish day to go through. */
export interface DayWork extends DaySelection {
  readonly tableId: string;
  readonly isDryRun: boolean;
  readonly spending: Spending;
  readonly needs: PendingNeeds;
}

/** Counts of one pass over a day. */
export interface DayCounts {
  rowsRead: number;
  rowsChanged: number;
  valuesMoved: number;
  /** Values that no column holds and that were in one before: by a retype. */
  valuesOverflowed: number;
  bytesProcessed: number;
}

/** A killed promotion leaves its staging table for this long. */
const STAGING_MS = 3_600_000;
const STATEMENT_TIMEOUT_MS = 300_000;
/** Rows between two pauses, so that requests to the same process do not wait. */
const ROWS_AT_ONCE = 50;

/**
 * Moves the values of one day that have a home: reads the rows, fits them again, stages the new values, runs one MERGE for each
 * chunk of about 64 MB. `counts` is filled as the pass goes on. Memory holds one chunk.
 * @throws CloudError if BigQuery refuses or fails; what was merged before stays, and the next run does the rest
 * @throws SpendingError if the table's limit of bytes does not allow the pass
 */
export async function promoteDay(ports: PromotionPorts, work: DayWork, counts: DayCounts): Promise<void> {
  const { schema, tableId, spending } = work;
  const query = { sql: rowsQuery(work), tableId, timeoutMs: STATEMENT_TIMEOUT_MS };
  const bytes = await ports.sql.estimateBytes(query);
  spending.require(bytes);
  spending.add(bytes);
  counts.bytesProcessed += bytes;
  const compiled = compileSchema(schema);
  const stageable = new Set(schema.columns.filter(canStage).map(({ name }) => name));
  let chunk = new RowChunk();
  for await (const row of ports.sql.rows(query)) {
    counts.rowsRead++;
    if (counts.rowsRead % ROWS_AT_ONCE === 0) await setImmediate();
    refitInto(chunk, row, { compiled, stageable, needs: work.needs, counts });
    if (!chunk.isFull) continue;
    await moveChunk(ports, work, chunk, counts);
    chunk = new RowChunk();
  }
  await moveChunk(ports, work, chunk, counts);
}

interface RefitContext {
  readonly compiled: CompiledSchema;
  readonly stageable: ReadonlySet<string>;
  readonly needs: PendingNeeds;
  readonly counts: DayCounts;
}

function refitInto(chunk: RowChunk, row: SqlRow, { compiled, stageable, needs, counts }: RefitContext): void {
  const refitted = refit(row, compiled);
  const messageId = textOf(row, '_message_id');
  needs.add(messageId, refitted.pending);
  if (refitted.kind === 'unchanged') return;
  const changed = changedColumns(compiled.schema.columns, row, { ...row, ...refitted.row }).filter(
    (name) => name !== '_overflow',
  );
  if (!changed.every((name) => stageable.has(name))) return;
  counts.valuesOverflowed += Math.max(0, entriesIn(refitted.row['_overflow']) - entriesIn(row['_overflow']));
  chunk.add(
    {
      messageId,
      publishTime: textOf(row, '_publish_time'),
      revision: Number(row['_revision'] ?? 0),
      fingerprint: row[fingerprintName(compiled.schema)] ?? 0,
      next: refitted.row,
    },
    changed,
    refitted.moved,
  );
}

function entriesIn(overflow: JsonValue | undefined): number {
  return typeof overflow === 'string' ? Object.keys(JSON.parse(overflow) as object).length : 0;
}

async function moveChunk(
  ports: PromotionPorts,
  work: DayWork,
  chunk: RowChunk,
  counts: DayCounts,
): Promise<void> {
  if (chunk.size === 0) return;
  if (work.isDryRun) {
    counts.rowsChanged += chunk.size;
    counts.valuesMoved += chunk.moved;
    return;
  }
  const stagingId = `_staging_${work.tableId}_${randomUUID().replaceAll('-', '')}`;
  try {
    const rows = await stageAndMerge(ports, { ...work, stagingId }, chunk, counts);
    counts.rowsChanged += rows;
    counts.valuesMoved += rows === 0 ? 0 : chunk.moved;
  } finally {
    // It expires by itself if this fails.
    await ports.staging.release(stagingId).catch(() => undefined);
  }
}

/** @returns the copies that changed */
async function stageAndMerge(
  { sql, staging }: PromotionPorts,
  { stagingId, schema, tableId, name, day, spending }: DayWork & { readonly stagingId: string },
  chunk: RowChunk,
  counts: DayCounts,
): Promise<number> {
  const staged = stagedColumns(schema.columns, chunk.changed);
  const columns = stagingColumns(staged);
  await staging.create({ tableId: stagingId, columns, expiresAtMs: Date.now() + STAGING_MS });
  await staging.load(stagingId, await encode(columns, chunk, (row) => stagingRow(row, staged)));
  const merge = {
    sql: mergeStatement({ name, day }, sql.name(stagingId), staged),
    tableId,
    timeoutMs: STATEMENT_TIMEOUT_MS,
  };
  spending.require(await sql.estimateBytes(merge));
  const { rows, bytesProcessed } = await sql.executeDml(merge);
  spending.add(bytesProcessed);
  counts.bytesProcessed += bytesProcessed;
  return rows;
}

async function encode(
  columns: TableSchema['columns'],
  chunk: RowChunk,
  toRow: (row: Parameters<typeof stagingRow>[0]) => ReturnType<typeof stagingRow>,
): Promise<Uint8Array> {
  const file = new AvroFile(columns);
  let count = 0;
  for (const row of chunk.rows()) {
    file.add(toRow(row));
    if (++count % ROWS_AT_ONCE === 0) await setImmediate();
  }
  return file.finish();
}
