import { setFlagsFromString } from 'node:v8';
import type * as Sdk from '@polyglot-sql/sdk';
import { invalidQuery } from '../rules/api-error.js';

let loading: Promise<typeof Sdk> | undefined;

/**
 * Loads the parser, a WebAssembly module of 23 MB, on first use (about 0.2 s).
 *
 * V8's optimising compiler would take some 200 MB more for it; the baseline code is fast enough for SQL texts.
 */
async function load(): Promise<typeof Sdk> {
  if (loading === undefined) {
    setFlagsFromString('--no-wasm-tier-up');
    setFlagsFromString('--no-wasm-dynamic-tiering');
    loading = import('@polyglot-sql/sdk');
  }
  return loading;
}

/**
 * Parses GoogleSQL into statement trees.
 *
 * Errors: 400 `invalidQuery` with place and cause in BigQuery's manner: `Syntax error: … at [1:8]`.
 */
export async function parseStatements(sql: string): Promise<readonly unknown[]> {
  const sdk = await load();
  const result = sdk.parse(sql, sdk.Dialect.BigQuery) as {
    readonly success: boolean;
    readonly ast?: unknown;
    readonly error?: string;
    readonly errorLine?: number;
    readonly errorColumn?: number;
  };
  if (!result.success || !Array.isArray(result.ast)) throw syntaxError(result);
  return result.ast as unknown[];
}

function syntaxError(result: {
  readonly error?: string;
  readonly errorLine?: number;
  readonly errorColumn?: number;
}): Error {
  const what = (result.error ?? 'the statement could not be read').replace(
    /^Parse error at line \d+, column \d+: /,
    '',
  );
  return invalidQuery(`Syntax error: ${what} at [${result.errorLine ?? 1}:${result.errorColumn ?? 1}]`);
}
