import { formatDatetime } from '../../rules/civil-time.js';
import type { Call, Translation } from './call.js';
import { dateFormat } from './date-format.js';
import { intervalSql, UNITS } from './intervals.js';
import { nameOf, nodeOf, notTranslated } from './sql-tree.js';

/** Functions on dates and times; sessions run in UTC, the zone that BigQuery takes where none is given. */
export const DATE_FUNCTIONS: Readonly<Record<string, Translation>> = {
  CURRENT_TIMESTAMP: (c) => `TIMESTAMPTZ '${now(c)}+00'`,
  CURRENT_DATETIME: (c) => `TIMESTAMP '${now(withoutZone(c, 0))}'`,
  CURRENT_DATE: (c) => `DATE '${now(withoutZone(c, 0)).slice(0, 10)}'`,
  CURRENT_TIME: (c) => `TIME '${now(withoutZone(c, 0)).slice(11)}'`,
  TIMESTAMP_ADD: (c) => shift(c, '+', 'TIMESTAMPTZ'),
  TIMESTAMP_SUB: (c) => shift(c, '-', 'TIMESTAMPTZ'),
  DATETIME_ADD: (c) => shift(c, '+', 'TIMESTAMP'),
  DATETIME_SUB: (c) => shift(c, '-', 'TIMESTAMP'),
  DATE_ADD: (c) => shift(c, '+', 'DATE'),
  DATE_SUB: (c) => shift(c, '-', 'DATE'),
  TIME_ADD: (c) => shift(c, '+', 'TIME'),
  TIME_SUB: (c) => shift(c, '-', 'TIME'),
  // Whole units that lie between two instants, not borders that are crossed.
  TIMESTAMP_DIFF: (c) => `bq_micros_between(${c.arg(0)}, ${c.arg(1)}, ${unitMicros(c, 2)})`,
  DATETIME_DIFF: (c) => `date_diff('${unit(c, 2)}', ${c.arg(1)}, ${c.arg(0)})`,
  DATE_DIFF: (c) => `date_diff('${unit(c, 2)}', ${c.arg(1)}, ${c.arg(0)})`,
  TIME_DIFF: (c) => `date_diff('${unit(c, 2)}', ${c.arg(1)}, ${c.arg(0)})`,
  TIMESTAMP_TRUNC: (c) => truncate(withoutZone(c, 2), 'TIMESTAMPTZ'),
  DATETIME_TRUNC: (c) => truncate(c, 'TIMESTAMP'),
  DATE_TRUNC: (c) => truncate(c, 'DATE'),
  DATE: (c) =>
    c.nodes.length === 3 ? `make_date(${c.args().join(', ')})` : `CAST(${withoutZone(c, 1).arg(0)} AS DATE)`,
  DATETIME: (c) =>
    c.nodes.length === 6
      ? `make_timestamp(${c.args().join(', ')})`
      : `CAST(${withoutZone(c, 1).arg(0)} AS TIMESTAMP)`,
  TIMESTAMP: (c) => `CAST(${withoutZone(c, 1).arg(0)} AS TIMESTAMPTZ)`,
  TIME: (c) => (c.nodes.length === 3 ? `make_time(${c.args().join(', ')})` : `CAST(${c.arg(0)} AS TIME)`),
  STRING: (c) => `CAST(${withoutZone(c, 1).arg(0)} AS VARCHAR)`,
  UNIX_SECONDS: (c) => `bq_floor_div(epoch_us(${c.arg(0)}), 1000000)`,
  UNIX_MILLIS: (c) => `bq_floor_div(epoch_us(${c.arg(0)}), 1000)`,
  UNIX_MICROS: (c) => `epoch_us(${c.arg(0)})`,
  UNIX_DATE: (c) => `date_diff('day', DATE '1970-01-01', ${c.arg(0)})`,
  TIMESTAMP_SECONDS: (c) => `make_timestamptz(CAST(${c.arg(0)} AS BIGINT) * 1000000)`,
  TIMESTAMP_MILLIS: (c) => `make_timestamptz(CAST(${c.arg(0)} AS BIGINT) * 1000)`,
  TIMESTAMP_MICROS: (c) => `make_timestamptz(CAST(${c.arg(0)} AS BIGINT))`,
  DATE_FROM_UNIX_DATE: (c) => `(DATE '1970-01-01' + CAST(${c.arg(0)} AS INTEGER))`,
  FORMAT_TIMESTAMP: (c) => `strftime(CAST(${withoutZone(c, 2).arg(1)} AS TIMESTAMP), ${format(c)})`,
  FORMAT_DATETIME: (c) => `strftime(${c.arg(1)}, ${format(c)})`,
  FORMAT_DATE: (c) => `strftime(${c.arg(1)}, ${format(c)})`,
  PARSE_TIMESTAMP: (c) => `CAST(strptime(${withoutZone(c, 2).arg(1)}, ${format(c)}) AS TIMESTAMPTZ)`,
  PARSE_DATETIME: (c) => `CAST(strptime(${c.arg(1)}, ${format(c)}) AS TIMESTAMP)`,
  PARSE_DATE: (c) => `CAST(strptime(${c.arg(1)}, ${format(c)}) AS DATE)`,
  LAST_DAY: (c) => `last_day(${c.arg(0)})`,
  GENERATE_DATE_ARRAY: (c) =>
    `CAST(generate_series(CAST(${c.arg(0)} AS TIMESTAMP), CAST(${c.arg(1)} AS TIMESTAMP), ${c.nodes.length > 2 ? interval(c, 2) : "INTERVAL '1 day'"}) AS DATE[])`,
};

function now(c: Call): string {
  return formatDatetime(c.scope.resolver.nowMicros);
}

/** Refuses a time zone argument other than UTC. */
function withoutZone(c: Call, index: number): Call {
  if (c.nodes[index] === undefined) return c;
  const { kind, body } = nodeOf(c.nodes[index]);
  const isUtc =
    kind === 'literal' && ['UTC', 'Etc/UTC', 'Z', '+00', '+00:00'].includes(String(body['value']));
  if (!isUtc) throw notTranslated(`${c.name} with a time zone other than UTC`);
  return c;
}

// Weeks begin on Sunday in BigQuery, on Monday in DuckDB.
function truncate(c: Call, type: string): string {
  if (unitName(c, 1) !== 'WEEK') return `CAST(date_trunc('${unit(c, 1)}', ${c.arg(0)}) AS ${type})`;
  return `CAST(date_trunc('week', ${c.arg(0)} + INTERVAL 1 DAY) - INTERVAL 1 DAY AS ${type})`;
}

function unit(c: Call, index: number): string {
  const name = unitName(c, index);
  if (name === 'ISOWEEK') return 'week';
  if (!UNITS.has(name) || name === 'WEEK') throw notTranslated(`${c.name} by ${name}`);
  return name.toLowerCase();
}

function unitName(c: Call, index: number): string {
  const { body } = nodeOf(c.nodes[index]);
  return (nameOf(body['name']) ?? nameOf(body['this']) ?? nameOf(body) ?? '').toUpperCase();
}

const UNIT_MICROS: Readonly<Record<string, number>> = {
  microsecond: 1,
  millisecond: 1e3,
  second: 1e6,
  minute: 6e7,
  hour: 3.6e9,
  day: 8.64e10,
};

function unitMicros(c: Call, index: number): number {
  const name = unit(c, index);
  const micros = UNIT_MICROS[name];
  if (micros === undefined) throw notTranslated(`${c.name} by ${name}`);
  return micros;
}

function interval(c: Call, index: number): string {
  return intervalSql(c.nodes[index], c.scope);
}

function shift(c: Call, sign: '+' | '-', type: string): string {
  return `CAST(${c.arg(0)} ${sign} ${interval(c, 1)} AS ${type})`;
}

function format(c: Call): string {
  const { kind, body } = nodeOf(c.nodes[0]);
  if (kind !== 'literal') throw notTranslated(`${c.name} with a format that is not a literal`);
  return dateFormat(String(body['value']), c.name.startsWith('PARSE'));
}
