import { invalidQuery } from '../../rules/api-error.js';
import { quoteText } from '../../warehouse/duckdb-types.js';
import type { Call } from '../syntax/tree.js';
import { castSql } from './casts.js';
import { coerce, mustCoerce, supertype, unify } from './coerce.js';
import { containsSubstr } from './contains-substr.js';
import type { Special } from './date-arguments.js';
import { arithmetic, compare, concatenate, negate } from './operators.js';
import { compile, type Scope } from './scope.js';
import { arrayOf, BOOL, FLOAT64, INT64, NUMERIC, scalar, STRING, type Type, typeText } from './types.js';
import { descriptor } from './type-descriptor.js';
import { isNull, js, type Value, value } from './value.js';

function compiled(call: Call, scope: Scope, minimum: number, maximum = minimum): Value[] {
  if (call.args.length < minimum || call.args.length > maximum)
    throw invalidQuery(
      `Number of arguments does not match for function ${call.name}: ${call.args.length} given`,
    );
  return call.args.map((node) => compile(node, scope));
}

function noMatch(call: Call, values: readonly Value[]): Error {
  return invalidQuery(
    `No matching signature for function ${call.name} for argument types: ${values.map((v) => (isNull(v) ? 'NULL' : typeText(v.type))).join(', ')}`,
  );
}

function arrayArgument(call: Call, of: Value | undefined): { array: Value; element: Type } {
  if (of?.type.kind !== 'ARRAY') throw noMatch(call, of === undefined ? [] : [of]);
  return { array: of, element: of.type.element };
}

const extremum =
  (duckName: 'greatest' | 'least'): Special =>
  (call, scope) => {
    const given = compiled(call, scope, 1, 1000);
    const { type, values } = unify(given, `function ${call.name}`);
    if (['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY'].includes(type.kind)) throw noMatch(call, given);
    const parts = values.map((item) =>
      type.kind === 'BIGNUMERIC' ? `struct_extract(${item.sql}, 'bignumeric')` : item.sql,
    );
    const anyNull = values.map((item) => `${item.sql} IS NULL`).join(' OR ');
    const nan =
      type.kind === 'FLOAT64'
        ? ` WHEN ${parts.map((sql) => `isnan(${sql})`).join(' OR ')} THEN 'NaN'::DOUBLE`
        : '';
    const best = `${duckName}(${parts.join(', ')})`;
    const sql = type.kind === 'BIGNUMERIC' ? `bq_bignumeric_wrap(${best})` : best;
    return value(`CASE WHEN ${anyNull} THEN NULL${nan} ELSE ${sql} END`, type);
  };

const safe =
  (operator: '+' | '-' | '*'): Special =>
  (call, scope) => {
    const [left, right] = compiled(call, scope, 2) as [Value, Value];
    const { sql, type } = arithmetic(operator, left, right);
    return value(`TRY(${sql})`, type);
  };

function conditional(call: Call, scope: Scope): Value {
  const [condition, ...branches] = compiled(call, scope, 3) as [Value, Value, Value];
  const test = mustCoerce(condition, BOOL, () => noMatch(call, [condition, ...branches]).message);
  const { type, values } = unify(branches, 'function IF');
  return value(`CASE WHEN ${test.sql} THEN ${values[0]?.sql ?? ''} ELSE ${values[1]?.sql ?? ''} END`, type);
}

const coalesce: Special = (call, scope) => {
  const { type, values } = unify(
    compiled(call, scope, call.name === 'IFNULL' ? 2 : 1, call.name === 'IFNULL' ? 2 : 1000),
    `function ${call.name}`,
  );
  return value(`coalesce(${values.map((item) => item.sql).join(', ')})`, type);
};

function nullIf(call: Call, scope: Scope): Value {
  const [left, right] = compiled(call, scope, 2) as [Value, Value];
  const type = supertype([left, right]);
  const first = type === undefined ? undefined : coerce(left, type);
  if (type === undefined || first === undefined) throw noMatch(call, [left, right]);
  return value(`CASE WHEN ${compare('=', left, right).sql} THEN NULL ELSE ${first.sql} END`, type);
}

function safeDivide(call: Call, scope: Scope): Value {
  const [left, right] = compiled(call, scope, 2) as [Value, Value];
  const { sql, type } = arithmetic('/', left, right);
  return value(
    sql
      .replace(/^bq_div\(/, 'bq_safe_divide(')
      .replace('bq_numeric_', 'bq_safe_numeric_')
      .replace('bq_scaled_', 'bq_safe_scaled_'),
    type,
  );
}

function generateArray(call: Call, scope: Scope): Value {
  const given = compiled(call, scope, 2, 3);
  const { type, values } = unify(given, 'function GENERATE_ARRAY');
  const [start, end, step] = values.map((item) => item.sql);
  if (type.kind === 'FLOAT64')
    return value(js('generate_floats', start ?? '', end ?? '', step ?? '1::DOUBLE'), arrayOf(FLOAT64));
  if (type.kind !== 'INT64' && type.kind !== 'NUMERIC') throw noMatch(call, given);
  if (type.kind === 'NUMERIC')
    return value(
      js('generate_numerics', start ?? '', end ?? '', step ?? '1::DECIMAL(38,9)'),
      arrayOf(NUMERIC),
    );
  return value(`bq_generate_array(${start ?? ''}, ${end ?? ''}, ${step ?? '1::BIGINT'})`, arrayOf(INT64));
}

function arrayToString(call: Call, scope: Scope): Value {
  const [of, ...rest] = compiled(call, scope, 2, 3);
  const { array, element } = arrayArgument(call, of);
  const [delimiter, nullText] = rest.map(
    (item) => mustCoerce(item, STRING, () => noMatch(call, rest).message).sql,
  );
  if (element.kind !== 'STRING') throw noMatch(call, [array, ...rest]);
  const list =
    nullText === undefined ? array.sql : `list_transform(${array.sql}, lambda x: coalesce(x, ${nullText}))`;
  return value(`array_to_string(${list}, ${delimiter ?? "''"})`, STRING);
}

function arraySlice(call: Call, scope: Scope): Value {
  const [of, ...bounds] = compiled(call, scope, 3);
  const { array } = arrayArgument(call, of);
  const [start, end] = bounds.map((item) => mustCoerce(item, INT64, () => noMatch(call, bounds).message).sql);
  return value(`bq_array_slice(${array.sql}, ${start ?? ''}, ${end ?? ''})`, array.type);
}

const edge =
  (last: boolean): Special =>
  (call, scope) => {
    const { array, element } = arrayArgument(call, compiled(call, scope, 1)[0]);
    const position = last ? `len(${array.sql})` : '1';
    return value(
      `${array.sql}[CASE WHEN len(${array.sql}) = 0 THEN CAST(bq_fail('${call.name} cannot get the ${last ? 'last' : 'first'} element of an empty array') AS BIGINT) ELSE ${position} END]`,
      element,
    );
  };

function format(call: Call, scope: Scope): Value {
  const [pattern, ...values] = compiled(call, scope, 1, 1000);
  const text = pattern === undefined ? undefined : coerce(pattern, STRING);
  if (text === undefined) throw noMatch(call, values);
  const types = JSON.stringify(values.map((item) => (isNull(item) ? 'NULL' : descriptor(item.type))));
  return value(js('format', text.sql, quoteText(types), ...values.map((item) => item.sql)), STRING);
}

function error(call: Call, scope: Scope): Value {
  const [message] = compiled(call, scope, 1);
  const text = message === undefined ? undefined : coerce(message, STRING);
  if (text === undefined) throw noMatch(call, message === undefined ? [] : [message]);
  return {
    sql: `CAST(error(${text.sql}) AS BIGINT)`,
    type: INT64,
    literal: { kind: 'error', message: text.sql },
  };
}

function normalize(call: Call, scope: Scope): Value {
  const mode = call.args[1];
  const form = mode?.kind === 'name' ? mode.name.toUpperCase() : 'NFC';
  const [text] = [compile(call.args[0] ?? { kind: 'default' }, scope)].map((item) => coerce(item, STRING));
  if (text === undefined || !['NFC', 'NFKC', 'NFD', 'NFKD'].includes(form)) throw noMatch(call, []);
  return value(js('normalize', text.sql, `'${form}'`, call.name === 'NORMALIZE' ? 'FALSE' : 'TRUE'), STRING);
}

// CONCAT writes numbers, dates and their like as text.
function concat(call: Call, scope: Scope): Value {
  const values = compiled(call, scope, 1, 1000);
  if (values.some((item) => item.type.kind === 'BYTES')) return concatenate(values, 'CONCAT');
  const isText = (item: Value): boolean => item.type.kind === 'STRING' || isNull(item);
  return concatenate(
    values.map((item) => (isText(item) ? item : value(castSql(item.sql, item.type, STRING, false), STRING))),
    'CONCAT',
  );
}

function makeInterval(call: Call, scope: Scope): Value {
  const units = ['year', 'month', 'day', 'hour', 'minute', 'second'];
  const amounts = units.map((unit, index) => {
    const node = call.args[index] ?? call.named[unit];
    return node === undefined
      ? '0::BIGINT'
      : mustCoerce(compile(node, scope), INT64, () => `${unit} is no INT64`).sql;
  });
  const [year = '', month = '', day = '', hour = '', minute = '', second = ''] = amounts;
  return value(
    `(to_months(CAST(${year} * 12 + ${month} AS INTEGER)) + to_days(CAST(${day} AS INTEGER)) + to_microseconds((${hour} * 3600 + ${minute} * 60 + ${second}) * 1000000))`,
    scalar('INTERVAL'),
  );
}

/** Functions whose types depend on their arguments. */
export const GENERAL_FUNCTIONS: Readonly<Record<string, Special>> = {
  IF: conditional,
  COALESCE: coalesce,
  IFNULL: coalesce,
  NULLIF: nullIf,
  GREATEST: extremum('greatest'),
  LEAST: extremum('least'),
  SAFE_ADD: safe('+'),
  SAFE_SUBTRACT: safe('-'),
  SAFE_MULTIPLY: safe('*'),
  SAFE_DIVIDE: safeDivide,
  SAFE_NEGATE: (call, scope) => {
    const [of] = compiled(call, scope, 1) as [Value];
    const { sql, type } = negate(of);
    return value(`TRY(${sql})`, type);
  },
  CONCAT: concat,
  CONTAINS_SUBSTR: containsSubstr,
  ARRAY_CONCAT: (call, scope) => concatenate(compiled(call, scope, 1, 1000), 'ARRAY_CONCAT'),
  ARRAY_LENGTH: (call, scope) =>
    value(`len(${arrayArgument(call, compiled(call, scope, 1)[0]).array.sql})`, INT64),
  ARRAY_REVERSE: (call, scope) => {
    const { array } = arrayArgument(call, compiled(call, scope, 1)[0]);
    return value(`list_reverse(${array.sql})`, array.type);
  },
  ARRAY_FIRST: edge(false),
  ARRAY_LAST: edge(true),
  ARRAY_SLICE: arraySlice,
  ARRAY_TO_STRING: arrayToString,
  GENERATE_ARRAY: generateArray,
  FORMAT: format,
  ERROR: error,
  NORMALIZE: normalize,
  NORMALIZE_AND_CASEFOLD: normalize,
  MAKE_INTERVAL: makeInterval,
  TYPEOF: (call, scope) => {
    const [of] = compiled(call, scope, 1) as [Value];
    return value(quoteText(typeText(of.type)), STRING);
  },
};
