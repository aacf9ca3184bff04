import type { QueryEngine, StatementResult } from './query-engine.js';
import { runScript } from './script/run-script.js';
import type { StatementContext } from './statement-resolver.js';
import { runStatement } from './statements.js';
import { parseScript } from './syntax/script-parser.js';

/** Runs a text of one statement or a script; `dryRun` stops after everything was checked. */
export function runSql(
  engine: QueryEngine,
  sql: string,
  context: StatementContext,
  dryRun: boolean,
): Promise<StatementResult> {
  const script = parseScript(sql);
  const [first] = script;
  if (script.length === 0 || (script.length === 1 && first?.kind === 'sql'))
    return runStatement(engine, sql, context, dryRun);
  if (dryRun) return Promise.resolve({ statementType: 'SCRIPT', fields: [], rows: [] });
  return runScript(engine, script, sql, context);
}
