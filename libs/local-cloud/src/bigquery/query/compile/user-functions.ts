import { invalidQuery } from '../../rules/api-error.js';
import type { RoutineEntry } from '../../warehouse/catalog.js';
import { readExpression } from '../syntax/grammar.js';
import { parseQuery, readerOf } from '../syntax/parse.js';
import type { Call, FromItem } from '../syntax/tree.js';
import { readTypeName } from '../syntax/type-parser.js';
import { castSql } from './casts.js';
import { coerce, mustCoerce } from './coerce.js';
import type { Routine } from './resolver.js';
import {
  compile,
  compileQuery,
  type Environment,
  type Relation,
  rootScope,
  type Scope,
  type SqlFunction,
} from './scope.js';
import { type Type, typeOfName, typeText } from './types.js';
import { type Value, value } from './value.js';

type FunctionItem = Extract<FromItem, { kind: 'function' }>;

/**
 * A call of a SQL function that the statement, its script or a dataset has: its body with the arguments in place;
 * `undefined` if there is none of that name.
 */
export function userFunction(call: Call, scope: Scope): Value | undefined {
  const own = scope.environment.functions.get(call.path.join('.').toLowerCase());
  if (own !== undefined) return bodyValue(call, own, scope, scope.environment);
  // A name without a dataset is a function of BigQuery's own.
  const kept = call.path.length === 1 ? undefined : scope.environment.resolver.routine(call.path);
  if (kept?.entry.kind !== 'SCALAR_FUNCTION') return undefined;
  const environment = { ...scope.environment, ...environmentOf(kept) };
  return bodyValue(call, readFunction(kept.entry), scope, environment);
}

/** A table function's rows: its query with the arguments in place. */
export function tableFunction(item: FunctionItem, scope: Scope): Relation | undefined {
  const kept = scope.environment.resolver.routine(item.path);
  if (kept?.entry.kind !== 'TABLE_VALUED_FUNCTION') return undefined;
  const names = argumentsOf(item, parametersOf(kept.entry), scope);
  const environment = { ...scope.environment, ...environmentOf(kept) };
  return compileQuery(parseQuery(kept.entry.body), rootScope(environment, names));
}

function environmentOf({ entry, resolver }: Routine): Pick<Environment, 'resolver' | 'sql' | 'functions'> {
  return { resolver, sql: entry.body, functions: new Map() };
}

function parametersOf({ parameters }: RoutineEntry): SqlFunction['parameters'] {
  return parameters.map(({ name, type }) => ({
    name,
    type: type === undefined ? undefined : typeNamed(type),
  }));
}

/** A function that a dataset keeps, as it is called. */
export function readFunction(entry: RoutineEntry): SqlFunction {
  const { body, returns } = entry;
  return {
    parameters: parametersOf(entry),
    body: readExpression(readerOf(body)),
    returns: returns === undefined ? undefined : typeNamed(returns),
  };
}

function typeNamed(text: string): Type {
  return typeOfName(readTypeName(readerOf(text)));
}

function argumentsOf(
  call: Pick<Call, 'path' | 'args'>,
  parameters: SqlFunction['parameters'],
  scope: Scope,
): Map<string, Value> {
  const name = call.path.join('.');
  if (call.args.length !== parameters.length)
    throw invalidQuery(
      `Number of arguments does not match for function ${name}. Supported signature has ${parameters.length} arguments`,
    );
  const names = new Map<string, Value>();
  parameters.forEach((parameter, index) => {
    const node = call.args[index];
    if (node === undefined) return;
    const given = compile(node, scope);
    const { type } = parameter;
    const converted =
      type === undefined
        ? given
        : mustCoerce(
            given,
            type,
            () => `No matching signature for function ${name} for argument types: ${typeText(given.type)}`,
          );
    names.set(
      parameter.name.toLowerCase(),
      type === undefined ? converted : value(converted.sql, converted.type),
    );
  });
  return names;
}

function bodyValue(call: Call, of: SqlFunction, scope: Scope, environment: Environment): Value {
  const { parameters, body, returns } = of;
  const name = call.path.join('.');
  const names = argumentsOf(call, parameters, scope);
  const inner: Scope = {
    ...scope,
    environment,
    outer: undefined,
    sources: [],
    names,
    windows: new Map(),
    ctes: environment === scope.environment ? scope.ctes : new Map(),
  };
  const result = compile(body, inner);
  if (returns === undefined) return value(result.sql, result.type);
  const converted = coerce(result, returns);
  if (converted === undefined)
    throw invalidQuery(
      `Function ${name} returns ${typeText(returns)} but its body has type ${typeText(result.type)}`,
    );
  return value(
    converted.sql === result.sql ? castSql(result.sql, result.type, returns, false) : converted.sql,
    returns,
  );
}
