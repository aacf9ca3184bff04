import { invalidQuery, messageOf } from '../../rules/api-error.js';
import { quoteText } from '../../warehouse/duckdb-types.js';
import type { Call, Expression } from '../syntax/tree.js';
import { coerce } from './coerce.js';
import type { Special } from './date-arguments.js';
import { jsonPathSteps } from '../../functions/json-path.js';
import { duckPath } from './json-steps.js';
import { compile, type Scope } from './scope.js';
import { descriptor } from './type-descriptor.js';
import { arrayOf, BOOL, FLOAT64, INT64, JSON_TYPE, scalar, STRING, type Type, typeText } from './types.js';
import { isNull, js, nullOf, type Value, value } from './value.js';

function textOf(json: Value): string {
  return json.type.kind === 'JSON' ? `CAST(${json.sql} AS VARCHAR)` : json.sql;
}

function asJson(sql: string): Value {
  return value(`CAST(${sql} AS JSON)`, JSON_TYPE);
}

function document(call: Call, scope: Scope): Value {
  const [node] = call.args;
  const of = node === undefined ? undefined : compile(node, scope);
  if (of !== undefined && isNull(of)) return nullOf(STRING);
  if (of?.type.kind !== 'JSON' && of?.type.kind !== 'STRING')
    throw invalidQuery(
      `No matching signature for function ${call.name} for argument types: ${of === undefined ? '' : typeText(of.type)}`,
    );
  return of;
}

/** The literal path of a call; `$` without one. */
function pathOf(call: Call, scope: Scope): { readonly text: string; readonly duck: string | undefined } {
  const [, node] = call.args;
  if (node === undefined) return { text: '$', duck: '$' };
  const path = compile(node, scope);
  if (path.literal?.kind !== 'string')
    throw invalidQuery(`JSONPath must be a string literal or query parameter`);
  try {
    return { text: path.literal.text, duck: duckPath(jsonPathSteps(path.literal.text)) };
  } catch (error) {
    throw invalidQuery(messageOf(error), error);
  }
}

/** JSON_QUERY and its like: JSON for JSON, STRING for STRING. */
function query(call: Call, scope: Scope): Value {
  const of = document(call, scope);
  const path = pathOf(call, scope);
  if (of.type.kind === 'JSON') {
    const base = of.json ?? { document: of.sql, path: '$' };
    if (path.duck !== undefined) {
      const whole = `${base.path}${path.duck.slice(1)}`;
      const sql = whole === '$' ? of.sql : `bq_json_extract(${base.document}, ${quoteText(whole)})`;
      return { ...value(sql, JSON_TYPE), json: { document: base.document, path: whole } };
    }
    return asJson(js('json_query', textOf(of), quoteText(path.text)));
  }
  return value(js('json_query', of.sql, quoteText(path.text)), STRING);
}

function scalarOf(call: Call, scope: Scope): Value {
  const of = document(call, scope);
  const path = pathOf(call, scope);
  if (of.type.kind !== 'JSON' || path.duck === undefined)
    return value(js('json_value', textOf(of), quoteText(path.text)), STRING);
  const base = of.json ?? { document: of.sql, path: '$' };
  return value(`bq_json_scalar(${base.document}, ${quoteText(`${base.path}${path.duck.slice(1)}`)})`, STRING);
}

const arrayWith =
  (name: string, fromJson: Type): Special =>
  (call, scope) => {
    const of = document(call, scope);
    const path = pathOf(call, scope);
    const list = js(name, textOf(of), quoteText(path.text));
    if (fromJson.kind === 'STRING' || of.type.kind === 'STRING') return value(list, arrayOf(STRING));
    return value(`CAST(${list} AS JSON[])`, arrayOf(JSON_TYPE));
  };

/** INT64(json), BOOL(json) …: an error where the JSON is of another kind; LAX_… gives NULL. */
const converted =
  (name: string, type: Type): Special =>
  (call, scope) => {
    const of = document(call, scope);
    if (of.type.kind !== 'JSON')
      throw invalidQuery(
        `No matching signature for function ${call.name} for argument types: ${typeText(of.type)}`,
      );
    const mode = call.named['wide_number_mode'];
    const exact = mode?.kind === 'literal' && mode.text === 'exact';
    return value(js(name, textOf(of), ...(name === 'json_float' ? [String(exact)] : [])), type);
  };

function toJson(call: Call, scope: Scope): Value {
  const [node] = call.args;
  if (node === undefined) throw invalidQuery(`No matching signature for function ${call.name}`);
  const of = compile(node, scope);
  const isString = call.name === 'TO_JSON_STRING';
  const pretty =
    call.args[1] === undefined ? 'FALSE' : (coerce(compile(call.args[1], scope), BOOL)?.sql ?? 'FALSE');
  const shape = isNull(of) ? 'NULL' : descriptor(of.type);
  const sql = js(
    isString ? 'to_json_string' : 'to_json',
    quoteText(JSON.stringify(shape)),
    isString ? pretty : 'FALSE',
    of.type.kind === 'JSON' ? textOf(of) : of.sql,
  );
  return isString ? value(sql, STRING) : asJson(sql);
}

function build(name: 'json_array' | 'json_object'): Special {
  return (call, scope) => {
    const values = call.args.map((node) => compile(node, scope));
    const [keys, items] = values;
    const isPairs = name === 'json_object' && keys?.type.kind === 'ARRAY' && items?.type.kind === 'ARRAY';
    const shapes = JSON.stringify(values.map((item) => (isNull(item) ? 'NULL' : descriptor(item.type))));
    if (
      name === 'json_object' &&
      !isPairs &&
      values.some((item, index) => index % 2 === 0 && item.type.kind !== 'STRING')
    )
      throw invalidQuery(
        `No matching signature for function JSON_OBJECT for argument types: ${values.map((item) => typeText(item.type)).join(', ')}`,
      );
    return asJson(
      js(
        name,
        quoteText(shapes),
        ...values.map((item) => (item.type.kind === 'JSON' ? textOf(item) : item.sql)),
      ),
    );
  };
}

/** JSON_SET, JSON_REMOVE and others that give the document changed. */
const changed: Special = (call, scope) => {
  const [of, ...rest] = call.args.map((node) => compile(node, scope));
  if (of?.type.kind !== 'JSON') throw invalidQuery(`No matching signature for function ${call.name}`);
  const flags = Object.fromEntries(Object.entries(call.named).map(([key, node]) => [key, namedFlag(node)]));
  const shapes = JSON.stringify(rest.map((item) => (isNull(item) ? 'NULL' : descriptor(item.type))));
  const head = [quoteText(call.name), quoteText(JSON.stringify(flags)), quoteText(shapes), textOf(of)];
  return asJson(
    js('json_change', ...head, ...rest.map((item) => (item.type.kind === 'JSON' ? textOf(item) : item.sql))),
  );
};

function namedFlag(node: Expression): boolean {
  return node.kind === 'literal' && node.text === 'true';
}

function keys(call: Call, scope: Scope): Value {
  const of = document(call, scope);
  if (of.type.kind !== 'JSON')
    throw invalidQuery(
      `No matching signature for function JSON_KEYS for argument types: ${typeText(of.type)}`,
    );
  const depthNode = call.args[1] ?? call.named['max_depth'];
  const depth =
    depthNode === undefined ? '1000::BIGINT' : (coerce(compile(depthNode, scope), INT64)?.sql ?? 'NULL');
  const mode = call.named['mode'];
  const modeText = mode?.kind === 'literal' ? mode.text : 'strict';
  return value(js('json_keys', textOf(of), depth, quoteText(modeText)), arrayOf(STRING));
}

function parse(call: Call, scope: Scope): Value {
  const of = document(call, scope);
  if (of.type.kind !== 'STRING')
    throw invalidQuery(
      `No matching signature for function PARSE_JSON for argument types: ${typeText(of.type)}`,
    );
  const node = call.named['wide_number_mode'] ?? call.args[1];
  const mode = node?.kind === 'literal' ? node.text : 'exact';
  if (mode !== 'exact' && mode !== 'round') throw invalidQuery(`Invalid wide_number_mode: ${mode}`);
  return asJson(js('parse_json', of.sql, quoteText(mode)));
}

/** Functions on JSON. Source: docs/reference/standard-sql/json_functions, read 2026-11-29. */
export const JSON_FUNCTIONS: Readonly<Record<string, Special>> = {
  JSON_QUERY: query,
  JSON_EXTRACT: query,
  JSON_VALUE: scalarOf,
  JSON_EXTRACT_SCALAR: scalarOf,
  JSON_QUERY_ARRAY: arrayWith('json_query_array', JSON_TYPE),
  JSON_EXTRACT_ARRAY: arrayWith('json_query_array', JSON_TYPE),
  JSON_VALUE_ARRAY: arrayWith('json_value_array', STRING),
  JSON_EXTRACT_STRING_ARRAY: arrayWith('json_value_array', STRING),
  JSON_TYPE: (call, scope) => {
    const of = document(call, scope);
    if (of.type.kind !== 'JSON')
      throw invalidQuery(
        `No matching signature for function JSON_TYPE for argument types: ${typeText(of.type)}`,
      );
    return value(`bq_json_type(${of.sql})`, STRING);
  },
  JSON_KEYS: keys,
  PARSE_JSON: parse,
  TO_JSON: toJson,
  TO_JSON_STRING: toJson,
  JSON_ARRAY: build('json_array'),
  JSON_OBJECT: build('json_object'),
  JSON_SET: changed,
  JSON_REMOVE: changed,
  JSON_STRIP_NULLS: changed,
  JSON_ARRAY_APPEND: changed,
  JSON_ARRAY_INSERT: changed,
  INT64: converted('json_int64', INT64),
  FLOAT64: converted('json_float', FLOAT64),
  BOOL: converted('json_bool', scalar('BOOL')),
  LAX_INT64: converted('lax_int64', INT64),
  LAX_FLOAT64: converted('lax_float64', FLOAT64),
  LAX_BOOL: converted('lax_bool', scalar('BOOL')),
  LAX_STRING: converted('lax_string', STRING),
};
