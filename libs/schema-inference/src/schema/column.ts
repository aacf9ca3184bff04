/** Column types that a first JSON value can infer. */
export type InferredType =
  | 'BOOL'
  | 'INT64'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'FLOAT64'
  | 'STRING'
  | 'DATE'
  | 'DATETIME'
  | 'TIMESTAMP'
  | 'JSON'
  | 'RECORD';

/** Every BigQuery type a table may have; the last five only in tables made by hand, and no JSON value fits them. */
export type ColumnType = InferredType | 'BYTES' | 'TIME' | 'GEOGRAPHY' | 'INTERVAL' | 'RANGE';

/** BigQuery's modes; this library creates no REQUIRED column besides the pipeline's own. */
export type ColumnMode = 'NULLABLE' | 'REPEATED' | 'REQUIRED';

/** Parameters of a column's type, in tables made by hand: STRING(L), NUMERIC(P, S), BIGNUMERIC(P, S), BYTES(L). */
export interface TypeParameters {
  /** Code points of a STRING, bytes of BYTES. */
  readonly maxLength?: number;
  /** Digits of a number. */
  readonly precision?: number;
  /** Digits after the point; 0 if only the precision is given. */
  readonly scale?: number;
}

/**
 * One column or nested field of a table.
 *
 * Shape: `{name: 'order_id', type: 'STRING', mode: 'NULLABLE', description: 'pipeline:{"key":"order-id"}'}`;
 * `columns` is there exactly when `type` is RECORD.
 */
export interface Column extends TypeParameters {
  readonly name: string;
  readonly type: ColumnType;
  readonly mode: ColumnMode;
  readonly description?: string;
  readonly columns?: readonly Column[];
}

/**
 * A contract's decision about a change of a table: events make it, a person approves it first, or it is never made.
 * Rows land in any case; what has no column is in `_overflow`.
 */
export const CHANGE_VERBS = ['evolve', 'approve', 'overflow'] as const;
export type ChangeVerb = (typeof CHANGE_VERBS)[number];

/** Reads a verb; `evolve` for any other text, because a label that is not understood must not stop a pipeline. */
export function toChangeVerb(text: unknown): ChangeVerb {
  return CHANGE_VERBS.find((verb) => verb === text) ?? 'evolve';
}

/**
 * A contract's decision about events whose table does not exist: their first event creates it, they wait whole in `_quarantine` until
 * a person approves the type, or they are dead letters.
 */
export const NEW_TYPE_VERBS = ['evolve', 'approve', 'reject'] as const;
export type NewTypeVerb = (typeof NEW_TYPE_VERBS)[number];

/** Reads a verb; `evolve` for any other text, as {@link toChangeVerb}. */
export function toNewTypeVerb(text: unknown): NewTypeVerb {
  return NEW_TYPE_VERBS.find((verb) => verb === text) ?? 'evolve';
}

/**
 * The schema of one table as BigQuery reports it.
 *
 * `closed` is true when the table has the label `pipeline_schema=closed`: no column is added and none is widened.
 */
export interface TableSchema {
  readonly columns: readonly Column[];
  readonly closed: boolean;
  /** For new columns and fields; the label `pipeline_new_columns`. `evolve` if absent. */
  readonly newColumns?: ChangeVerb;
  /** For wider types; the label `pipeline_type_changes`. `evolve` if absent. */
  readonly typeChanges?: ChangeVerb;
  /** No verb holds, neither the table's nor those of its columns: for planning what a person approves. */
  readonly ignoresVerbs?: true;
}

/** The verbs that hold for the table. */
export function verbsOf({ newColumns = 'evolve', typeChanges = 'evolve', ignoresVerbs }: TableSchema): {
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
} {
  return ignoresVerbs === true
    ? { newColumns: 'evolve', typeChanges: 'evolve' }
    : { newColumns, typeChanges };
}

/** The first columns of every table, in order; no event key maps to one of them. */
export const PIPELINE_COLUMNS: readonly Column[] = [
  { name: '_message_id', type: 'STRING', mode: 'REQUIRED' },
  { name: '_publish_time', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: '_event_type', type: 'STRING', mode: 'NULLABLE' },
  { name: '_ingest_time', type: 'TIMESTAMP', mode: 'NULLABLE' },
  { name: '_attributes', type: 'JSON', mode: 'NULLABLE' },
  { name: '_overflow', type: 'JSON', mode: 'NULLABLE' },
  // Null: the row as first written. Promotion adds one each time it moves values.
  { name: '_revision', type: 'INT64', mode: 'NULLABLE' },
];

const PIPELINE_NAMES: ReadonlySet<string> = new Set(PIPELINE_COLUMNS.map((column) => column.name));

/** True if this is the name of one of the pipeline's own columns, regardless of case, as BigQuery compares names. */
export function isPipelineColumn(name: string): boolean {
  return PIPELINE_NAMES.has(lowerAscii(name));
}

/** Lower case for ASCII letters only: the case rule BigQuery applies to the names this library makes. */
export function lowerAscii(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : text;
}
