import type { Expression, FromItem, Query } from './tree.js';

/** Statements that change rows, as parsed. */
export type DmlStatement =
  | {
      readonly kind: 'INSERT';
      readonly path: readonly string[];
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Expression[])[] | undefined;
      readonly query: Query | undefined;
    }
  | {
      readonly kind: 'UPDATE';
      readonly path: readonly string[];
      readonly alias: string | undefined;
      readonly set: readonly Assignment[];
      readonly from: FromItem | undefined;
      readonly where: Expression | undefined;
    }
  | {
      readonly kind: 'DELETE';
      readonly path: readonly string[];
      readonly alias: string | undefined;
      readonly where: Expression | undefined;
    }
  | {
      readonly kind: 'MERGE';
      readonly path: readonly string[];
      readonly alias: string | undefined;
      readonly using: FromItem;
      readonly on: Expression;
      readonly whens: readonly MergeWhen[];
    };

/** `a.b = value` of UPDATE SET. */
export interface Assignment {
  readonly path: readonly string[];
  readonly value: Expression;
}

export interface MergeWhen {
  readonly matched: 'MATCHED' | 'NOT MATCHED BY TARGET' | 'NOT MATCHED BY SOURCE';
  readonly condition: Expression | undefined;
  readonly action:
    | { readonly kind: 'DELETE' }
    | { readonly kind: 'UPDATE'; readonly set: readonly Assignment[] }
    | {
        readonly kind: 'INSERT';
        readonly columns: readonly string[];
        /** `undefined` is INSERT ROW. */
        readonly values: readonly Expression[] | undefined;
      };
}
