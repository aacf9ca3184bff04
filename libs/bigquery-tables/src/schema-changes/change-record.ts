import { createHash } from 'node:crypto';
import type { Column, Shape } from '@pipeline/schema-inference';

/**
 * The kind of a change. `APPROVE_CHANGE` and `REJECT_CHANGE` are decisions: their path is that of the pending change, a pointer with
 * `*` for array indexes, and their sample holds the reason. The pipeline never makes `CHANGE_COLUMN` and `DROP_TABLE`, and drops only columns that a retype replaced;
 * a person may make any. For `RENAME_COLUMN`, `path` is the new name and `fromType` the name before.
 */
export type ChangeKind =
  | 'CREATE_TABLE'
  | 'RECREATE_TABLE'
  | 'DROP_TABLE'
  | 'ADD_COLUMN'
  | 'RELAX_COLUMN'
  | 'WIDEN_COLUMN'
  | 'CHANGE_COLUMN'
  | 'DROP_COLUMN'
  | 'CLOSE_RECORD'
  | 'RETIRE_COLUMN'
  | 'APPLY_CONTRACT'
  | 'APPROVE_CHANGE'
  | 'REJECT_CHANGE'
  | 'RENAME_COLUMN'
  | 'CLOSE_TABLE';

/** The shape of a value without the value: a type, the element of an array, the fields of a record by event key. */
export type SampleShape = string | readonly [SampleShape] | { readonly [key: string]: SampleShape };

/** One change without its author. */
export interface Change {
  readonly kind: ChangeKind;
  /** Column names joined by dots; null for the table itself. */
  readonly path: string | null;
  readonly fromType: string | null;
  readonly toType: string | null;
  /** The message that caused it; null if none did. */
  readonly messageId: string | null;
  readonly sample: SampleShape | null;
  readonly changedAtMs: number;
}

/**
 * One row of `_schema_history`. A change that is recorded twice has the same `changeId`; readers take the
 * earliest of equal ones. `version` is BigQuery's `lastModifiedTime` of the table, in milliseconds, as it was when the
 * change was recorded.
 */
export interface ChangeRecord extends Change {
  readonly changeId: string;
  readonly tableId: string;
  readonly version: number;
  /** Service and version, or `unknown` for a change that is not ours. */
  readonly actor: string;
}

/** The actor of changes that the pipeline did not make. */
export const UNKNOWN_ACTOR = 'unknown';

/** Returns the id of a change by the pipeline: table, kind, path and the time that the table's descriptions hold too. */
export function ownChangeId(tableId: string, { kind, path, changedAtMs }: Change): string {
  return hashOf([tableId, kind, path, new Date(changedAtMs).toISOString()]);
}

/**
 * Returns the id of a change made by hand: its content, after the last recorded change of that path. Two
 * readers of one history find the same id; the same change made again later has another.
 */
export function driftChangeId(tableId: string, change: Change, previousId: string | null): string {
  const { kind, path, fromType, toType } = change;
  return hashOf([tableId, kind, path, fromType, toType, previousId]);
}

function hashOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * A column's own type, its fields left out because each has a change of its own.
 *
 * Shape: INT64 → `INT64`; REPEATED RECORD → `ARRAY<STRUCT>`; REQUIRED STRING → `STRING NOT NULL`.
 */
export function typeText({ type, mode }: Pick<Column, 'type' | 'mode'>): string {
  const name = type === 'RECORD' ? 'STRUCT' : type;
  if (mode === 'REPEATED') {
    return `ARRAY<${name}>`;
  }
  return mode === 'REQUIRED' ? `${name} NOT NULL` : name;
}

/** More would be a list of keys, not a sample; the columns that were made of them have changes of their own. */
const MAX_SAMPLE_FIELDS = 50;

/**
 * Returns the types of a value, never a part of the value.
 *
 * Shape: `{"id": "x", "tags": ["a"]}` → `{"id": "STRING", "tags": ["STRING"]}`.
 */
export function sampleOf(shape: Shape): SampleShape {
  const one: SampleShape =
    shape.type === 'RECORD'
      ? Object.fromEntries(
          [...shape.fields].slice(0, MAX_SAMPLE_FIELDS).map(([key, field]) => [key, sampleOf(field)]),
        )
      : shape.type;
  return shape.repeated ? [one] : one;
}
