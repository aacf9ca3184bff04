import { invalid } from './api-error.js';
import type { Field } from './field-schema.js';
import { checkSchema } from './names.js';

/** One physical step that a new schema asks for; `path` goes through REPEATED records by `repeated`. */
export type SchemaStep =
  | { readonly kind: 'add'; readonly path: readonly PathStep[]; readonly field: Field }
  | { readonly kind: 'relax'; readonly path: readonly PathStep[] }
  /** Another type for a top-level column; only DDL asks for it. */
  | { readonly kind: 'retype'; readonly before: Field; readonly after: Field };

export interface PathStep {
  readonly name: string;
  readonly repeated: boolean;
}

/** Result of comparing schemas: the schema to show, and the steps that lead to it, in order. */
export interface SchemaChange {
  readonly fields: readonly Field[];
  readonly steps: readonly SchemaStep[];
}

/**
 * Compares a table's schema with the whole new one that `tables.patch` or `tables.update` brings.
 *
 * Allowed: NULLABLE and REPEATED columns more (at any depth), REQUIRED → NULLABLE, other descriptions.
 * New columns come after the present ones, whatever their place in the request.
 * Errors: 400 `invalid` in BigQuery's words for a missing field, another type or mode, a REQUIRED field more.
 * Source: cloud.google.com/bigquery/docs/managing-table-schemas, read 2026-11-22.
 */
export function changeSchema(
  table: string,
  present: readonly Field[],
  wanted: readonly Field[],
): SchemaChange {
  checkSchema(wanted);
  const steps: SchemaStep[] = [];
  const fields = compareLevel({ table, steps }, present, wanted, []);
  return { fields, steps };
}

interface Comparison {
  readonly table: string;
  readonly steps: SchemaStep[];
}

function compareLevel(
  comparison: Comparison,
  present: readonly Field[],
  wanted: readonly Field[],
  above: readonly PathStep[],
): Field[] {
  const byName = new Map(wanted.map((field) => [field.name.toLowerCase(), field]));
  const kept = present.map((old) => {
    const next = byName.get(old.name.toLowerCase());
    byName.delete(old.name.toLowerCase());
    if (next === undefined)
      throw mismatch(comparison, `Field ${spell(above, old.name)} is missing in new schema`);
    return compareField(comparison, old, next, above);
  });
  const added = [...byName.values()];
  for (const field of added) addField(comparison, field, above);
  return [...kept, ...added];
}

function compareField(comparison: Comparison, old: Field, next: Field, above: readonly PathStep[]): Field {
  const path = spell(above, old.name);
  if (old.type !== next.type)
    throw mismatch(comparison, `Field ${path} has changed type from ${old.type} to ${next.type}`);
  if (old.mode !== next.mode && !(old.mode === 'REQUIRED' && next.mode === 'NULLABLE'))
    throw mismatch(comparison, `Field ${path} has changed mode from ${old.mode} to ${next.mode}`);
  for (const parameter of ['maxLength', 'precision', 'scale'] as const)
    if (old[parameter] !== next[parameter])
      throw mismatch(
        comparison,
        `Field ${path} has changed ${parameter} from ${old[parameter] ?? 'none'} to ${next[parameter] ?? 'none'}`,
      );
  const here = [...above, { name: old.name, repeated: old.mode === 'REPEATED' }];
  if (old.mode !== next.mode) comparison.steps.push({ kind: 'relax', path: here });
  if (old.fields === undefined) return { ...next, name: old.name };
  return { ...next, name: old.name, fields: compareLevel(comparison, old.fields, next.fields ?? [], here) };
}

function addField(comparison: Comparison, field: Field, above: readonly PathStep[]): void {
  if (field.mode === 'REQUIRED')
    throw mismatch(
      comparison,
      `Cannot add required fields to an existing schema. (field: ${spell(above, field.name)})`,
    );
  comparison.steps.push({ kind: 'add', path: above, field });
}

function spell(above: readonly PathStep[], name: string): string {
  return [...above.map((step) => step.name), name].join('.');
}

function mismatch(comparison: Comparison, what: string): Error {
  return invalid(`Provided Schema does not match Table ${comparison.table}. ${what}`);
}
