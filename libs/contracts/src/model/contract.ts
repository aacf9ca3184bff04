import type { ChangeVerb, ColumnMode, ColumnType } from '@pipeline/schema-inference';

/** The decision about an event type without a table: its first event creates one. No other is available. */
export const NEW_TYPE_VERBS = ['evolve'] as const;
export type NewTypeVerb = (typeof NEW_TYPE_VERBS)[number];

/** Names of the pipeline's custom properties. */
export const PROPERTY = {
  eventTypes: 'pipeline.eventTypes',
  newColumns: 'pipeline.newColumns',
  typeChanges: 'pipeline.typeChanges',
  newTypes: 'pipeline.newTypes',
  key: 'pipeline.key',
} as const;

/** One column or field of a contract. */
export interface ContractColumn {
  readonly name: string;
  /** The event key, if it is not the name. */
  readonly key?: string;
  readonly type: ColumnType;
  readonly mode: ColumnMode;
  readonly maxLength?: number;
  readonly precision?: number;
  readonly scale?: number;
  /** A check on values, never a gate: rows without the value land. */
  readonly required: boolean;
  /** For fields of this record; those of the table if absent. */
  readonly newColumns?: ChangeVerb;
  /** For this column and its fields; that of the table if absent. */
  readonly typeChanges?: ChangeVerb;
  /** The fields of a RECORD. */
  readonly columns?: readonly ContractColumn[];
  /** Line of the file, from 1. */
  readonly line: number;
}

/** The contract of one table: one file, `contracts/<table>.odcs.yaml`. */
export interface TableContract {
  readonly kind: 'table';
  readonly file: string;
  readonly table: string;
  /** Line of the schema object, from 1. */
  readonly line: number;
  /** Null: the routes of the services decide. */
  readonly eventTypes: readonly string[] | null;
  readonly newColumns: ChangeVerb;
  readonly typeChanges: ChangeVerb;
  /** The event's own columns, not the pipeline's. */
  readonly columns: readonly ContractColumn[];
}

/** The contract of the dataset: `contracts/dataset.odcs.yaml`, a file without a schema. */
export interface DatasetContract {
  readonly kind: 'dataset';
  readonly file: string;
  readonly newTypes: NewTypeVerb;
}

export type Contract = TableContract | DatasetContract;

/** A mistake in a file. `line` is counted from 1. */
export interface ContractProblem {
  readonly file: string;
  readonly line: number;
  readonly problem: string;
  readonly remedy: string;
}

/** `orders.odcs.yaml:12: physicalType NUMBR is no BigQuery type. Use …` */
export function problemText({ file, line, problem, remedy }: ContractProblem): string {
  return `${file}:${line}: ${problem}. ${remedy}.`;
}
