import { withCurrentTables } from '../warehouse/catalog.js';
import { parseDdl } from './ddl/ddl-parser.js';
import { runDdl } from './ddl/run-ddl.js';
import { checkBytesBilled } from './bytes-processed.js';
import { runDml } from './dml/run-dml.js';
import {
  type BoundQuery,
  NO_SURROUNDINGS,
  type QueryEngine,
  resultFields,
  type StatementResult,
  type Surroundings,
} from './query-engine.js';
import type { StatementContext } from './statement-resolver.js';
import { EarlierColumns } from './table-time.js';
import { readDml } from './syntax/dml-parser.js';
import { parseQuery, readerOf } from './syntax/parse.js';

/** Runs one GoogleSQL statement of any kind; `dryRun` stops after everything was checked. */
export function runStatement(
  engine: QueryEngine,
  sql: string,
  context: StatementContext,
  dryRun: boolean,
  around = NO_SURROUNDINGS,
): Promise<StatementResult> {
  return engine.warehouse.statements.run(() => runOnce(engine, sql, context, dryRun, around));
}

async function runOnce(
  engine: QueryEngine,
  sql: string,
  context: StatementContext,
  dryRun: boolean,
  around: Surroundings,
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
  const bytes = (): Promise<Bytes> =>
    withCurrentTables(() => engine.bytes(engine.bind(tree, sql, context, around)));
  if (dryRun) {
    const fields = resultFields(await engine.check(tree, sql, context, around), 'lenient');
    return { statementType: 'SELECT', fields, rows: [], ...(await bytes()) };
  }
  const isLimited = context.maximumBytesBilled !== undefined;
  const billed: Bytes = isLimited ? await bytes() : {};
  if (isLimited) checkBytesBilled(billed.bytesBilled ?? 0, context.maximumBytesBilled);
  const result = await select(engine, (columnsAsOf) =>
    engine.bind(tree, sql, { ...context, columnsAsOf }, around),
  );
  return { ...result, ...billed };
}

type Bytes = Pick<StatementResult, 'bytesProcessed' | 'bytesBilled'>;

/** Runs a query; binds it again when a table turns out to have had fewer columns at the time that it is read as of. */
async function select(
  engine: QueryEngine,
  bind: (columnsAsOf: ReadonlyMap<string, number>) => BoundQuery,
): Promise<StatementResult> {
  const columnsAsOf = new Map<string, number>();
  for (;;)
    try {
      return await withCurrentTables(async () => ({
        statementType: 'SELECT',
        ...(await engine.execute(bind(columnsAsOf))),
      }));
    } catch (error) {
      if (!(error instanceof EarlierColumns) || columnsAsOf.has(error.key)) throw error;
      columnsAsOf.set(error.key, error.columns);
    }
}
