import { expression } from './expression.js';
import type { Resolver, Scope } from './scope.js';
import { query } from './select.js';

/** The scope of a whole statement. */
export function rootScope(resolver: Resolver): Scope {
  return {
    render: { query, expression },
    resolver,
    ctes: new Map(),
    outputs: new WeakMap(),
    sources: new Map(),
  };
}

/** DuckDB SQL of a parsed query. */
export function translateQuery(tree: unknown, resolver: Resolver): string {
  return query(tree, rootScope(resolver));
}
