import type { JsonObject } from '../../rules/json.js';
import type { Call, Translation } from './call.js';
import { DATE_FUNCTIONS } from './date-functions.js';
import { JSON_FUNCTIONS } from './json-functions.js';
import type { Scope } from './scope.js';
import { isKnown } from './infer-type.js';
import { isSet, listOf, nodeOf, notTranslated, refuseParts } from './sql-tree.js';
import { structFields } from './structs.js';

/** DuckDB SQL of a function call; `SAFE.` prefixed calls give NULL in place of an error. */
export function call(kind: string, body: JsonObject, scope: Scope): string {
  const { name, nodes } = nameAndArguments(kind, body);
  if (name.startsWith('SAFE.')) return `TRY(${translate(name.slice(5), nodes, scope)})`;
  return translate(name, nodes, scope);
}

function translate(name: string, nodes: readonly unknown[], scope: Scope): string {
  const translation = FUNCTIONS[name] ?? DATE_FUNCTIONS[name] ?? JSON_FUNCTIONS[name];
  if (translation === undefined) throw notTranslated(`the function ${name}`);
  const arg = (index: number): string => {
    if (nodes[index] === undefined) throw notTranslated(`${name} with ${nodes.length} arguments`);
    return scope.render.expression(nodes[index], scope);
  };
  return translation({ name, nodes, scope, arg, args: () => nodes.map((_, index) => arg(index)) });
}

// Kinds whose name is not the function's.
const KIND_NAMES: Readonly<Record<string, string>> = {
  if_func: 'IF',
  mod_func: 'MOD',
  substring: 'SUBSTR',
  starts_with: 'STARTS_WITH',
  ends_with: 'ENDS_WITH',
  timestamp: 'TIMESTAMP',
  null_if: 'NULLIF',
  if_null: 'IFNULL',
  ceil: 'CEIL',
  str_position: 'STRPOS',
  json_extract: 'JSON_EXTRACT',
  array_length: 'ARRAY_LENGTH',
  current_timestamp: 'CURRENT_TIMESTAMP',
  current_date: 'CURRENT_DATE',
};
const ARGUMENT_KEYS = [
  'condition',
  'this',
  'true_value',
  'false_value',
  'expression',
  'expressions',
  'path',
  'start',
  'length',
  'decimals',
  'offset',
  'default',
  'characters',
  'old',
  'substr',
  'new',
  'n',
  'args',
];
const HARMLESS_KEYS = [
  'with_tz',
  'position',
  'sql_standard_syntax',
  'position_explicit',
  'trim_type',
  'to_json',
  'use_bracket_syntax',
  'bracket_notation',
];

function nameAndArguments(kind: string, body: JsonObject): { name: string; nodes: readonly unknown[] } {
  if (kind === 'function' || kind === 'aggregate_function') {
    refuseParts(String(body['name']), body, ['args']);
    return { name: String(body['name']).toUpperCase(), nodes: listOf(body, 'args') };
  }
  const name = KIND_NAMES[kind] ?? kind.toUpperCase();
  refuseParts(name, body, [...ARGUMENT_KEYS, ...HARMLESS_KEYS]);
  const nodes = ARGUMENT_KEYS.flatMap((key): readonly unknown[] => {
    if (!isSet(body, key)) return [];
    return Array.isArray(body[key]) ? (body[key] as unknown[]) : [body[key]];
  });
  return { name, nodes };
}

const same =
  (duckName: string): Translation =>
  (c) =>
    `${duckName}(${c.args().join(', ')})`;

const FUNCTIONS: Readonly<Record<string, Translation>> = {
  ABS: same('abs'),
  ARRAY: (c) => `ARRAY(${c.scope.render.query(c.nodes[0], c.scope)})`,
  ARRAY_CONCAT: (c) => `(${c.args().join(' || ')})`,
  ARRAY_LENGTH: same('len'),
  ARRAY_REVERSE: same('list_reverse'),
  ARRAY_TO_STRING: same('array_to_string'),
  BYTE_LENGTH: (c) => `${isKnown(c.nodes[0], 'BYTES', c.scope) ? 'octet_length' : 'strlen'}(${c.arg(0)})`,
  CEIL: same('ceil'),
  CHAR_LENGTH: same('length'),
  COALESCE: same('coalesce'),
  CONCAT: (c) => `(${c.args().join(' || ')})`,
  DENSE_RANK: same('dense_rank'),
  DIV: (c) => `(${c.arg(0)} // ${c.arg(1)})`,
  ENDS_WITH: same('ends_with'),
  ERROR: same('error'),
  EXP: same('exp'),
  FIRST_VALUE: same('first_value'),
  FLOOR: same('floor'),
  FROM_BASE64: same('from_base64'),
  FORMAT: format,
  FROM_HEX: same('from_hex'),
  GENERATE_ARRAY: same('generate_series'),
  GENERATE_UUID: () => 'CAST(uuid() AS VARCHAR)',
  GREATEST: (c) => nullIfAny(c, 'greatest'),
  IEEE_DIVIDE: (c) => `(CAST(${c.arg(0)} AS DOUBLE) / CAST(${c.arg(1)} AS DOUBLE))`,
  IF: (c) => `CASE WHEN ${c.arg(0)} THEN ${c.arg(1)} ELSE ${c.arg(2)} END`,
  IFNULL: same('coalesce'),
  IS_INF: same('isinf'),
  IS_NAN: same('isnan'),
  LAG: same('lag'),
  LAST_VALUE: same('last_value'),
  LEAD: same('lead'),
  LEAST: (c) => nullIfAny(c, 'least'),
  LENGTH: (c) => `${isKnown(c.nodes[0], 'BYTES', c.scope) ? 'octet_length' : 'length'}(${c.arg(0)})`,
  LN: same('ln'),
  LOWER: same('lower'),
  LPAD: (c) => `lpad(${c.arg(0)}, CAST(${c.arg(1)} AS INTEGER), ${c.nodes.length > 2 ? c.arg(2) : "' '"})`,
  LTRIM: same('ltrim'),
  MAX_BY: same('max_by'),
  MIN_BY: same('min_by'),
  MD5: (c) => `unhex(md5(${c.arg(0)}))`,
  MOD: (c) => `(${c.arg(0)} % ${c.arg(1)})`,
  NTH_VALUE: same('nth_value'),
  NTILE: same('ntile'),
  NULLIF: same('nullif'),
  PERCENT_RANK: same('percent_rank'),
  POW: same('pow'),
  POWER: same('pow'),
  RAND: () => 'random()',
  RANK: same('rank'),
  REGEXP_CONTAINS: same('regexp_matches'),
  REGEXP_EXTRACT: (c) => `bq_regexp_extract(${c.arg(0)}, ${c.arg(1)}, ${hasGroup(c, 1) ? 1 : 0})`,
  REGEXP_EXTRACT_ALL: (c) => `regexp_extract_all(${c.arg(0)}, ${c.arg(1)}, ${hasGroup(c, 1) ? 1 : 0})`,
  REGEXP_REPLACE: (c) => `regexp_replace(${c.arg(0)}, ${c.arg(1)}, ${c.arg(2)}, 'g')`,
  REPEAT: same('repeat'),
  REPLACE: same('replace'),
  REVERSE: same('reverse'),
  ROUND: same('round'),
  ROW_NUMBER: same('row_number'),
  RPAD: (c) => `rpad(${c.arg(0)}, CAST(${c.arg(1)} AS INTEGER), ${c.nodes.length > 2 ? c.arg(2) : "' '"})`,
  RTRIM: same('rtrim'),
  SAFE_CONVERT_BYTES_TO_STRING: same('bq_safe_utf8'),
  SAFE_DIVIDE: (c) => `(${c.arg(0)} / nullif(${c.arg(1)}, 0))`,
  SAFE_ADD: (c) => `TRY(${c.arg(0)} + ${c.arg(1)})`,
  SAFE_MULTIPLY: (c) => `TRY(${c.arg(0)} * ${c.arg(1)})`,
  SAFE_NEGATE: (c) => `TRY(- ${c.arg(0)})`,
  SAFE_SUBTRACT: (c) => `TRY(${c.arg(0)} - ${c.arg(1)})`,
  SHA1: (c) => `unhex(sha1(${c.arg(0)}))`,
  SHA256: (c) => `unhex(sha256(${c.arg(0)}))`,
  SIGN: same('sign'),
  SPLIT: (c) => `string_split(${c.arg(0)}, ${c.nodes.length > 1 ? c.arg(1) : "','"})`,
  SQRT: same('sqrt'),
  STARTS_WITH: same('starts_with'),
  STRPOS: same('strpos'),
  STRUCT: (c) => structFields(c.nodes, c.scope),
  SUBSTR: same('substr'),
  SUBSTRING: same('substr'),
  TO_BASE64: same('to_base64'),
  TO_CODE_POINTS: (c) => `list_transform(string_split(${c.arg(0)}, ''), lambda ch: unicode(ch))`,
  TO_HEX: (c) => `lower(hex(${c.arg(0)}))`,
  TRIM: same('trim'),
  TRUNC: same('trunc'),
  UNNEST: same('unnest'),
  UPPER: same('upper'),
};

// printf of both agrees on these; %t, %T and %' are GoogleSQL's own.
function format(c: Call): string {
  const { kind, body } = nodeOf(c.nodes[0]);
  const known =
    kind === 'literal' &&
    !/%(?!%|-?0?\d*(?:\.\d+)?[dsfxeg])/.test(String(body['value']).replaceAll('%%', ''));
  if (!known) throw notTranslated('FORMAT with anything but %d, %s, %f, %x, %e, %g');
  return `printf(${c.args().join(', ')})`;
}

// GREATEST and LEAST are NULL as soon as one argument is; DuckDB's skip NULLs.
function nullIfAny(c: Call, duckName: string): string {
  const isNull = c.args().map((argument) => `${argument} IS NULL`);
  return `CASE WHEN ${isNull.join(' OR ')} THEN NULL ELSE ${duckName}(${c.args().join(', ')}) END`;
}

function hasGroup(c: Call, index: number): boolean {
  const { kind, body } = nodeOf(c.nodes[index]);
  if (kind !== 'literal') throw notTranslated(`${c.name} with a pattern that is not a literal`);
  return /(^|[^\\])\((?!\?)/.test(String(body['value']));
}
