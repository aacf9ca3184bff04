import type { Scope } from './scope.js';

/** A function call: its arguments as parsed, and as DuckDB SQL on demand. */
export interface Call {
  readonly name: string;
  readonly nodes: readonly unknown[];
  readonly scope: Scope;
  /** DuckDB SQL of the argument at that place; refuses the call where there is none. */
  arg(index: number): string;
  args(): string[];
}

export type Translation = (call: Call) => string;
