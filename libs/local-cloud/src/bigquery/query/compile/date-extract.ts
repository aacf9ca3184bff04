import { invalidQuery } from '../../rules/api-error.js';
import type { Expression } from '../syntax/tree.js';
import { local, partOf, TIME, zone } from './date-arguments.js';
import { compile, type Scope } from './scope.js';
import { DATE, DATETIME, INT64, typeText } from './types.js';
import { js, type Value, value } from './value.js';

const EXTRACTS: Readonly<Record<string, (sql: string, weekday: number) => string>> = {
  MICROSECOND: (sql) => `bq_floor_mod(epoch_us(${sql}), 1000000)`,
  MILLISECOND: (sql) => `(bq_floor_mod(epoch_us(${sql}), 1000000) // 1000)`,
  SECOND: (sql) => `second(${sql})`,
  MINUTE: (sql) => `minute(${sql})`,
  HOUR: (sql) => `hour(${sql})`,
  DAYOFWEEK: (sql) => `(dayofweek(${sql}) + 1)`,
  DAY: (sql) => `day(${sql})`,
  DAYOFYEAR: (sql) => `dayofyear(${sql})`,
  WEEK: (sql, weekday) => `((dayofyear(${sql}) + 6 - ((dayofweek(${sql}) - ${weekday} + 7) % 7)) // 7)`,
  ISOWEEK: (sql) => `weekofyear(${sql})`,
  MONTH: (sql) => `month(${sql})`,
  QUARTER: (sql) => `quarter(${sql})`,
  YEAR: (sql) => `year(${sql})`,
  ISOYEAR: (sql) => `isoyear(${sql})`,
};
const OF_TIME = ['MICROSECOND', 'MILLISECOND', 'SECOND', 'MINUTE', 'HOUR'];

/** `EXTRACT(part FROM value [AT TIME ZONE zone])`. */
export function extractValue(node: Extract<Expression, { kind: 'extract' }>, scope: Scope): Value {
  const of = compile(node.of, scope);
  const part = partOf(node.part, 'EXTRACT');
  const { kind } = of.type;
  const zoneSql = zone(node.zone, scope);
  if (kind === 'INTERVAL') return value(js('interval_part', of.sql, `'${part.name}'`), INT64);
  if (!['DATE', 'DATETIME', 'TIMESTAMP', 'TIME'].includes(kind))
    throw invalidQuery(`EXTRACT from a value of type ${typeText(of.type)} is not supported`);
  const sql =
    kind === 'TIMESTAMP'
      ? local(of.sql, zoneSql)
      : kind === 'TIME'
        ? `(DATE '1970-01-01' + ${of.sql})`
        : of.sql;
  if (kind !== 'TIME' && part.name === 'DATE' && kind !== 'DATE') return value(`CAST(${sql} AS DATE)`, DATE);
  if (part.name === 'TIME' && (kind === 'DATETIME' || kind === 'TIMESTAMP'))
    return value(`CAST(${sql} AS TIME)`, TIME);
  if (part.name === 'DATETIME' && kind === 'TIMESTAMP') return value(sql, DATETIME);
  const write = EXTRACTS[part.name];
  const isTime = OF_TIME.includes(part.name);
  if (write === undefined || (kind === 'DATE' && isTime) || (kind === 'TIME' && !isTime))
    throw invalidQuery(`EXTRACT from ${kind} does not support the ${part.name} date part`);
  return value(`CAST(${write(sql, part.weekday)} AS BIGINT)`, INT64);
}
