import type { Field } from '../../rules/field-schema.js';

/** Values of an OPTIONS list: `{description: "x", labels: [["a", "b"]]}`. */
export type Options = Readonly<Record<string, OptionValue>>;
export type OptionValue = string | number | boolean | null | readonly OptionValue[];

/** A data definition statement as read; names are dotted paths. */
export type DdlStatement =
  | {
      readonly kind: 'createTable';
      readonly temporary: boolean;
      readonly path: readonly string[];
      readonly manner: CreateManner;
      /** Another table whose definition, and with COPY and CLONE whose rows, the new one has. */
      readonly source:
        { readonly manner: 'LIKE' | 'COPY' | 'CLONE'; readonly path: readonly string[] } | undefined;
      readonly fields: readonly Field[] | undefined;
      readonly partitionBy: PartitionBy | undefined;
      readonly clusterBy: readonly string[] | undefined;
      readonly options: Options;
      readonly asQuery: string | undefined;
    }
  | {
      readonly kind: 'createView';
      readonly path: readonly string[];
      readonly manner: CreateManner;
      readonly options: Options;
      readonly query: string;
    }
  | {
      readonly kind: 'createSchema';
      readonly path: readonly string[];
      readonly ifNotExists: boolean;
      readonly options: Options;
    }
  | {
      readonly kind: 'dropSchema';
      readonly path: readonly string[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | {
      readonly kind: 'drop';
      readonly what: 'TABLE' | 'VIEW';
      readonly path: readonly string[];
      readonly ifExists: boolean;
    }
  | CreateFunction
  | {
      readonly kind: 'dropFunction';
      readonly isTable: boolean;
      readonly path: readonly string[];
      readonly ifExists: boolean;
    }
  | { readonly kind: 'truncate'; readonly path: readonly string[] }
  | {
      readonly kind: 'alterTable';
      readonly path: readonly string[];
      readonly ifExists: boolean;
      readonly actions: readonly AlterAction[];
    };

/** CREATE FUNCTION and CREATE TABLE FUNCTION; types and body as texts. */
export interface CreateFunction {
  readonly kind: 'createFunction';
  readonly isTable: boolean;
  readonly path: readonly string[];
  readonly manner: CreateManner;
  readonly parameters: readonly { readonly name: string; readonly type?: string }[];
  readonly returns: string | undefined;
  readonly body: string;
  readonly options: Options;
}

export type CreateManner = 'create' | 'createOrReplace' | 'createIfNotExists';

export interface PartitionBy {
  readonly field: string | undefined;
  readonly type: 'DAY' | 'HOUR' | 'MONTH' | 'YEAR';
}

/** One action of ALTER TABLE. */
export type AlterAction =
  | { readonly kind: 'addColumn'; readonly field: Field; readonly ifNotExists: boolean }
  | {
      readonly kind: 'setDataType';
      readonly column: string;
      readonly ifExists: boolean;
      readonly field: Field;
    }
  | { readonly kind: 'dropNotNull'; readonly column: string; readonly ifExists: boolean }
  | {
      readonly kind: 'setColumnOptions';
      readonly column: string;
      readonly ifExists: boolean;
      readonly options: Options;
    }
  | { readonly kind: 'setOptions'; readonly options: Options }
  | { readonly kind: 'dropColumn'; readonly column: string; readonly ifExists: boolean }
  | {
      readonly kind: 'renameColumn';
      readonly column: string;
      readonly ifExists: boolean;
      readonly to: string;
    }
  | { readonly kind: 'renameTo'; readonly name: string };
