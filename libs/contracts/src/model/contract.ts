import type { ChangeVerb, ColumnMode, ColumnType, NewTypeVerb } from '@pipeline/schema-inference';

/** Names of the pipeline's custom properties. */
export const PROPERTY = {
  eventTypes: 'pipeline.eventTypes',
  newColumns: 'pipeline.newColumns',
  typeChanges: 'pipeline.typeChanges',
  newTypes: 'pipeline.newTypes',
  key: 'pipeline.key',
} as const;

/** A check on values: violations are counted, and rows that violate it land. Limits and values are text as the file has them. */
export type ContractRule =
  | { readonly kind: 'required' }
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  /** Found anywhere in the text, as in JSON Schema. */
  | { readonly kind: 'pattern'; readonly pattern: string }
  | {
      readonly kind:
        | 'minimum'
        | 'maximum'
        | 'exclusiveMinimum'
        | 'exclusiveMaximum'
        | 'minLength'
        | 'maxLength'
        | 'minItems'
        | 'maxItems';
      readonly limit: string;
    };

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
  /** Checks on its values. */
  readonly rules: readonly ContractRule[];
  /** Checks on the elements of a list. */
  readonly elementRules?: readonly ContractRule[];
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
