import { withCurrentTables } from '../warehouse/catalog.js';
import { parseDdl } from './ddl/ddl-parser.js';
import { runDdl } from './ddl/run-ddl.js';
import { runDml } from './dml/run-dml.js';
import { NO_SURROUNDINGS, type QueryEngine, resultFields, type StatementResult } from './query-engine.js';
import type { StatementContext } from './statement-resolver.js';
import { readDml } from './syntax/dml-parser.js';
import { parseQuery, readerOf } from './syntax/parse.js';

/** Runs one GoogleSQL statement of any kind; `dryRun` stops after everything was checked. */
export async function runStatement(
  engine: QueryEngine,
  sql: string,
  context: StatementContext,
  dryRun: boolean,
  around = NO_SURROUNDINGS,
): Promise<StatementResult> {
  const definition = parseDdl(sql);
  if (definition !== undefined)
    return dryRun
      ? { statementType: 'DDL', fields: [], rows: [] }
      : runDdl(engine, definition, { sql, context, around });
  const reader = readerOf(sql);
  const statement = readDml(reader);
  if (statement !== undefined) {
    reader.accept(';');
    if (reader.peek().kind !== 'end') throw reader.unexpected('end of input');
    return runDml(engine, { statement, text: sql, context, around, dryRun });
  }
  const tree = parseQuery(sql);
  if (dryRun) {
    const fields = resultFields(await engine.check(tree, sql, context, around), 'lenient');
    return { statementType: 'SELECT', fields, rows: [] };
  }
  return withCurrentTables(async () => {
    const bound = engine.bind(tree, sql, context, around);
    return { statementType: 'SELECT', ...(await engine.execute(bound)) };
  });
}
