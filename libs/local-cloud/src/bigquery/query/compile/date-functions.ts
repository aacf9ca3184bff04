import { invalidQuery } from '../../rules/api-error.js';
import { formatDatetime } from '../../rules/civil-time.js';
import { localTime } from '../../functions/zones.js';
import type { Call } from '../syntax/tree.js';
import { castSql } from './casts.js';
import { coerce } from './coerce.js';
import { argument, instant, local, type Special, TIME, zone } from './date-arguments.js';
import { dateParts, diff, isLong, isShort, lastDay, shift, truncate } from './date-arithmetic.js';
import { intervalOf } from './intervals.js';
import { asInt64 } from './operators.js';
import { compile, type Scope } from './scope.js';
import { arrayOf, DATE, DATETIME, INT64, STRING, TIMESTAMP, type Type, typeText } from './types.js';
import { js, nullOf, type Value, value } from './value.js';

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
