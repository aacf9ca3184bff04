import { BigqueryError, invalid } from '../rules/api-error.js';
import type { Field } from '../rules/field-schema.js';
import { type TableName, tableKey } from '../rules/table-resource.js';
import type { TableEntry } from '../warehouse/catalog.js';
import type { LoadConfiguration, SchemaUpdate } from './load-configuration.js';

/** Work of a load job on its table; rows may have the fields `visible`, the table has `fields` afterwards. */
export interface LoadPlan {
  readonly action: 'create' | 'replace' | 'append';
  readonly fields: readonly Field[];
  readonly visible: readonly Field[];
}

/**
 * Compares a load job with the table that it writes to. `source` is the schema of the files if they have one (Avro).
 *
 * Errors: 409 `duplicate` (WRITE_EMPTY), 404 `notFound` (CREATE_NEVER), 400 `invalid` for a job without a schema and
 * for one whose schema the table's does not allow.
 * Source: cloud.google.com/bigquery/docs/managing-table-schemas (load jobs), read 2026-11-29.
 */
export function planLoad(
  load: LoadConfiguration,
  present: { readonly entry: TableEntry; readonly isEmpty: boolean } | undefined,
  source: readonly Field[] | undefined,
): LoadPlan {
  const given = load.fields ?? source;
  if (present === undefined) {
    if (!load.mayCreate)
      throw new BigqueryError({ reason: 'notFound', message: `Not found: Table ${tableKey(load.table)}` });
    return whole('create', given);
  }
  const { entry, isEmpty } = present;
  if (entry.kind === 'VIEW') throw invalid(`Cannot load into the view ${tableKey(entry.name)}.`);
  if (load.write === 'WRITE_EMPTY' && !isEmpty)
    throw new BigqueryError({
      reason: 'duplicate',
      message: `Already Exists: Table ${tableKey(entry.name)}`,
    });
  if (load.write === 'WRITE_TRUNCATE') return whole('replace', given ?? entry.fields);
  if (entry.fields.length === 0) return whole('replace', given);
  if (given === undefined) return { action: 'append', fields: entry.fields, visible: entry.fields };
  const comparison = {
    table: entry.name,
    updates: load.schemaUpdates,
    isDeclared: load.fields !== undefined,
  };
  return { action: 'append', fields: merged(comparison, entry.fields, given, ''), visible: given };
}

function whole(action: 'create' | 'replace', fields: readonly Field[] | undefined): LoadPlan {
  if (fields === undefined || fields.length === 0) throw invalid('No schema specified on job or table.');
  return { action, fields, visible: fields };
}

interface Comparison {
  readonly table: TableName;
  readonly updates: ReadonlySet<SchemaUpdate>;
  /** The caller wrote the schema, in place of a file: a REQUIRED field is no mere statement about its rows. */
  readonly isDeclared: boolean;
}

function merged(
  comparison: Comparison,
  present: readonly Field[],
  given: readonly Field[],
  above: string,
): readonly Field[] {
  const byName = new Map(given.map((field) => [field.name.toLowerCase(), field]));
  const kept = present.map((field) => {
    const next = byName.get(field.name.toLowerCase());
    byName.delete(field.name.toLowerCase());
    if (next !== undefined) return mergedField(comparison, field, next, above);
    if (field.mode === 'REQUIRED')
      throw mismatch(comparison, `Field ${above}${field.name} is missing in new schema`);
    return field;
  });
  for (const field of byName.values()) {
    if (!comparison.updates.has('ALLOW_FIELD_ADDITION'))
      throw mismatch(comparison, `Cannot add fields (field: ${above}${field.name})`);
    if (field.mode === 'REQUIRED')
      throw mismatch(comparison, `Cannot add required fields (field: ${above}${field.name})`);
  }
  const isSame = byName.size === 0 && kept.every((field, index) => field === present[index]);
  return isSame ? present : [...kept, ...byName.values()];
}

function mergedField(comparison: Comparison, field: Field, next: Field, above: string): Field {
  const path = `${above}${field.name}`;
  if (field.type !== next.type)
    throw mismatch(comparison, `Field ${path} has changed type from ${field.type} to ${next.type}`);
  const isRelaxed = field.mode === 'REQUIRED' && next.mode === 'NULLABLE';
  const isStricter = field.mode === 'NULLABLE' && next.mode === 'REQUIRED' && !comparison.isDeclared;
  const mayRelax = comparison.updates.has('ALLOW_FIELD_RELAXATION');
  if (field.mode !== next.mode && !isStricter && !(isRelaxed && mayRelax))
    throw mismatch(comparison, `Field ${path} has changed mode from ${field.mode} to ${next.mode}`);
  const mode = isRelaxed ? 'NULLABLE' : field.mode;
  const fields =
    field.fields === undefined ? undefined : merged(comparison, field.fields, next.fields ?? [], `${path}.`);
  if (mode === field.mode && fields === field.fields) return field;
  return { ...field, mode, ...(fields === undefined ? {} : { fields }) };
}

function mismatch({ table }: Comparison, what: string): Error {
  return invalid(`Provided Schema does not match Table ${tableKey(table)}. ${what}`);
}

/** True if rows that were read under `fields` mean the same in a table that has `present` now. */
export function stillHolds(fields: readonly Field[], present: readonly Field[]): boolean {
  const byName = new Map(present.map((field) => [field.name, field]));
  return fields.every((field) => {
    const now = byName.get(field.name);
    if (now === undefined) return false;
    const isRepeated = field.mode === 'REPEATED';
    if (isRepeated !== (now.mode === 'REPEATED')) return false;
    if ((field.fields === undefined) !== (now.fields === undefined)) return false;
    return stillHolds(field.fields ?? [], now.fields ?? []);
  });
}
