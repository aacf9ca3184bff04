import type { StatementContext } from './statement-resolver.js';
import { runDdl } from './ddl/run-ddl.js';
import { parseDdl } from './ddl/ddl-parser.js';
import { TokenReader } from './ddl/token-reader.js';
import { DML_KINDS, runDml } from './dml/run-dml.js';
import type { QueryEngine, StatementResult } from './query-engine.js';
import { parseStatements } from './sql-parser.js';
import { withCurrentTables } from '../warehouse/catalog.js';
import { nodeOf, notTranslated } from './translate/sql-tree.js';
import { invalidQuery } from '../rules/api-error.js';

/** Runs one GoogleSQL statement of any kind; `dryRun` stops after everything was checked. */
export async function runStatement(
  engine: QueryEngine,
  sql: string,
  context: StatementContext,
  dryRun: boolean,
): Promise<StatementResult> {
  const definition = parseDdl(sql);
  if (definition !== undefined) {
    await engine.prepareViews();
    return dryRun ? { statementType: 'DDL', fields: [], rows: [] } : runDdl(engine, definition, context);
  }
  const tree = await parseOne(sql);
  await engine.prepareViews();
  const { kind } = nodeOf(tree);
  if (DML_KINDS.has(kind)) return runDml(engine, tree, context, dryRun);
  if (!QUERY_KINDS.has(kind)) throw notTranslated(`the statement ${kind.replaceAll('_', ' ').toUpperCase()}`);
  return withCurrentTables(async () => {
    const bound = engine.bind(tree, context);
    if (dryRun) return { statementType: 'SELECT', fields: await engine.describe(bound), rows: [] };
    return { statementType: 'SELECT', ...(await engine.execute(bound)) };
  });
}

const QUERY_KINDS = new Set(['select', 'union', 'intersect', 'except', 'subquery', 'paren']);

async function parseOne(sql: string): Promise<unknown> {
  const trees = await parseStatements(withInto(sql));
  if (trees.length === 1) return trees[0];
  if (trees.length === 0) throw invalidQuery('Syntax error: Unexpected end of statement at [1:1]');
  throw notTranslated('scripts of several statements');
}

// GoogleSQL's INTO is optional, the parser's is not: it goes in after the token INSERT.
function withInto(sql: string): string {
  const reader = new TokenReader(sql);
  const first = reader.peek();
  if (!reader.accept('INSERT') || reader.is('INTO')) return sql;
  return `${sql.slice(0, first.end)} INTO${sql.slice(first.end)}`;
}
