import { invalidQuery } from '../../rules/api-error.js';
import type { Call, Expression } from '../syntax/tree.js';
import { coerce } from './coerce.js';
import { compile, type Scope } from './scope.js';
import { scalar, STRING, type Type, typeText } from './types.js';
import { js, type Value } from './value.js';

export const TIME = scalar('TIME');
const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/** A date part as written: `WEEK(MONDAY)` is WEEK that begins on day 1. */
export interface Part {
  readonly name: string;
  readonly weekday: number;
}

/** Reads a date part. */
export function partOf(node: Expression | undefined, what: string): Part {
  if (node?.kind === 'name') return { name: node.name.toUpperCase(), weekday: 0 };
  if (node?.kind === 'call' && node.name === 'WEEK') {
    const [day] = node.args;
    const weekday = day?.kind === 'name' ? WEEKDAYS.indexOf(day.name.toUpperCase()) : -1;
    if (weekday >= 0) return { name: 'WEEK', weekday };
  }
  throw invalidQuery(`A valid date part name is required for ${what}`);
}

export function unsupported(what: string, part: Part): Error {
  return invalidQuery(`${what} does not support the ${part.name} date part`);
}

/** Compiles an argument as one of the types, the first that fits. */
export function argument(
  node: Expression | undefined,
  types: readonly Type[],
  call: Call,
  scope: Scope,
): Value {
  if (node === undefined)
    throw invalidQuery(`No matching signature for function ${call.name}: an argument is missing`);
  const given = compile(node, scope);
  const exact = types.find((type) => type.kind === given.type.kind);
  const type = exact ?? types.find((candidate) => coerce(given, candidate) !== undefined);
  const converted = type === undefined ? undefined : coerce(given, type);
  if (converted === undefined)
    throw invalidQuery(
      `No matching signature for function ${call.name} for argument types: ${typeText(given.type)}`,
    );
  return converted;
}

/** DuckDB SQL of a time zone argument; UTC where there is none. */
export function zone(node: Expression | undefined, scope: Scope): string {
  if (node === undefined) return "'UTC'";
  return coerce(compile(node, scope), STRING)?.sql ?? "'UTC'";
}

function isUtc(sql: string): boolean {
  return sql === "'UTC'";
}

/** The date and time that clocks in a zone show. */
export function local(timestamp: string, zoneSql: string): string {
  return isUtc(zoneSql) ? `CAST(${timestamp} AS TIMESTAMP)` : js('local_time', timestamp, zoneSql);
}

/** The TIMESTAMP at which clocks in a zone show a date and time. */
export function instant(datetime: string, zoneSql: string): string {
  return isUtc(zoneSql) ? `CAST(${datetime} AS TIMESTAMPTZ)` : js('instant', datetime, zoneSql);
}

/** Translates a call whose arguments are no plain values. */
export type Special = (call: Call, scope: Scope) => Value;
