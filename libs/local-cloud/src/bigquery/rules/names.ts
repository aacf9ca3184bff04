import { invalid } from './api-error.js';
import type { Field } from './field-schema.js';

/** Limits of table schemas. Source: cloud.google.com/bigquery/quotas and /docs/schemas, read 2026-11-22. */
export const MAX_LEAF_FIELDS = 10_000;
export const MAX_RECORD_LEVELS = 15;
export const MAX_FIELD_NAME_LENGTH = 300;
export const MAX_FIELD_DESCRIPTION_LENGTH = 1024;

const RESERVED_PREFIXES = [
  '_TABLE_',
  '_FILE_',
  '_PARTITION',
  '_ROW_TIMESTAMP',
  '__ROOT__',
  '_COLIDENTIFIER',
  '_CHANGE_SEQUENCE_NUMBER',
  '_CHANGE_TYPE',
  '_CHANGE_TIMESTAMP',
];
// Flexible column names: any letter, digit or mark, spaces and a few signs.
const FIELD_NAME = /^[\p{L}\p{N}\p{M}\p{Pc}\p{Pd}&%=+:'<>#|\s]+$/u;
const TABLE_ID = /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]+$/u;
const DATASET_ID = /^[A-Za-z0-9_]{1,1024}$/;

/** Throws 400 unless the id can name a dataset. */
export function checkDatasetId(id: string): void {
  if (DATASET_ID.test(id)) return;
  throw invalid(
    `Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.`,
  );
}

/** Throws 400 unless the id can name a table (at most 1,024 UTF-8 bytes). */
export function checkTableId(id: string): void {
  if (TABLE_ID.test(id) && Buffer.byteLength(id) <= 1024) return;
  throw invalid(
    `Invalid table ID "${id}". Table IDs must be alphanumeric (plus underscores) and must be at most 1024 characters long.`,
  );
}

/**
 * Throws 400 unless the fields can be a table's schema: names, case-insensitive clashes, depth, number of leaves.
 *
 * Source: cloud.google.com/bigquery/docs/schemas#column_names and /quotas#table_limits, read 2026-11-22.
 */
export function checkSchema(fields: readonly Field[]): void {
  checkLevel(fields, '', 0);
  const leaves = countLeaves(fields);
  if (leaves > MAX_LEAF_FIELDS)
    throw invalid(`Too many total leaf fields: ${leaves}, max allowed field count: ${MAX_LEAF_FIELDS}`);
}

function checkLevel(fields: readonly Field[], path: string, recordsAbove: number): void {
  const seen = new Set<string>();
  for (const field of fields) {
    const fullPath = path === '' ? field.name : `${path}.${field.name}`;
    checkFieldName(field.name);
    const folded = field.name.toLowerCase();
    if (seen.has(folded)) throw invalid(`Field ${fullPath} already exists in schema`);
    seen.add(folded);
    if ((field.description ?? '').length > MAX_FIELD_DESCRIPTION_LENGTH)
      throw invalid(
        `The description for field ${fullPath} is too long. The maximum length is 1024 characters.`,
      );
    if (field.fields === undefined) continue;
    if (recordsAbove + 1 > MAX_RECORD_LEVELS)
      throw invalid(
        `Field ${fullPath} is nested too deeply. The maximum nesting of RECORD fields is ${MAX_RECORD_LEVELS} levels.`,
      );
    checkLevel(field.fields, fullPath, recordsAbove + 1);
  }
}

function checkFieldName(name: string): void {
  if (!FIELD_NAME.test(name) || name.length > MAX_FIELD_NAME_LENGTH)
    throw invalid(
      `Invalid field name "${name}". Fields must contain the allowed characters, and be at most 300 characters long. For allowed characters, please refer to https://cloud.google.com/bigquery/docs/schemas#column_names`,
    );
  const upper = name.toUpperCase();
  if (RESERVED_PREFIXES.some((prefix) => upper.startsWith(prefix)))
    throw invalid(
      `Invalid field name "${name}". Field names are not allowed to start with the (case-insensitive) prefixes _PARTITION, _TABLE_, _FILE_, _ROW_TIMESTAMP, __ROOT__, _COLIDENTIFIER, _CHANGE_SEQUENCE_NUMBER, _CHANGE_TYPE and _CHANGE_TIMESTAMP`,
    );
}

function countLeaves(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + (field.fields === undefined ? 1 : countLeaves(field.fields)), 0);
}
