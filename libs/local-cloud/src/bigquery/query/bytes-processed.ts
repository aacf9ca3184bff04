import type { DuckDBConnection } from '@duckdb/node-api';
import { BigqueryError } from '../rules/api-error.js';
import type { Field, FieldType } from '../rules/field-schema.js';
import { BIGNUMERIC_FIELD, quoteName, structKey } from '../warehouse/duckdb-types.js';

/** Columns of a table that a statement reads, and DuckDB SQL of their rows. */
export interface Scan {
  readonly sql: string;
  readonly fields: readonly Field[];
  /** DuckDB SQL that holds for the rows of the partitions that are read; all of them without it. */
  readonly condition?: string | undefined;
}

/** A larger table is measured by so many of its rows. */
const SAMPLED_ROWS = 10_000;
const MIB = 1_048_576;
const MIN_BILLED_BYTES = 10 * MIB;

/**
 * Size of each type in bytes; texts and bytes have 2 more than their length. NULL has none.
 * Source: cloud.google.com/bigquery/docs/estimate-costs ("Data type size"), from memory on 2026-11-30.
 */
const FIXED_BYTES: Readonly<Partial<Record<FieldType, number>>> = {
  INTEGER: 8,
  FLOAT: 8,
  BOOLEAN: 1,
  NUMERIC: 16,
  BIGNUMERIC: 32,
  TIMESTAMP: 8,
  DATE: 8,
  TIME: 8,
  DATETIME: 8,
};

/**
 * Bytes that a statement processes: those of the columns that it names, in the rows of the partitions that it
 * cannot leave out.
 *
 * Limits: it counts partitions that a filter by something else than a constant excludes, and a column whose name the
 * statement uses for another thing; a table of more than 10,000 rows is measured by the average of so many.
 */
export async function bytesProcessed(connection: DuckDBConnection, scans: readonly Scan[]): Promise<number> {
  let total = 0;
  for (const { sql: table, fields, condition } of scans) {
    if (fields.length === 0) continue;
    const sql = condition === undefined ? table : `${table} WHERE ${condition}`;
    // A sum each, not one of sums: DuckDB refuses expressions of a thousand terms.
    const sizes = fields.map((field) => `sum(${sizeOf(field, quoteName(field.name))})`).join(', ');
    const columns = fields.map(({ name }) => quoteName(name)).join(', ');
    const measured = `SELECT count(*), (SELECT count(*) FROM ${sql}), ${sizes} FROM (SELECT ${columns} FROM ${sql} LIMIT ${SAMPLED_ROWS})`;
    const read = await connection.runAndReadAll(measured);
    const [sampled = 0, all = 0, ...sums] = (read.getRows()[0] ?? []).map(Number);
    const bytes = sums.reduce((sum, size) => sum + size, 0);
    total += sampled === 0 ? 0 : Math.ceil((bytes / sampled) * all);
  }
  return total;
}

/** Bytes billed for so many bytes of so many tables: whole MiB, at least 10 MiB a table. */
export function bytesBilled(bytes: number, tables: number): number {
  if (tables === 0) return 0;
  return Math.max(Math.ceil(bytes / MIB) * MIB, tables * MIN_BILLED_BYTES);
}

/** Throws if a statement would bill more than its job allows (`maximumBytesBilled`). */
export function checkBytesBilled(billed: number, maximum: number | undefined): void {
  if (maximum === undefined || billed <= maximum) return;
  throw new BigqueryError({
    reason: 'bytesBilledLimitExceeded',
    message: `Query exceeded limit for bytes billed: ${maximum}. ${billed} or higher required.`,
  });
}

function sizeOf(field: Field, sql: string, depth = 0): string {
  if (field.mode !== 'REPEATED') return sizeOfOne(field, sql, depth);
  const element = `e${depth}`;
  return `coalesce(list_sum(list_transform(${sql}, lambda ${element}: ${sizeOfOne(field, element, depth + 1)})), 0)`;
}

function sizeOfOne(field: Field, sql: string, depth: number): string {
  if (field.type === 'RECORD') {
    const children = (field.fields ?? []).map((child) =>
      sizeOf(child, `${sql}.${quoteName(structKey(child.name))}`, depth),
    );
    return children.length === 0 ? '0' : `coalesce(list_sum([${children.join(', ')}]), 0)`;
  }
  const fixed = FIXED_BYTES[field.type];
  const present = field.type === 'BIGNUMERIC' ? `${sql}.${BIGNUMERIC_FIELD}` : sql;
  const bytes =
    fixed === undefined
      ? `2 + ${field.type === 'BYTES' ? 'octet_length' : 'strlen'}(${field.type === 'JSON' ? `${sql}::VARCHAR` : sql})`
      : String(fixed);
  return `(CASE WHEN ${present} IS NULL THEN 0 ELSE ${bytes} END)`;
}
