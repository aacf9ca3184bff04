import { invalidQuery } from '../../rules/api-error.js';
import type { Expression } from '../syntax/tree.js';
import { structColumns } from './access.js';
import { bignumericOf } from './casts.js';
import { coerce, mustCoerce, supertype } from './coerce.js';
import { intervalArithmetic } from './intervals.js';
import { compile, compileQuery, innerScope, type Scope } from './scope.js';
import {
  BIGNUMERIC,
  BOOL,
  FLOAT64,
  INT64,
  isNumber,
  isSameType,
  NUMERIC,
  STRING,
  type Type,
  typeText,
} from './types.js';
import { isNull, js, nullOf, type Value, value } from './value.js';

export function noSignature(operator: string, ...values: readonly Value[]): Error {
  const types = values.map((item) => (isNull(item) ? 'NULL' : typeText(item.type))).join(', ');
  return invalidQuery(`No matching signature for operator ${operator} for argument types: ${types}`);
}

/** The scaled integer inside a BIGNUMERIC. DuckDB compares it; it fails on ranges of the STRUCT around it. */
export function scaled(sql: string): string {
  return `struct_extract(${sql}, 'bignumeric')`;
}

/**
 * The numeric type that operands meet in: the one that converts the fewest of them, columns counting before literals.
 *
 * Shape: INT64 with INT64 is INT64 (FLOAT64 for `/`), NUMERIC with the literal 1.5 is NUMERIC.
 */
export function numericType(values: readonly Value[], candidates: readonly Type[]): Type | undefined {
  let best: { type: Type; cost: number } | undefined;
  for (const type of candidates) {
    if (values.some((item) => !isNull(item) && (!isNumber(item.type) || coerce(item, type) === undefined)))
      continue;
    const converted = values.filter((item) => !isSameType(item.type, type) && !isNull(item));
    const literals = converted.filter((item) => item.literal?.kind === 'number').length;
    const cost = (converted.length - literals) * 100 + literals;
    if (best === undefined || cost < best.cost) best = { type, cost };
  }
  return best?.type;
}

const ARITHMETIC = [INT64, FLOAT64, NUMERIC, BIGNUMERIC];
const DIVISION = [FLOAT64, NUMERIC, BIGNUMERIC];

/** An operator with two operands, AND and OR apart. */
export function binaryValue(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
      return intervalArithmetic(operator, left, right) ?? arithmetic(operator, left, right);
    case '||':
      return concatenate([left, right], '||');
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return bitwise(operator, left, right);
    default:
      return compare(operator, left, right);
  }
}

export function arithmetic(operator: '+' | '-' | '*' | '/', left: Value, right: Value): Value {
  const type = numericType([left, right], operator === '/' ? DIVISION : ARITHMETIC);
  const [a, b] = type === undefined ? [] : [coerce(left, type), coerce(right, type)];
  if (type === undefined || a === undefined || b === undefined) throw noSignature(operator, left, right);
  return value(arithmeticSql(operator, type, a.sql, b.sql), type);
}

const NAMES = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide' } as const;

function arithmeticSql(operator: '+' | '-' | '*' | '/', type: Type, a: string, b: string): string {
  switch (type.kind as string) {
    case 'INT64':
      return `(${a} ${operator} ${b})`;
    case 'FLOAT64':
      return operator === '/' ? `bq_div(${a}, ${b})` : `bq_finite((${a} ${operator} ${b}), ${a}, ${b})`;
    case 'NUMERIC':
      return operator === '+' || operator === '-'
        ? `(${a} ${operator} ${b})`
        : js(`numeric_${NAMES[operator]}`, a, b);
    default:
      return bignumericOf(js(`scaled_${NAMES[operator]}`, `bq_scaled(${a})`, `bq_scaled(${b})`));
  }
}

export function negate(of: Value): Value {
  if (!isNumber(of.type) && of.type.kind !== 'INTERVAL') throw noSignature('-', of);
  if (of.type.kind === 'BIGNUMERIC') return value(`bq_bignumeric_neg(${of.sql})`, of.type);
  return value(`(- ${of.sql})`, of.type);
}

/** `||` and CONCAT. */
export function concatenate(values: readonly Value[], operator: string): Value {
  const [first] = values.filter((item) => !isNull(item));
  const type = first?.type ?? STRING;
  if (type.kind === 'ARRAY') {
    const common = supertype(values);
    const arrays = common === undefined ? [] : values.map((item) => coerce(item, common));
    if (common === undefined || arrays.includes(undefined)) throw noSignature(operator, ...values);
    const parts = (arrays as Value[]).map((item) => item.sql);
    const anyNull = parts.map((part) => `${part} IS NULL`).join(' OR ');
    return value(`CASE WHEN ${anyNull} THEN NULL ELSE ${parts.join(' || ')} END`, common);
  }
  if (type.kind !== 'STRING' && type.kind !== 'BYTES') throw noSignature(operator, ...values);
  const texts = values.map((item) => coerce(item, type));
  if (texts.includes(undefined)) throw noSignature(operator, ...values);
  return value(`(${(texts as Value[]).map((item) => item.sql).join(' || ')})`, type);
}

function bitwise(operator: string, left: Value, right: Value): Value {
  const [a, b] = [coerce(left, INT64), coerce(right, INT64)];
  if (a === undefined || b === undefined) throw noSignature(operator, left, right);
  if (operator === '^') return value(`xor(${a.sql}, ${b.sql})`, INT64);
  if (operator === '<<') return value(js('shift_left', a.sql, b.sql), INT64);
  if (operator === '>>') return value(js('shift_right', a.sql, b.sql), INT64);
  return value(`(${a.sql} ${operator} ${b.sql})`, INT64);
}

/** Both sides as the type that they are compared in. */
function comparable(operator: string, left: Value, right: Value): readonly [Value, Value] {
  if (isNull(left) && isNull(right)) return [left, right];
  const numeric =
    isNumber(left.type) && isNumber(right.type) ? numericType([left, right], ARITHMETIC) : undefined;
  const type = numeric ?? supertype([left, right]);
  const [a, b] = type === undefined ? [] : [coerce(left, type), coerce(right, type)];
  if (type === undefined || a === undefined || b === undefined) throw noSignature(operator, left, right);
  const refused =
    ['ARRAY', 'JSON', 'GEOGRAPHY'].includes(type.kind) ||
    (type.kind === 'STRUCT' && !['=', '<>', 'IN', 'IS DISTINCT FROM'].includes(operator));
  if (refused)
    throw invalidQuery(
      operator === '=' || operator === '<>'
        ? `Equality is not defined for arguments of type ${typeText(type)}`
        : `${operator} is not defined for arguments of type ${typeText(type)}`,
    );
  return [a, b];
}

/** A comparison; FLOAT64's NaN is equal to nothing and neither less nor greater. */
export function compare(operator: string, left: Value, right: Value): Value {
  const [a, b] = comparable(operator, left, right);
  if (a.type.kind === 'STRUCT') return compareFields(operator, a, b);
  if (a.type.kind === 'BIGNUMERIC') return value(`(${scaled(a.sql)} ${operator} ${scaled(b.sql)})`, BOOL);
  const sql = `(${a.sql} ${operator} ${b.sql})`;
  if (a.type.kind !== 'FLOAT64') return value(sql, BOOL);
  const checked = operator === '>' || operator === '>=' ? [a, left] : [b, right];
  const [side, written] = checked as [Value, Value];
  if (written.literal?.kind === 'number' || written.type.kind === 'INT64') return value(sql, BOOL);
  if (operator === '<>') return value(`(${sql} OR (isnan(${side.sql}) AND ${a.sql} IS NOT NULL))`, BOOL);
  return value(`(${sql} AND NOT isnan(${side.sql}))`, BOOL);
}

/**
 * `=` and `<>` of STRUCTs: FALSE if any fields differ, otherwise NULL if a field of either is NULL.
 *
 * Source: docs/reference/standard-sql/operators#comparison_operators, from memory.
 */
function compareFields(operator: string, left: Value, right: Value): Value {
  const others = structColumns(right);
  const pairs = structColumns(left).map(({ value: field }, index) => {
    const other = others[index]?.value;
    return other === undefined ? 'FALSE' : compare('=', field, other).sql;
  });
  const equal = `(${pairs.length === 0 ? 'TRUE' : pairs.join(' AND ')})`;
  return value(operator === '<>' ? `(NOT ${equal})` : equal, BOOL);
}

function asBool(operator: string, of: Value): Value {
  const converted = coerce(of, BOOL);
  if (converted === undefined) throw noSignature(operator, of);
  return converted;
}

export function andOr(operator: 'AND' | 'OR', left: Value, right: Value): Value {
  const [a, b] = [coerce(left, BOOL), coerce(right, BOOL)];
  if (a === undefined || b === undefined) throw noSignature(operator, left, right);
  return value(`(${a.sql} ${operator} ${b.sql})`, BOOL);
}

export function not(of: Value): Value {
  return value(`(NOT ${asBool('NOT', of).sql})`, BOOL);
}

export function isValue(node: Extract<Expression, { kind: 'is' }>, scope: Scope): Value {
  const of = compile(node.of, scope);
  const word = node.not ? ' NOT' : '';
  if (node.what === 'NULL') return value(`(${of.sql} IS${word} NULL)`, BOOL);
  if (node.what === 'UNKNOWN') return value(`(${asBool('IS UNKNOWN', of).sql} IS${word} NULL)`, BOOL);
  if (node.what === 'TRUE' || node.what === 'FALSE')
    return value(`(${asBool(`IS ${node.what}`, of).sql} IS${word} ${node.what})`, BOOL);
  const [a, b] = comparable('IS DISTINCT FROM', of, compile(node.what, scope));
  const sides = a.type.kind === 'BIGNUMERIC' ? [scaled(a.sql), scaled(b.sql)] : [a.sql, b.sql];
  return value(`(${sides[0] ?? ''} IS${word} DISTINCT FROM ${sides[1] ?? ''})`, BOOL);
}

export function inValue(node: Extract<Expression, { kind: 'in' }>, scope: Scope): Value {
  const of = compile(node.of, scope);
  const found = isIn(of, node.set, scope);
  return node.not ? not(found) : found;
}

function isIn(of: Value, set: Extract<Expression, { kind: 'in' }>['set'], scope: Scope): Value {
  if (set.kind === 'list') {
    const pairs = set.items.map((item) => compare('=', of, compile(item, scope)));
    return pairs.length === 1
      ? (pairs[0] ?? of)
      : value(`(${pairs.map((pair) => pair.sql).join(' OR ')})`, BOOL);
  }
  if (set.kind === 'unnest') {
    const array = compile(set.array, scope);
    const element = array.type.kind === 'ARRAY' ? array.type.element : undefined;
    if (element === undefined)
      throw invalidQuery(
        `Values referenced in UNNEST must be arrays. UNNEST contains expression of type ${typeText(array.type)}`,
      );
    const [needle] = comparable('IN', of, value('NULL', element));
    const list = coerce(array, { kind: 'ARRAY', element: needle.type });
    if (list === undefined || !isSameType(needle.type, element))
      throw invalidQuery(
        `Cannot execute IN subquery with uncomparable types ${typeText(of.type)} and ${typeText(element)}`,
      );
    return value(`bq_in(${needle.sql}, ${list.sql})`, BOOL);
  }
  const inner = compileQuery(set.query, innerScope(scope));
  const [column] = inner.columns;
  if (column === undefined || inner.columns.length > 1)
    throw invalidQuery('Subquery of type IN must have only one output column');
  const [needle, member] = comparable('IN', of, value('q."c0"', column.type));
  if (needle.type.kind === 'STRUCT') {
    const test = compareFields('=', needle, member).sql;
    return value(
      `(SELECT CASE WHEN bool_or(e) THEN TRUE WHEN count(*) > count(e) THEN NULL ELSE FALSE END FROM (SELECT ${test} AS e FROM (${inner.sql}) AS q))`,
      BOOL,
    );
  }
  const sides =
    needle.type.kind === 'BIGNUMERIC' ? [scaled(needle.sql), scaled(member.sql)] : [needle.sql, member.sql];
  return value(`(${sides[0] ?? ''} IN (SELECT ${sides[1] ?? ''} FROM (${inner.sql}) AS q))`, BOOL);
}

export function likeValue(node: Extract<Expression, { kind: 'like' }>, scope: Scope): Value {
  const of = compile(node.of, scope);
  const found = matches(of, node, scope);
  return node.not ? not(found) : found;
}

function matches(of: Value, node: Extract<Expression, { kind: 'like' }>, scope: Scope): Value {
  const one = (pattern: Value): string => {
    const [a, b] = [coerce(of, STRING), coerce(pattern, STRING)];
    if (a === undefined || b === undefined) throw noSignature('LIKE', of, pattern);
    return `(${a.sql} LIKE ${b.sql} ESCAPE '\\')`;
  };
  if (!Array.isArray(node.patterns)) throw invalidQuery('Not supported by this server: LIKE with UNNEST');
  const patterns = (node.patterns as readonly Expression[]).map((pattern) => one(compile(pattern, scope)));
  return value(`(${patterns.join(node.quantifier === 'ALL' ? ' AND ' : ' OR ')})`, BOOL);
}

/** A value as INT64, or `No matching signature`. */
export function asInt64(of: Value, what: string): Value {
  if (isNull(of)) return nullOf(INT64);
  return mustCoerce(
    of,
    INT64,
    () => `No matching signature for ${what} for argument types: ${typeText(of.type)}`,
  );
}
