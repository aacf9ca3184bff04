import { invalidQuery } from '../../rules/api-error.js';
import type { Call } from '../syntax/tree.js';
import { coerce } from './coerce.js';
import {
  argument,
  instant,
  local,
  type Part,
  partOf,
  type Special,
  unsupported,
  zone,
} from './date-arguments.js';
import { intervalOf, PART_MICROS } from './intervals.js';
import { asInt64 } from './operators.js';
import { compile, type Scope } from './scope.js';
import { DATE, DATETIME, INT64, TIMESTAMP, type Type, typeText } from './types.js';
import { type Value, value } from './value.js';

const CHECKS: Readonly<Record<string, string>> = {
  DATE: 'bq_date',
  DATETIME: 'bq_datetime',
  TIMESTAMP: 'bq_timestamp',
  TIME: '',
};

/** `X_ADD` and `X_SUB`: a value and an INTERVAL of a part that `parts` allows. */
export function shift(
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

export const isShort = (name: string): boolean => name in PART_MICROS;
export const isLong = (name: string): boolean => ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'].includes(name);
export const dateParts = (name: string, kind: string): boolean =>
  isLong(name) || (kind !== 'DATE' && isShort(name));

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

/** `X_DIFF`: boundaries of a part between two values. */
export function diff(types: readonly Type[]): Special {
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
export function truncated(sql: string, part: Part): string | undefined {
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

/** `X_TRUNC`. */
export function truncate(types: readonly Type[]): Special {
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

/** `LAST_DAY(value[, part])`. */
export function lastDay(call: Call, scope: Scope): Value {
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
