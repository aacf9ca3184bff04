import type { StatementContext } from './statement-resolver.js';
import type { QueryEngine, StatementResult } from './query-engine.js';
import { nodeOf, notTranslated } from './translate/sql-tree.js';

const QUERY_KINDS = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'paren']);

/** Whether a tree is a query, as opposed to a statement that changes something. */
export function isQueryKind(kind: string): boolean {
  return QUERY_KINDS.has(kind);
}

/** Runs a statement that is no query. */
export function runStatement(
  _engine: QueryEngine,
  _sql: string,
  tree: unknown,
  _context: StatementContext,
  _dryRun: boolean,
): Promise<StatementResult> {
  throw notTranslated(`the statement ${nodeOf(tree).kind.replaceAll('_', ' ').toUpperCase()}`);
}
