import { invalidQuery } from '../../rules/api-error.js';
import { placeOf } from '../syntax/tokens.js';
import type { Expression } from '../syntax/tree.js';
import { fieldAt, jsonStep, member } from './access.js';
import { callValue } from './calls.js';
import { castSql } from './casts.js';
import { castWithFormat } from './format-cast.js';
import { arrayValue, coerce, mustCoerce, structValue, supertype, unify } from './coerce.js';
import { extractValue } from './date-extract.js';
import { intervalValue } from './intervals.js';
import { literalValue, negatedLiteral } from './literals.js';
import { andOr, binaryValue, compare, inValue, isValue, likeValue, negate, not } from './operators.js';
import { jsonKeyStep } from './json-steps.js';
import {
  columnsNamed,
  compile,
  compileQuery,
  innerScope,
  isSameName,
  lookUp,
  type Scope,
  sourceNamed,
} from './scope.js';
import { inferredName } from './names.js';
import { arrayOf, BOOL, INT64, isNumber, type Type, typeOfField, typeOfName, typeText } from './types.js';
import { isNull, js, UNTYPED_NULL, type Value, value } from './value.js';
import { parameterSize } from './parameterized.js';

/** DuckDB SQL and type of a GoogleSQL expression. Errors: `invalidQuery` in BigQuery's words. */
export function expression(node: Expression, scope: Scope): Value {
  switch (node.kind) {
    case 'literal':
      return literalValue(node);
    case 'name':
      return named(node.name, scope, node.at);
    case 'field':
      return fieldValue(node, scope);
    case 'index':
      return indexValue(node, scope);
    case 'unary':
      return unary(node, scope);
    case 'binary':
      return node.operator === 'AND' || node.operator === 'OR'
        ? andOr(node.operator, compile(node.left, scope), compile(node.right, scope))
        : binaryValue(node.operator, compile(node.left, scope), compile(node.right, scope));
    case 'is':
      return isValue(node, scope);
    case 'between': {
      const of = compile(node.of, scope);
      const inside = andOr(
        'AND',
        compare('>=', of, compile(node.low, scope)),
        compare('<=', of, compile(node.high, scope)),
      );
      return node.not ? not(inside) : inside;
    }
    case 'in':
      return inValue(node, scope);
    case 'like':
      return likeValue(node, scope);
    case 'case':
      return caseValue(node, scope);
    case 'cast':
      return castValue(node, scope);
    case 'call':
      return callValue(node, scope);
    case 'extract':
      return extractValue(node, scope);
    case 'array':
      return arrayLiteral(node, scope);
    case 'struct':
      return structLiteral(node, scope);
    case 'subquery':
      return subqueryValue(node, scope);
    case 'parameter':
      return parameterValue(node.name, scope);
    case 'system':
      return systemValue(node.name, scope);
    case 'interval':
      return intervalValue(node, scope);
    case 'lambda':
      throw invalidQuery('Syntax error: Unexpected lambda');
    case 'with': {
      let inner = scope;
      for (const { name, value: given } of node.values)
        inner = { ...innerScope(inner), names: new Map([[name.toLowerCase(), compile(given, inner)]]) };
      return compile(node.body, inner);
    }
    case 'default':
      throw invalidQuery('Syntax error: Unexpected keyword DEFAULT');
  }
}

function named(name: string, scope: Scope, at: number): Value {
  const found = lookUp(name, scope, at);
  if (found !== undefined) return found;
  const niladic = NILADIC.has(name.toUpperCase()) ? name.toUpperCase() : undefined;
  if (niladic === undefined)
    throw invalidQuery(`Unrecognized name: ${name} ${placeOf(scope.environment.sql, at)}`);
  return callValue({ ...CALL, name: niladic, path: [niladic], at }, scope);
}

const NILADIC = new Set(['CURRENT_DATE', 'CURRENT_DATETIME', 'CURRENT_TIME', 'CURRENT_TIMESTAMP']);
const CALL = {
  kind: 'call',
  args: [],
  named: {},
  star: false,
  distinct: false,
  nulls: undefined,
  having: undefined,
  orderBy: [],
  limit: undefined,
  over: undefined,
} as const;

function fieldValue(node: Extract<Expression, { kind: 'field' }>, scope: Scope): Value {
  const place = (): string => placeOf(scope.environment.sql, node.at);
  if (node.of.kind === 'name') {
    const source = sourceNamed(node.of.name, scope);
    const isColumn = source !== undefined && isColumnBefore(node.of.name, scope);
    if (source !== undefined && !isColumn) {
      const columns = columnsNamed(node.name, source);
      if (columns.length > 1) throw invalidQuery(`Column name ${node.name} is ambiguous ${place()}`);
      const [column] = columns;
      // The element of UNNEST is a column of its own name only outside a path.
      if (column !== undefined && column.value !== source.row)
        return { ...column.value, name: column.name ?? node.name };
      if (source.row !== undefined) return member(source.row, node.name, place);
      throw invalidQuery(`Name ${node.name} not found inside ${node.of.name} ${place()}`);
    }
  }
  return member(compile(node.of, scope), node.name, place);
}

// A column hides a table alias of the same name.
function isColumnBefore(name: string, scope: Scope): boolean {
  for (let place: Scope | undefined = scope; place !== undefined; place = place.outer) {
    const hasAlias = place.sources.some((source) => isSameName(source.alias, name));
    const isElsewhere = place.sources.some(
      (source) => !isSameName(source.alias, name) && columnsNamed(name, source).length > 0,
    );
    if (hasAlias) return false;
    if (isElsewhere) return true;
  }
  return false;
}

function indexValue(node: Extract<Expression, { kind: 'index' }>, scope: Scope): Value {
  const of = compile(node.of, scope);
  const index = compile(node.index, scope);
  if (of.type.kind === 'JSON') return jsonIndex(of, index, node.by);
  if (of.type.kind === 'STRUCT' && index.literal?.kind === 'number')
    return fieldAt(of, Number(index.literal.text) - (node.by.endsWith('ORDINAL') ? 1 : 0));
  if (of.type.kind !== 'ARRAY')
    throw invalidQuery(`Element access using [] is not supported on values of type ${typeText(of.type)}`);
  const position = mustCoerce(
    index,
    INT64,
    () => `Array position in [] must be coercible to INT64 type, but has type ${typeText(index.type)}`,
  );
  const zeroBased = node.by.endsWith('ORDINAL') ? `(${position.sql} - 1)` : position.sql;
  return value(
    `${node.by.startsWith('SAFE') ? 'bq_safe_at' : 'bq_at'}(${of.sql}, ${zeroBased})`,
    of.type.element,
  );
}

function jsonIndex(of: Value, index: Value, by: string): Value {
  if (by !== 'plain')
    throw invalidQuery(`Subscript access using [${by}()] is not supported on values of type JSON`);
  if (index.literal?.kind === 'string') return jsonStep(of, jsonKeyStep(index.literal.text));
  if (index.literal?.kind === 'number' && index.type.kind === 'INT64' && !index.literal.text.startsWith('-'))
    return jsonStep(of, `[${index.literal.text}]`);
  const key = index.type.kind === 'INT64' ? `CAST(${index.sql} AS VARCHAR)` : index.sql;
  if (!['INT64', 'STRING'].includes(index.type.kind))
    throw invalidQuery(
      `Subscript access using [${typeText(index.type)}] is not supported on values of type JSON`,
    );
  return value(
    `CAST(${js('json_at', `CAST(${of.sql} AS VARCHAR)`, key, String(index.type.kind === 'INT64'))} AS JSON)`,
    of.type,
  );
}

function unary(node: Extract<Expression, { kind: 'unary' }>, scope: Scope): Value {
  if (node.operator === '-') {
    const literal = negatedLiteral(node.of);
    if (literal !== undefined) return literal;
  }
  const of = compile(node.of, scope);
  if (node.operator === 'NOT') return not(of);
  if (node.operator === '-') return negate(of);
  if (node.operator === '+') {
    if (!isNumber(of.type)) throw noSignature('+', [of]);
    return of;
  }
  if (of.type.kind !== 'INT64') throw noSignature('~', [of]);
  return value(`(~ ${of.sql})`, INT64);
}

function noSignature(operator: string, values: readonly Value[]): Error {
  return invalidQuery(
    `No matching signature for operator ${operator} for argument types: ${values.map((v) => typeText(v.type)).join(', ')}`,
  );
}

function caseValue(node: Extract<Expression, { kind: 'case' }>, scope: Scope): Value {
  const of = node.of === undefined ? undefined : compile(node.of, scope);
  const conditions = node.whens.map(([when]) => {
    const condition = compile(when, scope);
    return of === undefined
      ? mustCoerce(condition, BOOL, () => `CASE condition is no BOOL but ${typeText(condition.type)}`)
      : compare('=', of, condition);
  });
  const results = [
    ...node.whens.map(([, then]) => compile(then, scope)),
    node.otherwise === undefined ? UNTYPED_NULL : compile(node.otherwise, scope),
  ];
  const { type, values } = unify(results, 'operator CASE');
  const branches = conditions.map(
    (condition, index) => `WHEN ${condition.sql} THEN ${values[index]?.sql ?? ''}`,
  );
  return value(`CASE ${branches.join(' ')} ELSE ${values.at(-1)?.sql ?? 'NULL'} END`, type);
}

function castValue(node: Extract<Expression, { kind: 'cast' }>, scope: Scope): Value {
  const of = compile(node.of, scope);
  const type = typeOfName(node.type);
  if (node.format !== undefined) return castWithFormat(node, of, type, scope);
  if (isNull(of)) return { sql: coerce(of, type)?.sql ?? 'NULL', type };
  // Literals become what they are cast to by their digits: CAST(1.1 AS NUMERIC) is exact.
  const direct = of.literal?.kind === 'number' || of.literal?.kind === 'items' ? coerce(of, type) : undefined;
  const sql = direct?.sql ?? castSql(of.sql, of.type, type, node.safe);
  return value(parameterSize(sql, type, node.type, node.safe), type);
}

function arrayLiteral(node: Extract<Expression, { kind: 'array' }>, scope: Scope): Value {
  const items = node.items.map((item) => compile(item, scope));
  if (node.type?.element !== undefined) {
    const element = typeOfName(node.type.element);
    const converted = items.map((item) =>
      mustCoerce(
        item,
        element,
        () => `Array element type ${typeText(item.type)} does not coerce to ${typeText(element)}`,
      ),
    );
    return { ...value(arrayValue(converted, element).sql, arrayOf(element)) };
  }
  if (items.length === 0) return arrayValue([], INT64);
  const element = supertype(items);
  const converted = element === undefined ? [] : items.map((item) => coerce(item, element));
  if (element === undefined || converted.includes(undefined))
    throw invalidQuery(
      `Array elements of types {${[...new Set(items.map((item) => typeText(item.type)))].join(', ')}} do not have a common supertype`,
    );
  arrayOf(element);
  return { ...arrayValue(converted as Value[], element), literal: { kind: 'items', items } };
}

function structLiteral(node: Extract<Expression, { kind: 'struct' }>, scope: Scope): Value {
  const items = node.items.map((item) => compile(item.value, scope));
  const written = node.type === undefined ? undefined : typeOfName(node.type);
  if (written?.kind === 'STRUCT') {
    if (written.fields.length !== items.length)
      throw invalidQuery(
        `STRUCT type has ${written.fields.length} fields but constructor call has ${items.length} fields`,
      );
    const converted = written.fields.map((field, index) => {
      const item = items[index] ?? UNTYPED_NULL;
      return mustCoerce(
        item,
        field.type,
        () =>
          `Struct field ${index + 1} has type ${typeText(item.type)} which does not coerce to ${typeText(field.type)}`,
      );
    });
    const { sql, type } = structValue(converted, written);
    return value(sql, type);
  }
  const fields = items.map((item, index) => ({
    name: node.items[index]?.name ?? (node.isTuple ? undefined : inferredName(node.items[index]?.value)),
    type: item.type,
  }));
  return structValue(items, { kind: 'STRUCT', fields });
}

function subqueryValue(node: Extract<Expression, { kind: 'subquery' }>, scope: Scope): Value {
  const inner = compileQuery(node.query, innerScope(scope));
  if (node.as === 'exists') return value(`EXISTS (${inner.sql})`, BOOL);
  const [column] = inner.columns;
  if (column === undefined || inner.columns.length > 1)
    throw invalidQuery(
      node.as === 'array'
        ? 'ARRAY subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values'
        : 'Scalar subquery cannot have more than one column unless using SELECT AS STRUCT to build STRUCT values',
    );
  if (node.as === 'scalar') return value(`(${inner.sql})`, column.type);
  return value(`ARRAY(${inner.sql})`, arrayOf(column.type));
}

function parameterValue(name: string | undefined, scope: Scope): Value {
  const { sql, parameter } = scope.environment.resolver.parameter(name);
  const type: Type = typeOfField(parameter.field);
  return { sql, type, literal: { kind: 'parameter' } };
}

function systemValue(name: string, scope: Scope): Value {
  const variable = scope.environment.resolver.systemVariable(name.toLowerCase());
  if (variable === undefined)
    throw invalidQuery(`Not supported by this server: the system variable @@${name}`);
  return literalValue({ kind: 'literal', type: 'STRING', text: variable, at: 0 });
}
