import { invalidQuery } from '../../rules/api-error.js';
import { placeOf } from '../syntax/tokens.js';
import type { Call } from '../syntax/tree.js';
import { aggregateValue, isAggregate } from './aggregates.js';
import { analyticValue, isAnalytic } from './analytic.js';
import type { Special } from './date-arguments.js';
import { DATE_FUNCTIONS } from './date-functions.js';
import { GENERAL_FUNCTIONS } from './general-functions.js';
import { JSON_FUNCTIONS } from './json-functions.js';
import { NUMBER_SIGNATURES } from './number-signatures.js';
import { refusedFunction } from './refused-functions.js';
import { compile, type Scope } from './scope.js';
import { applySignature } from './signatures.js';
import { STRING_SIGNATURES } from './string-signatures.js';
import { userFunction } from './user-functions.js';
import { type Value, value } from './value.js';

/** A function call: scalar, aggregate, analytic, or a function of the statement's own. */
export function callValue(call: Call, scope: Scope): Value {
  const own = userFunction(call, scope);
  if (own !== undefined) return own;
  if (call.name.startsWith('SAFE.')) return safeCall(call, scope);
  if (isAnalytic(call)) return analyticValue(call, scope);
  if (isAggregate(call)) return aggregateValue(call, scope);
  if (call.over !== undefined)
    throw invalidQuery(`Function ${call.name} does not support an OVER clause ${place(call, scope)}`);
  if (call.star || call.distinct || call.orderBy.length > 0 || call.limit !== undefined)
    throw invalidQuery(
      `Non-aggregate function ${call.name} cannot have DISTINCT, ORDER BY or LIMIT ${place(call, scope)}`,
    );
  const special: Special | undefined =
    DATE_FUNCTIONS[call.name] ?? JSON_FUNCTIONS[call.name] ?? GENERAL_FUNCTIONS[call.name];
  if (special !== undefined) return special(call, scope);
  const [unknownName] = Object.keys(call.named);
  if (unknownName !== undefined)
    throw invalidQuery(`Not supported by this server: the argument ${unknownName} of ${call.name}`);
  const overloads = STRING_SIGNATURES.get(call.name) ?? NUMBER_SIGNATURES.get(call.name);
  if (overloads === undefined) throw unknown(call, scope);
  return applySignature(
    call.name,
    overloads,
    call.args.map((node) => compile(node, scope)),
  );
}

function place(call: Call, scope: Scope): string {
  return placeOf(scope.environment.sql, call.at);
}

function unknown(call: Call, scope: Scope): Error {
  const refused = refusedFunction(call.name);
  if (refused !== undefined) return invalidQuery(`Not supported by this server: ${refused}`);
  return invalidQuery(`Function not found: ${call.path.join('.')} ${place(call, scope)}`);
}

// NULL in place of an error of the function.
function safeCall(call: Call, scope: Scope): Value {
  const name = call.name.slice('SAFE.'.length);
  const { sql, type } = callValue({ ...call, name, path: call.path.slice(1) }, scope);
  // TRY takes no subqueries; functions of our own have a form that gives NULL.
  if (/\bSELECT\b/.test(sql)) return value(sql.replace(/^(\w+\()?bq_/, '$1bq_safe_'), type);
  return value(`TRY(${sql})`, type);
}
