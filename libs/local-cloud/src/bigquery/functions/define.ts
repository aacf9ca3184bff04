import type { DuckDBValue } from '@duckdb/node-api';

/** An interval as DuckDB keeps it. */
export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/** DuckDB types of parameters and results, with what functions get and give for them. */
export interface Natives {
  VARCHAR: string;
  BIGINT: bigint;
  DOUBLE: number;
  BOOLEAN: boolean;
  /** NUMERIC as an integer scaled by 10^9. */
  DECIMAL: bigint;
  BLOB: Uint8Array;
  /** Microseconds since 1970. */
  TIMESTAMP: bigint;
  TIMESTAMPTZ: bigint;
  /** Days since 1970. */
  DATE: number;
  /** Microseconds since midnight. */
  TIME: bigint;
  INTERVAL: Interval;
  'VARCHAR[]': readonly string[];
  'BIGINT[]': readonly (bigint | null)[];
  'DOUBLE[]': readonly number[];
  'DECIMAL[]': readonly bigint[];
  ANY: DuckDBValue;
}
export type Native = keyof Natives;

/** A function that DuckDB calls: `bq_<name>`, and `bq_safe_<name>`, which gives NULL in place of an error. */
export interface ScalarFunction {
  readonly name: string;
  readonly parameters: readonly Native[];
  /** Further arguments of any type. */
  readonly rest: boolean;
  readonly returns: Native;
  /** Bytes that a call adds to its vector (up to 2,048 rows), if no argument is NULL; the size of the result if absent. */
  readonly weigh?: (...values: never[]) => number;
  readonly run: (...values: never[]) => unknown;
}

type Arguments<P extends readonly Native[]> = { [K in keyof P]: Natives[P[K]] };

/** A function that gets no NULL: one NULL argument makes the result NULL. Errors are thrown. */
export function define<const P extends readonly Native[], R extends Native>(
  name: string,
  parameters: P,
  returns: R,
  run: (...values: Arguments<P>) => Natives[R] | null,
): ScalarFunction {
  return { name, parameters, rest: false, returns, run: run };
}

/** Gives its first argument back, and counts the bytes that DuckDB is about to make of the arguments. */
export function defineLimit<const P extends readonly Native[]>(
  name: string,
  parameters: P,
  returns: P[0] & Native,
  bytes: (...values: Arguments<P>) => number,
): ScalarFunction {
  const run = (...[first]: Arguments<P>): unknown => first;
  return {
    name,
    parameters,
    rest: false,
    returns,
    weigh: bytes as unknown as NonNullable<ScalarFunction['weigh']>,
    run,
  };
}

/** A function with further arguments of any type, NULL among them, after those of `parameters`. */
export function defineVariadic<const P extends readonly Native[], R extends Native>(
  name: string,
  parameters: P,
  returns: R,
  run: (fixed: Arguments<P>, rest: readonly DuckDBValue[]) => Natives[R] | null,
): ScalarFunction {
  const split = (...values: DuckDBValue[]): Natives[R] | null =>
    run(values.slice(0, parameters.length) as unknown as Arguments<P>, values.slice(parameters.length));
  return { name, parameters, rest: true, returns, run: split };
}
