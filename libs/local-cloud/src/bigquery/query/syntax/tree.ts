/** The parsed form of GoogleSQL. `at` is an offset into the text, for messages. */
export type Expression =
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string; readonly at: number }
  | { readonly kind: 'name'; readonly name: string; readonly at: number }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string; readonly at: number }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression; readonly by: IndexKind }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~' | 'NOT'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'is'; readonly of: Expression; readonly what: IsKind; readonly not: boolean }
  | {
      readonly kind: 'between';
      readonly of: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly not: boolean;
    }
  | { readonly kind: 'in'; readonly of: Expression; readonly set: InSet; readonly not: boolean }
  | {
      readonly kind: 'like';
      readonly of: Expression;
      readonly patterns: readonly Expression[] | Expression;
      readonly quantifier: 'ANY' | 'ALL' | undefined;
      readonly not: boolean;
    }
  | {
      readonly kind: 'case';
      readonly of: Expression | undefined;
      readonly whens: readonly (readonly [when: Expression, then: Expression])[];
      readonly otherwise: Expression | undefined;
    }
  | {
      readonly kind: 'cast';
      readonly of: Expression;
      readonly type: TypeName;
      readonly safe: boolean;
      readonly format: Expression | undefined;
      readonly zone: Expression | undefined;
    }
  | Call
  | {
      readonly kind: 'extract';
      readonly part: Expression;
      readonly of: Expression;
      readonly zone: Expression | undefined;
    }
  | { readonly kind: 'array'; readonly type: TypeName | undefined; readonly items: readonly Expression[] }
  | {
      readonly kind: 'struct';
      readonly type: TypeName | undefined;
      /** Written `(a, b)`: its fields have no names. */
      readonly isTuple: boolean;
      readonly items: readonly { readonly name: string | undefined; readonly value: Expression }[];
    }
  | { readonly kind: 'subquery'; readonly query: Query; readonly as: 'scalar' | 'array' | 'exists' }
  | { readonly kind: 'parameter'; readonly name: string | undefined }
  | { readonly kind: 'system'; readonly name: string }
  | {
      readonly kind: 'interval';
      readonly value: Expression;
      readonly from: string;
      readonly to: string | undefined;
    }
  | { readonly kind: 'lambda'; readonly names: readonly string[]; readonly body: Expression }
  | { readonly kind: 'default' }
  /** `WITH(name AS value, …, body)`. */
  | {
      readonly kind: 'with';
      readonly values: readonly { readonly name: string; readonly value: Expression }[];
      readonly body: Expression;
    };

export type LiteralType =
  | 'INT64'
  | 'FLOAT64'
  | 'STRING'
  | 'BYTES'
  | 'BOOL'
  | 'NULL'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'TIMESTAMP'
  | 'JSON';
export type IndexKind = 'plain' | 'OFFSET' | 'ORDINAL' | 'SAFE_OFFSET' | 'SAFE_ORDINAL';
export type IsKind = 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN' | Expression;
export type InSet =
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'query'; readonly query: Query }
  | { readonly kind: 'unnest'; readonly array: Expression };

/** A function call: scalar, aggregate (DISTINCT, ORDER BY …) or analytic (OVER). */
export interface Call {
  readonly kind: 'call';
  /** Upper case; dotted names such as `NET.HOST` and names of routines keep their parts. */
  readonly name: string;
  readonly path: readonly string[];
  readonly args: readonly Expression[];
  readonly named: Readonly<Record<string, Expression>>;
  readonly star: boolean;
  readonly distinct: boolean;
  readonly nulls: 'IGNORE' | 'RESPECT' | undefined;
  readonly having: { readonly kind: 'MAX' | 'MIN'; readonly value: Expression } | undefined;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | undefined;
  readonly over: WindowSpec | undefined;
  readonly at: number;
}

export interface OrderItem {
  readonly value: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean | undefined;
}

export interface WindowSpec {
  readonly base: string | undefined;
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly frame: WindowFrame | undefined;
}

export interface WindowFrame {
  readonly unit: 'ROWS' | 'RANGE';
  readonly start: FrameBound;
  readonly end: FrameBound | undefined;
}

export interface FrameBound {
  readonly side: 'PRECEDING' | 'FOLLOWING' | 'CURRENT ROW';
  /** `undefined` is UNBOUNDED, or nothing with CURRENT ROW. */
  readonly amount: Expression | undefined;
}

/** A type as written. */
export interface TypeName {
  readonly name: string;
  readonly parameters: readonly string[];
  readonly element?: TypeName;
  readonly fields?: readonly { readonly name: string | undefined; readonly type: TypeName }[];
}

export interface Query {
  readonly recursive: boolean;
  readonly with: readonly { readonly name: string; readonly query: Query }[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly limit: Expression | undefined;
  readonly offset: Expression | undefined;
}

export type QueryBody =
  | Select
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'set';
      readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
      readonly all: boolean;
      /** Columns are matched by name; by position without it. */
      readonly byName: ByName | undefined;
      readonly left: QueryBody;
      readonly right: QueryBody;
    };

/** `STRICT`: both sides have the same columns; `INNER`: those of both; `LEFT`: those of the left; `FULL`: those of either. */
export interface ByName {
  readonly mode: 'STRICT' | 'INNER' | 'LEFT' | 'FULL';
  readonly columns: readonly string[] | undefined;
}

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly as: 'STRUCT' | 'VALUE' | undefined;
  readonly items: readonly SelectItem[];
  readonly from: FromItem | undefined;
  readonly where: Expression | undefined;
  readonly groupBy: GroupBy | undefined;
  readonly having: Expression | undefined;
  readonly qualify: Expression | undefined;
  readonly windows: readonly { readonly name: string; readonly spec: WindowSpec }[];
}

export type SelectItem =
  | { readonly kind: 'value'; readonly value: Expression; readonly alias: string | undefined }
  | {
      readonly kind: 'star';
      readonly of: Expression | undefined;
      readonly except: readonly string[];
      readonly replace: readonly { readonly value: Expression; readonly alias: string }[];
      /** Other names for columns, of the pipe operator RENAME. */
      readonly rename?: readonly { readonly from: string; readonly to: string }[];
    };

export type GroupBy =
  { readonly kind: 'all' } | { readonly kind: 'items'; readonly items: readonly GroupItem[] };

export type GroupItem =
  | { readonly kind: 'value'; readonly value: Expression }
  | {
      readonly kind: 'ROLLUP' | 'CUBE' | 'GROUPING SETS';
      readonly sets: readonly (readonly GroupItem[])[];
    };

export type FromItem =
  | {
      readonly kind: 'table';
      readonly path: readonly string[];
      readonly alias: string | undefined;
      readonly offset: string | undefined;
      readonly asOf: Expression | undefined;
      readonly at: number;
    }
  | { readonly kind: 'query'; readonly query: Query; readonly alias: string | undefined }
  | {
      readonly kind: 'unnest';
      readonly array: Expression;
      readonly alias: string | undefined;
      readonly offset: string | undefined;
    }
  | {
      readonly kind: 'function';
      readonly path: readonly string[];
      readonly args: readonly Expression[];
      readonly alias: string | undefined;
      readonly at: number;
    }
  | {
      readonly kind: 'join';
      readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on: Expression | undefined;
      readonly using: readonly string[];
    }
  | {
      readonly kind: 'pivot';
      readonly of: FromItem;
      readonly aggregates: readonly { readonly value: Expression; readonly alias: string | undefined }[];
      readonly by: Expression;
      readonly values: readonly { readonly value: Expression; readonly alias: string | undefined }[];
      readonly alias: string | undefined;
    }
  | {
      readonly kind: 'unpivot';
      readonly of: FromItem;
      readonly includeNulls: boolean;
      readonly values: readonly string[];
      readonly name: string;
      readonly columns: readonly {
        readonly names: readonly string[];
        readonly label: Expression | undefined;
      }[];
      readonly alias: string | undefined;
    };
