import { invalidQuery } from '../../rules/api-error.js';
import type { Expression } from '../syntax/tree.js';
import { coerce } from './coerce.js';
import { compile, type Scope } from './scope.js';
import { DATE, DATETIME, scalar, STRING, TIMESTAMP, typeText } from './types.js';
import { js, type Value, value } from './value.js';

const INTERVAL = scalar('INTERVAL');

/** Microseconds of the parts that are always the same length. */
export const PART_MICROS: Readonly<Record<string, bigint>> = {
  MICROSECOND: 1n,
  MILLISECOND: 1_000n,
  SECOND: 1_000_000n,
  MINUTE: 60_000_000n,
  HOUR: 3_600_000_000n,
};
const LONG_PARTS: Readonly<Record<string, readonly [unit: string, count: number]>> = {
  DAY: ['days', 1],
  WEEK: ['days', 7],
  MONTH: ['months', 1],
  QUARTER: ['months', 3],
  YEAR: ['months', 12],
};

/** DuckDB SQL of `amount` parts as an interval. */
export function intervalOf(amount: string, part: string): string {
  const micros = PART_MICROS[part];
  if (micros !== undefined) return `to_microseconds(${amount} * ${micros})`;
  const long = LONG_PARTS[part];
  if (long === undefined) throw invalidQuery(`A valid date part name is required but found ${part}`);
  return `to_${long[0]}(CAST(${amount} * ${long[1]} AS INTEGER))`;
}

export function intervalValue(node: Extract<Expression, { kind: 'interval' }>, scope: Scope): Value {
  const amount = compile(node.value, scope);
  if (node.to === undefined && amount.type.kind === 'INT64')
    return value(intervalOf(amount.sql, node.from), INTERVAL);
  const text = coerce(amount, STRING);
  if (text === undefined) throw invalidQuery(`INTERVAL of a value of type ${typeText(amount.type)}`);
  return value(js('interval_parts', text.sql, `'${node.from}'`, `'${node.to ?? ''}'`), INTERVAL);
}

/** `+` and `-` with dates, times and intervals; `undefined` if neither side is one. */
export function intervalArithmetic(operator: string, left: Value, right: Value): Value | undefined {
  const [a, b] = [left.type.kind, right.type.kind];
  if (operator === '*' && a === 'INTERVAL' && b === 'INT64')
    return value(`(${left.sql} * ${right.sql})`, INTERVAL);
  if (operator === '*' && b === 'INTERVAL' && a === 'INT64')
    return value(`(${right.sql} * ${left.sql})`, INTERVAL);
  if (operator === '/' && a === 'INTERVAL' && b === 'INT64')
    return value(js('interval_divide', left.sql, right.sql), INTERVAL);
  if (operator !== '+' && operator !== '-') return undefined;
  if (a === 'DATE' && b === 'INT64')
    return value(`bq_date(${left.sql} ${operator} to_days(CAST(${right.sql} AS INTEGER)))`, DATE);
  if (a === 'INT64' && b === 'DATE' && operator === '+')
    return value(`bq_date(${right.sql} + to_days(CAST(${left.sql} AS INTEGER)))`, DATE);
  if (b === 'INTERVAL') return shifted(operator, left, right);
  if (a === 'INTERVAL' && operator === '+') return shifted('+', right, left);
  if (operator === '-') return difference(left, right);
  return undefined;
}

function shifted(operator: string, from: Value, interval: Value): Value | undefined {
  const sum = `(${from.sql} ${operator} ${interval.sql})`;
  switch (from.type.kind as string) {
    case 'INTERVAL':
      return value(sum, INTERVAL);
    case 'TIMESTAMP':
      return value(`bq_timestamp(${sum})`, TIMESTAMP);
    case 'DATE':
    case 'DATETIME':
      return value(`bq_datetime(CAST(${sum} AS TIMESTAMP))`, DATETIME);
    default:
      return undefined;
  }
}

function difference(left: Value, right: Value): Value | undefined {
  const [a, b] = [left.type.kind, right.type.kind];
  const later = a === 'DATE' ? coerce(left, right.type) : left;
  const earlier = b === 'DATE' ? coerce(right, left.type) : right;
  if (later === undefined || earlier === undefined || later.type.kind !== earlier.type.kind) return undefined;
  if (later.type.kind === 'DATE')
    return value(`to_days(CAST(${later.sql} - ${earlier.sql} AS INTEGER))`, INTERVAL);
  if (later.type.kind === 'TIMESTAMP')
    return value(`to_microseconds(epoch_us(${later.sql}) - epoch_us(${earlier.sql}))`, INTERVAL);
  if (later.type.kind === 'DATETIME') return value(js('datetime_interval', later.sql, earlier.sql), INTERVAL);
  return undefined;
}
