import { invalidQuery } from '../../rules/api-error.js';
import { formatDatetime } from '../../rules/civil-time.js';
import { localTime } from '../../functions/zones.js';
import type { Call, Expression } from '../syntax/tree.js';
import { castSql } from './casts.js';
import { coerce } from './coerce.js';
import { intervalOf, PART_MICROS } from './intervals.js';
import { asInt64 } from './operators.js';
import { compile, type Scope } from './scope.js';
import { arrayOf, DATE, DATETIME, INT64, scalar, STRING, TIMESTAMP, type Type, typeText } from './types.js';
import { js, nullOf, type Value, value } from './value.js';

const TIME = scalar('TIME');
const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/** A date part as written: `WEEK(MONDAY)` is WEEK that begins on day 1. */
interface Part {
  readonly name: string;
  readonly weekday: number;
}

function partOf(node: Expression | undefined, what: string): Part {
  if (node?.kind === 'name') return { name: node.name.toUpperCase(), weekday: 0 };
  if (node?.kind === 'call' && node.name === 'WEEK') {
    const [day] = node.args;
    const weekday = day?.kind === 'name' ? WEEKDAYS.indexOf(day.name.toUpperCase()) : -1;
    if (weekday >= 0) return { name: 'WEEK', weekday };
  }
  throw invalidQuery(`A valid date part name is required for ${what}`);
}

function unsupported(what: string, part: Part): Error {
  return invalidQuery(`${what} does not support the ${part.name} date part`);
}

/** Compiles an argument as one of the types, the first that fits. */
function argument(node: Expression | undefined, types: readonly Type[], call: Call, scope: Scope): Value {
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
function zone(node: Expression | undefined, scope: Scope): string {
  if (node === undefined) return "'UTC'";
  return coerce(compile(node, scope), STRING)?.sql ?? "'UTC'";
}

function isUtc(sql: string): boolean {
  return sql === "'UTC'";
}

/** The date and time that clocks in a zone show. */
function local(timestamp: string, zoneSql: string): string {
  return isUtc(zoneSql) ? `CAST(${timestamp} AS TIMESTAMP)` : js('local_time', timestamp, zoneSql);
}

function instant(datetime: string, zoneSql: string): string {
  return isUtc(zoneSql) ? `CAST(${datetime} AS TIMESTAMPTZ)` : js('instant', datetime, zoneSql);
}

export type Special = (call: Call, scope: Scope) => Value;

const CHECKS: Readonly<Record<string, string>> = {
  DATE: 'bq_date',
  DATETIME: 'bq_datetime',
  TIMESTAMP: 'bq_timestamp',
  TIME: '',
};

function shift(
  types: readonly Type[],
  sign: '+' | '-',
  parts: (name: string, kind: string) => boolean,
): Special {
  return (call, scope) => {
    const from = argument(call.args[0], types, call, scope);
    const by = call.args[1];
    if (by?.kind !== 'interval' || by.to !== undefined)
      throw invalidQuery(`${call.name} needs INTERVAL number part as its second argument`);
    if (!parts(by.from, from.type.kind)) throw unsupported(call.name, { name: by.from, weekday: 0 });
    const amount = compile(by.value, scope);
    const count =
      amount.literal?.kind === 'string' && /^-?\d+$/.test(amount.literal.text)
        ? `${amount.literal.text}::BIGINT`
        : asInt64(amount, call.name).sql;
    const sum = `(${from.sql} ${sign} ${intervalOf(`(${count})`, by.from)})`;
    const check = CHECKS[from.type.kind] ?? '';
    return value(`${check}(${sum})`, from.type);
  };
}

const isShort = (name: string): boolean => name in PART_MICROS;
const isLong = (name: string): boolean => ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'].includes(name);
const dateParts = (name: string, kind: string): boolean => isLong(name) || (kind !== 'DATE' && isShort(name));

function weekNumber(sql: string, weekday: number): string {
  return `bq_floor_div(date_diff('day', DATE '1970-01-01', CAST(${sql} AS DATE)) + ${4 - weekday}, 7)`;
}

function diffSql(later: string, earlier: string, part: Part, kind: string): string | undefined {
  const each = (write: (sql: string) => string): string => `(${write(later)} - ${write(earlier)})`;
  const micros = PART_MICROS[part.name];
  if (kind === 'TIMESTAMP') {
    const unit = part.name === 'DAY' ? 86_400_000_000n : micros;
    return unit === undefined ? undefined : `((epoch_us(${later}) - epoch_us(${earlier})) // ${unit})`;
  }
  if (kind === 'TIME')
    return micros === undefined
      ? undefined
      : each((sql) => `bq_floor_div(epoch_us(DATE '1970-01-01' + ${sql}), ${micros})`);
  if (micros !== undefined)
    return kind === 'DATE' ? undefined : each((sql) => `bq_floor_div(epoch_us(${sql}), ${micros})`);
  switch (part.name) {
    case 'DAY':
    case 'MONTH':
    case 'QUARTER':
    case 'YEAR':
      return `date_diff('${part.name.toLowerCase()}', ${earlier}, ${later})`;
    case 'WEEK':
      return each((sql) => weekNumber(sql, part.weekday));
    case 'ISOWEEK':
      return each((sql) => weekNumber(sql, 1));
    case 'ISOYEAR':
      return each((sql) => `isoyear(${sql})`);
    default:
      return undefined;
  }
}

function diff(types: readonly Type[]): Special {
  return (call, scope) => {
    const pair = types.map((type) => {
      const values = call.args.slice(0, 2).map((node) => coerce(compile(node, scope), type));
      return values.includes(undefined) ? undefined : (values as [Value, Value]);
    });
    const [later, earlier] = pair.find((found) => found !== undefined) ?? [];
    if (later === undefined || earlier === undefined)
      throw invalidQuery(
        `No matching signature for function ${call.name} for argument types: ${call.args
          .slice(0, 2)
          .map((node) => typeText(compile(node, scope).type))
          .join(', ')}`,
      );
    const part = partOf(call.args[2], call.name);
    const sql = diffSql(later.sql, earlier.sql, part, later.type.kind);
    if (sql === undefined) throw unsupported(call.name, part);
    return value(sql, INT64);
  };
}

/** Cuts a DuckDB TIMESTAMP or DATE off at the part's beginning. */
function truncated(sql: string, part: Part): string | undefined {
  const backTo = (weekday: number): string =>
    `(date_trunc('day', ${sql}) - to_days(CAST((dayofweek(${sql}) - ${weekday} + 7) % 7 AS INTEGER)))`;
  switch (part.name) {
    case 'MICROSECOND':
      return sql;
    case 'MILLISECOND':
    case 'SECOND':
    case 'MINUTE':
    case 'HOUR':
    case 'DAY':
    case 'MONTH':
    case 'QUARTER':
    case 'YEAR':
      return `date_trunc('${part.name.toLowerCase()}', ${sql})`;
    case 'WEEK':
      return backTo(part.weekday);
    case 'ISOWEEK':
      return backTo(1);
    case 'ISOYEAR':
      return `date_trunc('week', make_date(isoyear(${sql}), 1, 4))`;
    default:
      return undefined;
  }
}

function truncate(types: readonly Type[]): Special {
  return (call, scope) => {
    const of = argument(call.args[0], types, call, scope);
    const part = call.args[1] === undefined ? { name: 'DAY', weekday: 0 } : partOf(call.args[1], call.name);
    const kind = of.type.kind;
    const isDay = isLong(part.name) || part.name.startsWith('ISO');
    if ((kind === 'DATE' && !isDay) || (kind === 'TIME' && isDay)) throw unsupported(call.name, part);
    if (kind === 'TIMESTAMP') {
      const zoneSql = zone(call.args[2], scope);
      const cut = truncated(local(of.sql, zoneSql), part);
      if (cut === undefined) throw unsupported(call.name, part);
      return value(`bq_timestamp(${instant(`CAST(${cut} AS TIMESTAMP)`, zoneSql)})`, TIMESTAMP);
    }
    const sql = kind === 'TIME' ? `(DATE '1970-01-01' + ${of.sql})` : of.sql;
    const cut = truncated(sql, part);
    if (cut === undefined) throw unsupported(call.name, part);
    const duck = { DATE: 'DATE', DATETIME: 'TIMESTAMP', TIME: 'TIME' }[kind as string] ?? 'DATE';
    return value(`${CHECKS[kind] ?? ''}(CAST(${cut} AS ${duck}))`, of.type);
  };
}

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

function current(type: Type): Special {
  return (call, scope) => {
    const [node] = call.args;
    const given = node === undefined ? undefined : compile(node, scope);
    const zoneName = given?.literal?.kind === 'string' ? given.literal.text : 'UTC';
    const micros = scope.environment.resolver.nowMicros;
    const shown = formatDatetime(type.kind === 'TIMESTAMP' ? micros : localTime(micros, zoneName));
    switch (type.kind as string) {
      case 'DATE':
        return value(`DATE '${shown.slice(0, 10)}'`, type);
      case 'TIME':
        return value(`TIME '${shown.slice(11)}'`, type);
      case 'DATETIME':
        return value(`TIMESTAMP '${shown}'`, type);
      default:
        return value(`TIMESTAMPTZ '${shown}+00'`, type);
    }
  };
}

function lastDay(call: Call, scope: Scope): Value {
  const of = argument(call.args[0], [DATE, DATETIME], call, scope);
  const part = call.args[1] === undefined ? { name: 'MONTH', weekday: 0 } : partOf(call.args[1], call.name);
  const start = truncated(`CAST(${of.sql} AS DATE)`, part);
  const next: Record<string, string> = {
    YEAR: 'to_years(1)',
    QUARTER: 'to_months(3)',
    MONTH: 'to_months(1)',
    WEEK: 'to_days(7)',
    ISOWEEK: 'to_days(7)',
  };
  if (part.name === 'ISOYEAR')
    return value(
      `CAST(date_trunc('week', make_date(isoyear(${of.sql}) + 1, 1, 4)) - to_days(1) AS DATE)`,
      DATE,
    );
  const length = next[part.name];
  if (start === undefined || length === undefined) throw unsupported('LAST_DAY', part);
  return value(`CAST(${start} + ${length} - to_days(1) AS DATE)`, DATE);
}

/** DATE(…), DATETIME(…), TIMESTAMP(…) and TIME(…): parts, or a value of another type. */
function make(type: Type, parts: number, fromParts: string): Special {
  return (call, scope) => {
    const values = call.args.map((node) => compile(node, scope));
    if (values.length === parts && values.every((item) => coerce(item, INT64) !== undefined))
      return value(js(fromParts, ...values.map((item) => coerce(item, INT64)?.sql ?? '')), type);
    return converted(call, values, type, scope);
  };
}

function converted(call: Call, values: readonly Value[], type: Type, scope: Scope): Value {
  const [of, second] = values;
  const refused = invalidQuery(
    `No matching signature for function ${call.name} for argument types: ${values.map((v) => typeText(v.type)).join(', ')}`,
  );
  if (of === undefined || values.length > 2) throw refused;
  if (type.kind === 'DATETIME' && second?.type.kind === 'TIME' && of.type.kind === 'DATE')
    return value(`(${of.sql} + ${second.sql})`, type);
  if (of.literal?.kind === 'null') return nullOf(type);
  const zoneSql = zone(call.args[1], scope);
  const [from, to] = [of.type.kind, type.kind];
  if (from === 'TIMESTAMP' && to !== 'TIMESTAMP') {
    const duck = { DATE: 'DATE', TIME: 'TIME' }[to as string];
    const civil = local(of.sql, zoneSql);
    return value(duck === undefined ? civil : `CAST(${civil} AS ${duck})`, type);
  }
  if (to === 'TIMESTAMP' && (from === 'DATE' || from === 'DATETIME'))
    return value(instant(`CAST(${of.sql} AS TIMESTAMP)`, zoneSql), type);
  if (to === 'TIMESTAMP' && from === 'STRING') return value(js('parse_timestamp_in', of.sql, zoneSql), type);
  if (second !== undefined) throw refused;
  if (to === 'DATE' && from === 'STRING') return value(castSql(of.sql, STRING, DATE, false), DATE);
  if (from === to || ['DATE', 'DATETIME', 'STRING'].includes(from))
    return value(castSql(of.sql, of.type, type, false), type);
  throw refused;
}

function stringOf(call: Call, scope: Scope): Value {
  const [of, second] = call.args.map((node) => compile(node, scope));
  if (of?.type.kind === 'TIMESTAMP')
    return value(js('timestamp_text_in', of.sql, zone(call.args[1], scope)), STRING);
  if (of?.type.kind === 'JSON' && second === undefined)
    return value(js('json_string', `CAST(${of.sql} AS VARCHAR)`), STRING);
  if (of !== undefined && second === undefined && ['DATE', 'DATETIME', 'TIME'].includes(of.type.kind))
    return value(castSql(of.sql, of.type, STRING, false), STRING);
  throw invalidQuery(
    `No matching signature for function STRING for argument types: ${of === undefined ? '' : typeText(of.type)}`,
  );
}

function formatted(types: readonly Type[], name: string): Special {
  return (call, scope) => {
    const format = argument(call.args[0], [STRING], call, scope);
    const of = argument(call.args[1], types, call, scope);
    const zoneSql = zone(call.args[2], scope);
    const sql =
      of.type.kind === 'TIMESTAMP'
        ? js('format_timestamp', format.sql, of.sql, zoneSql)
        : of.type.kind === 'TIME'
          ? js('format_time', format.sql, of.sql)
          : js(
              name === 'date' ? 'format_date' : 'format_datetime',
              format.sql,
              `CAST(${of.sql} AS TIMESTAMP)`,
            );
    return value(sql, STRING);
  };
}

function parsed(type: Type, name: string): Special {
  return (call, scope) => {
    const format = argument(call.args[0], [STRING], call, scope);
    const text = argument(call.args[1], [STRING], call, scope);
    const zoneArgument = type.kind === 'TIMESTAMP' ? [zone(call.args[2], scope)] : [];
    return value(js(name, format.sql, text.sql, ...zoneArgument), type);
  };
}

function generate(type: Type, defaultPart: string | undefined): Special {
  return (call, scope) => {
    const [start, end] = [0, 1].map((index) => argument(call.args[index], [type], call, scope));
    const by = call.args[2];
    if (by !== undefined && by.kind !== 'interval')
      throw invalidQuery(`${call.name} needs an INTERVAL as its step`);
    if (by === undefined && defaultPart === undefined)
      throw invalidQuery(`No matching signature for function ${call.name}: the step is missing`);
    const amount = by === undefined ? '1::BIGINT' : asInt64(compile(by.value, scope), call.name).sql;
    const step = intervalOf(amount, by?.from ?? 'DAY');
    const duck = type.kind === 'DATE' ? 'TIMESTAMP' : 'TIMESTAMPTZ';
    const [first, last] = [start, end].map((of) => `CAST(${of?.sql ?? ''} AS ${duck})`) as [string, string];
    const limit = type.kind === 'DATE' ? 'budget_datetimes' : 'budget_timestamps';
    const series = `generate_series(${first}, ${js(limit, last, first, step)}, ${step})`;
    const cast = type.kind === 'DATE' ? 'DATE[]' : 'TIMESTAMPTZ[]';
    const check = `CASE WHEN ${amount} = 0 THEN CAST(bq_fail('Sequence step cannot be 0.') AS ${cast}) ELSE CAST(${series} AS ${cast}) END`;
    return value(check, arrayOf(type));
  };
}

/** Functions on dates and times. Source: docs/reference/standard-sql/{date,datetime,timestamp,time}_functions. */
export const DATE_FUNCTIONS: Readonly<Record<string, Special>> = {
  CURRENT_DATE: current(DATE),
  CURRENT_DATETIME: current(DATETIME),
  CURRENT_TIME: current(TIME),
  CURRENT_TIMESTAMP: current(TIMESTAMP),
  DATE_ADD: shift([DATE, DATETIME, TIMESTAMP], '+', dateParts),
  DATE_SUB: shift([DATE, DATETIME, TIMESTAMP], '-', dateParts),
  DATETIME_ADD: shift([DATETIME, DATE, TIMESTAMP], '+', dateParts),
  DATETIME_SUB: shift([DATETIME, DATE, TIMESTAMP], '-', dateParts),
  TIMESTAMP_ADD: shift(
    [TIMESTAMP, DATETIME],
    '+',
    (name, kind) => isShort(name) || name === 'DAY' || (kind !== 'TIMESTAMP' && isLong(name)),
  ),
  TIMESTAMP_SUB: shift(
    [TIMESTAMP, DATETIME],
    '-',
    (name, kind) => isShort(name) || name === 'DAY' || (kind !== 'TIMESTAMP' && isLong(name)),
  ),
  TIME_ADD: shift([TIME], '+', isShort),
  TIME_SUB: shift([TIME], '-', isShort),
  DATE_DIFF: diff([DATE, DATETIME, TIMESTAMP]),
  DATETIME_DIFF: diff([DATETIME, TIMESTAMP]),
  TIMESTAMP_DIFF: diff([TIMESTAMP, DATETIME]),
  TIME_DIFF: diff([TIME]),
  DATE_TRUNC: truncate([DATE, DATETIME, TIMESTAMP]),
  DATETIME_TRUNC: truncate([DATETIME, DATE, TIMESTAMP]),
  TIMESTAMP_TRUNC: truncate([TIMESTAMP, DATETIME]),
  TIME_TRUNC: truncate([TIME]),
  LAST_DAY: lastDay,
  DATE: make(DATE, 3, 'date_of_parts'),
  DATETIME: make(DATETIME, 6, 'datetime_of_parts'),
  TIME: make(TIME, 3, 'time_of_parts'),
  TIMESTAMP: make(TIMESTAMP, -1, ''),
  STRING: stringOf,
  FORMAT_DATE: formatted([DATE, DATETIME], 'date'),
  FORMAT_DATETIME: formatted([DATETIME], 'datetime'),
  FORMAT_TIMESTAMP: formatted([TIMESTAMP], 'timestamp'),
  FORMAT_TIME: formatted([TIME], 'time'),
  PARSE_DATE: parsed(DATE, 'parse_date_by'),
  PARSE_DATETIME: parsed(DATETIME, 'parse_datetime_by'),
  PARSE_TIMESTAMP: parsed(TIMESTAMP, 'parse_timestamp_by'),
  PARSE_TIME: parsed(TIME, 'parse_time_by'),
  GENERATE_DATE_ARRAY: generate(DATE, 'DAY'),
  GENERATE_TIMESTAMP_ARRAY: generate(TIMESTAMP, undefined),
};
