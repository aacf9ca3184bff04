import { invalidQuery } from '../../rules/api-error.js';
import type { Call } from '../syntax/tree.js';
import { bignumericOf } from './casts.js';
import { coerce } from './coerce.js';
import { noSignature, numericType, scaled } from './operators.js';
import { compile, type Scope } from './scope.js';
import { arrayOf, BIGNUMERIC, BOOL, FLOAT64, INT64, NUMERIC, STRING, type Type, typeText } from './types.js';
import { isNull, js, type Value, value } from './value.js';
import { aggregateOrder, overClause } from './windows.js';

/** An aggregate call with its compiled arguments and modifiers. */
interface Manner {
  readonly call: Call;
  readonly scope: Scope;
  readonly values: readonly Value[];
  /** `name(DISTINCT arguments ORDER BY …) FILTER (…) OVER (…)`. */
  write(name: string, args: readonly string[], filter?: string): string;
}

type Aggregate = (manner: Manner) => Value;

export function isAggregate(call: Call): boolean {
  return call.name in AGGREGATES;
}

/** An aggregate function, over groups or over a window. Source: docs/reference/standard-sql/aggregate_functions. */
export function aggregateValue(call: Call, scope: Scope): Value {
  const translate = AGGREGATES[call.name];
  if (translate === undefined) throw invalidQuery(`Function not found: ${call.name}`);
  if (call.having !== undefined && call.name !== 'ANY_VALUE')
    throw invalidQuery(`Not supported by this server: HAVING ${call.having.kind} in ${call.name}`);
  const over = call.over === undefined ? '' : ` ${overClause(call.over, scope)}`;
  const inner = scope.inAggregates ?? scope;
  const order = aggregateOrder(call.orderBy, inner);
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const values = call.args.map((node) => compile(node, inner));
  const write = (name: string, args: readonly string[], filter?: string): string =>
    `${name}(${distinct}${args.join(', ')}${order})${filter === undefined ? '' : ` FILTER (WHERE ${filter})`}${over}`;
  return translate({ call, scope, values, write });
}

function only({ call, values }: Manner): Value {
  const [first] = values;
  if (first === undefined || values.length !== 1)
    throw invalidQuery(`Number of arguments does not match for aggregate function ${call.name}`);
  return first;
}

function refusedTypes({ call, values }: Manner): Error {
  return invalidQuery(
    `No matching signature for aggregate function ${call.name} for argument types: ${values.map((item) => typeText(item.type)).join(', ')}`,
  );
}

function count(manner: Manner): Value {
  if (manner.call.star) return value(manner.write('count', ['*']), INT64);
  const of = only(manner);
  if (manner.call.distinct && ['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY'].includes(of.type.kind))
    throw invalidQuery(
      `Aggregate functions with DISTINCT cannot be used with arguments of type ${typeText(of.type)}`,
    );
  return value(manner.write('count', [of.type.kind === 'BIGNUMERIC' ? scaled(of.sql) : of.sql]), INT64);
}

function sum(manner: Manner): Value {
  const of = only(manner);
  const type = isNull(of) ? INT64 : of.type;
  switch (type.kind as string) {
    case 'INT64':
      return value(`bq_int64(${manner.write('sum', [of.sql])})`, INT64);
    case 'FLOAT64':
      return value(manner.write('sum', [of.sql]), FLOAT64);
    case 'NUMERIC':
      return value(manner.write('sum', [of.sql]), NUMERIC);
    case 'BIGNUMERIC':
      return value(`bq_bignumeric_wrap(${manner.write('sum', [scaled(of.sql)])})`, BIGNUMERIC);
    default:
      throw refusedTypes(manner);
  }
}

function average(manner: Manner): Value {
  const of = only(manner);
  const type = numericType([of], [FLOAT64, NUMERIC, BIGNUMERIC]);
  if (type === undefined) throw refusedTypes(manner);
  if (type.kind === 'FLOAT64')
    return value(manner.write('avg', [coerce(of, FLOAT64)?.sql ?? of.sql]), FLOAT64);
  const argument = type.kind === 'NUMERIC' ? of.sql : scaled(of.sql);
  const [total, number] = [manner.write('sum', [argument]), manner.write('count', [argument])];
  if (type.kind === 'NUMERIC')
    return value(js('numeric_divide', total, `CAST(${number} AS DECIMAL(38,9))`), NUMERIC);
  return value(
    bignumericOf(js('scaled_divide', `CAST(${total} AS VARCHAR)`, `bq_int64_scaled(${number})`)),
    BIGNUMERIC,
  );
}

const extremum =
  (name: 'min' | 'max'): Aggregate =>
  (manner) => {
    const of = only(manner);
    const { kind } = of.type;
    if (['ARRAY', 'STRUCT', 'JSON', 'GEOGRAPHY'].includes(kind)) throw refusedTypes(manner);
    if (kind === 'BIGNUMERIC')
      return value(`bq_bignumeric_wrap(${manner.write(name, [scaled(of.sql)])})`, of.type);
    if (kind !== 'FLOAT64') return value(manner.write(name, [of.sql]), of.type);
    const anyNan = manner.write('bool_or', [`isnan(${of.sql})`]);
    return value(`CASE WHEN ${anyNan} THEN 'NaN'::DOUBLE ELSE ${manner.write(name, [of.sql])} END`, of.type);
  };

function anyValue(manner: Manner): Value {
  const of = only(manner);
  const { having } = manner.call;
  if (having === undefined) return value(manner.write('any_value', [of.sql]), of.type);
  const by = compile(having.value, manner.scope).sql;
  return value(manner.write(having.kind === 'MAX' ? 'arg_max_null' : 'arg_min_null', [of.sql, by]), of.type);
}

const by =
  (name: string): Aggregate =>
  (manner) => {
    const [of, key] = manner.values;
    if (of === undefined || key === undefined) throw refusedTypes(manner);
    return value(manner.write(name, [of.sql, key.sql]), of.type);
  };

function limited({ call, scope }: Manner, list: string): string {
  return call.limit === undefined ? list : `list_slice(${list}, 1, ${compile(call.limit, scope).sql})`;
}

function arrayAgg(manner: Manner): Value {
  const of = only(manner);
  const filter = manner.call.nulls === 'IGNORE' ? `${of.sql} IS NOT NULL` : undefined;
  return value(limited(manner, manner.write('list', [of.sql], filter)), arrayOf(of.type));
}

function arrayConcatAgg(manner: Manner): Value {
  const of = only(manner);
  if (of.type.kind !== 'ARRAY') throw refusedTypes(manner);
  return value(
    `flatten(${limited(manner, manner.write('list', [of.sql], `${of.sql} IS NOT NULL`))})`,
    of.type,
  );
}

function stringAgg(manner: Manner): Value {
  const [of, separator] = manner.values;
  const [text, between] = [of, separator].map((item) =>
    item === undefined ? undefined : coerce(item, STRING),
  );
  if (of?.type.kind === 'BYTES') throw invalidQuery('Not supported by this server: STRING_AGG of BYTES');
  if (text === undefined || (separator !== undefined && between === undefined)) throw refusedTypes(manner);
  const list = limited(manner, manner.write('list', [text.sql], `${text.sql} IS NOT NULL`));
  return value(`array_to_string(${list}, ${between?.sql ?? "','"})`, STRING);
}

const logical =
  (name: 'bool_and' | 'bool_or'): Aggregate =>
  (manner) => {
    const of = coerce(only(manner), BOOL);
    if (of === undefined) throw refusedTypes(manner);
    return value(manner.write(name, [of.sql]), BOOL);
  };

const bits =
  (name: string): Aggregate =>
  (manner) => {
    const of = coerce(only(manner), INT64);
    if (of === undefined) throw refusedTypes(manner);
    return value(manner.write(name, [of.sql]), INT64);
  };

const statistic =
  (name: string): Aggregate =>
  (manner) => {
    const args = manner.values.map((item) => coerce(item, FLOAT64));
    if (args.length === 0 || args.includes(undefined)) throw refusedTypes(manner);
    return value(
      manner.write(
        name,
        (args as Value[]).map((item) => item.sql),
      ),
      FLOAT64,
    );
  };

function correlation(manner: Manner): Value {
  const { sql } = statistic('corr')(manner);
  const pairs = statistic('regr_count')(manner).sql;
  return value(`CASE WHEN ${pairs} < 2 THEN NULL ELSE ${sql} END`, FLOAT64);
}

function countIf(manner: Manner): Value {
  const of = coerce(only(manner), BOOL);
  if (of === undefined) throw noSignature('COUNTIF', ...manner.values);
  return value(manner.write('count', [`CASE WHEN ${of.sql} THEN TRUE END`]), INT64);
}

function countDistinct(manner: Manner): Value {
  const of = only(manner);
  const argument = of.type.kind === 'BIGNUMERIC' ? scaled(of.sql) : of.sql;
  return value(manner.write('count', [`DISTINCT ${argument}`]), INT64);
}

// Exact, where BigQuery approximates: the numbers of small inputs are the same.
function quantiles(manner: Manner): Value {
  const [of, number] = manner.values;
  const parts = number?.literal?.kind === 'number' ? Number(number.literal.text) : NaN;
  if (of === undefined || !(parts >= 1)) throw refusedTypes(manner);
  if (manner.call.nulls === 'RESPECT')
    throw invalidQuery('Not supported by this server: APPROX_QUANTILES with RESPECT NULLS');
  const shares = Array.from({ length: parts + 1 }, (_, index) => `${index / parts}::DOUBLE`);
  if (of.type.kind === 'BIGNUMERIC')
    throw invalidQuery('Not supported by this server: APPROX_QUANTILES of BIGNUMERIC');
  return value(manner.write('quantile_disc', [of.sql, `[${shares.join(', ')}]`]), arrayOf(of.type));
}

function top(of: Value, list: string, number: Value | undefined, member: string, type: Type): Value {
  const size = number?.literal?.kind === 'number' ? number.literal.text : '10';
  const entry: Type = {
    kind: 'STRUCT',
    fields: [
      { name: 'value', type: of.type },
      { name: member, type },
    ],
  };
  return value(`list_slice(${list}, 1, ${size})`, arrayOf(entry));
}

const ranked = (pairs: string, amount: string, member: string): string =>
  `list_transform(list_sort(list_transform(${pairs}, lambda e: struct_pack(n := -(${amount}), v := e.v)), 'ASC', 'NULLS LAST'), lambda e: struct_pack("value" := e.v, "${member}" := -(e.n)))`;

function topCount(manner: Manner): Value {
  const [of, number] = manner.values;
  if (of === undefined) throw refusedTypes(manner);
  const groups = `list_transform(list_distinct(${manner.write('list', [`struct_pack(v := ${of.sql})`])}), lambda g: struct_pack(v := g.v, c := len(list_filter(${manner.write('list', [of.sql])}, lambda x: x IS NOT DISTINCT FROM g.v))))`;
  return top(of, ranked(groups, 'e.c', 'count'), number, 'count', INT64);
}

function topSum(manner: Manner): Value {
  const [of, weight, number] = manner.values;
  if (of === undefined || weight === undefined || !['INT64', 'FLOAT64', 'NUMERIC'].includes(weight.type.kind))
    throw refusedTypes(manner);
  const all = manner.write('list', [`struct_pack(v := ${of.sql}, w := ${weight.sql})`]);
  const groups = `list_transform(list_distinct(${manner.write('list', [`struct_pack(v := ${of.sql})`])}), lambda g: struct_pack(v := g.v, c := list_sum(list_transform(list_filter(${all}, lambda x: x.v IS NOT DISTINCT FROM g.v), lambda x: x.w))))`;
  return top(of, ranked(groups, 'e.c', 'sum'), number, 'sum', weight.type);
}

function grouping(manner: Manner): Value {
  return value(`CAST(grouping(${only(manner).sql}) AS BIGINT)`, INT64);
}

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  COUNT: count,
  COUNTIF: countIf,
  SUM: sum,
  AVG: average,
  MIN: extremum('min'),
  MAX: extremum('max'),
  ANY_VALUE: anyValue,
  MAX_BY: by('arg_max_null'),
  MIN_BY: by('arg_min_null'),
  ARRAY_AGG: arrayAgg,
  ARRAY_CONCAT_AGG: arrayConcatAgg,
  STRING_AGG: stringAgg,
  LOGICAL_AND: logical('bool_and'),
  LOGICAL_OR: logical('bool_or'),
  BIT_AND: bits('bit_and'),
  BIT_OR: bits('bit_or'),
  BIT_XOR: bits('bit_xor'),
  STDDEV: statistic('stddev_samp'),
  STDDEV_SAMP: statistic('stddev_samp'),
  STDDEV_POP: statistic('stddev_pop'),
  VARIANCE: statistic('var_samp'),
  VAR_SAMP: statistic('var_samp'),
  VAR_POP: statistic('var_pop'),
  CORR: correlation,
  COVAR_SAMP: statistic('covar_samp'),
  COVAR_POP: statistic('covar_pop'),
  APPROX_COUNT_DISTINCT: countDistinct,
  APPROX_QUANTILES: quantiles,
  APPROX_TOP_COUNT: topCount,
  APPROX_TOP_SUM: topSum,
  GROUPING: grouping,
};
