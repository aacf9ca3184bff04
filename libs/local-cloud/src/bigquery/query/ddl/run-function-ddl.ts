import { createRoutine, deleteRoutine } from '../../operations/routine-operations.js';
import { invalidQuery } from '../../rules/api-error.js';
import { type RoutineEntry, routineKey, type RoutineName } from '../../warehouse/catalog.js';
import { readFunction } from '../compile/user-functions.js';
import { compile, compileQuery, rootScope } from '../compile/scope.js';
import { coerce } from '../compile/coerce.js';
import { typeText } from '../compile/types.js';
import { type Value, value } from '../compile/value.js';
import type { QueryEngine, StatementResult } from '../query-engine.js';
import type { StatementContext } from '../statement-resolver.js';
import { parseQuery } from '../syntax/parse.js';
import type { CreateFunction, DdlStatement } from './ddl-statement.js';

/** CREATE FUNCTION and CREATE TABLE FUNCTION: the body must compile. */
export async function createFunction(
  engine: QueryEngine,
  statement: CreateFunction,
  context: StatementContext,
): Promise<StatementResult> {
  const { manner, isTable, parameters, returns, body, options } = statement;
  const name = routineName(engine, statement.path, context);
  const statementType = isTable ? 'CREATE_TABLE_FUNCTION' : 'CREATE_FUNCTION';
  const present = engine.warehouse.catalog.routine(name);
  if (present !== undefined && manner === 'createIfNotExists') return done(statementType, 'SKIP', name);
  const { description, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw invalidQuery(`Not supported by this server: the function option ${unknown}`);
  const draft = {
    name,
    kind: isTable ? 'TABLE_VALUED_FUNCTION' : 'SCALAR_FUNCTION',
    parameters,
    body,
    ...(returns === undefined ? {} : { returns }),
    ...(typeof description === 'string' ? { description } : {}),
  } as const;
  check(engine, { ...draft, createdMs: 0, modifiedMs: 0, etag: '' });
  await createRoutine(engine.warehouse, draft, manner === 'createOrReplace');
  return done(statementType, present === undefined ? 'CREATE' : 'REPLACE', name);
}

export async function dropFunction(
  engine: QueryEngine,
  statement: Extract<DdlStatement, { kind: 'dropFunction' }>,
  context: StatementContext,
): Promise<StatementResult> {
  const name = routineName(engine, statement.path, context);
  const statementType = statement.isTable ? 'DROP_TABLE_FUNCTION' : 'DROP_FUNCTION';
  const entry = engine.warehouse.catalog.routine(name);
  if (entry === undefined && statement.ifExists) return done(statementType, 'SKIP', name);
  if (entry !== undefined && (entry.kind === 'TABLE_VALUED_FUNCTION') !== statement.isTable)
    throw invalidQuery(`${routineKey(name)} is a ${entry.kind}: use the other DROP statement`);
  await deleteRoutine(engine.warehouse, name);
  return done(statementType, 'DROP', name);
}

// A body with parameters of ANY TYPE is only parsed: its types are those of a call.
function check(engine: QueryEngine, entry: RoutineEntry): void {
  const context = { projectId: entry.name.projectId, defaultDataset: undefined, parameters: [] };
  const isTable = entry.kind === 'TABLE_VALUED_FUNCTION';
  const signature = readFunction(isTable ? { ...entry, body: 'NULL' } : entry);
  const tree = isTable ? parseQuery(entry.body) : undefined;
  if (signature.parameters.some(({ type }) => type === undefined)) return;
  const names = new Map<string, Value>();
  for (const { name, type } of signature.parameters)
    if (type !== undefined) names.set(name.toLowerCase(), value('NULL', type));
  const { scope } = engine.scope(entry.body, context, undefined, tree);
  const inner = rootScope(scope.environment, names);
  if (tree !== undefined) {
    compileQuery(tree, inner);
    return;
  }
  const result = compile(signature.body, inner);
  const { returns } = signature;
  if (returns !== undefined && coerce(result, returns) === undefined)
    throw invalidQuery(
      `Function ${entry.name.routineId} returns ${typeText(returns)} but its body has type ${typeText(result.type)}`,
    );
}

function routineName(engine: QueryEngine, path: readonly string[], context: StatementContext): RoutineName {
  const { projectId, datasetId, tableId } = engine.resolver(context).tableName(path);
  return { projectId, datasetId, routineId: tableId };
}

function done(statementType: string, ddlOperation: string, routine: RoutineName): StatementResult {
  return { statementType, ddlOperation, fields: [], rows: [], routine };
}
