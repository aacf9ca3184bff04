import { invalidQuery } from '../../rules/api-error.js';
import type { Call } from '../syntax/tree.js';
import { castSql } from './casts.js';
import { coerce, mustCoerce } from './coerce.js';
import { compile, type Scope } from './scope.js';
import { typeText } from './types.js';
import { type Value, value } from './value.js';

/** A call of a SQL function that the statement or its script created: its body with the arguments in place. */
export function userFunction(call: Call, scope: Scope): Value | undefined {
  const found = scope.environment.functions.get(call.path.join('.').toLowerCase());
  if (found === undefined) return undefined;
  const { parameters, body, returns } = found;
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
  const inner: Scope = { ...scope, outer: undefined, sources: [], names, windows: new Map() };
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
