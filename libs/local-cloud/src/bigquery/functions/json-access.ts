import type { DuckDBValue } from '@duckdb/node-api';
import { define, defineVariadic } from './define.js';
import { encodeJson, type Shape, shapesOf, toTree } from './json-encoding.js';
import { jsonAt, jsonPathSteps } from './json-path.js';
import { scanJson } from './json-scan.js';
import {
  canonicalNumber,
  isArray,
  isObject,
  type Json,
  JsonNumber,
  parseToCanonical,
  readJson,
  writeJson,
} from './json-tree.js';

/** The value at a path of a text; `undefined` too if the text is not JSON. */
function find(text: string, path: string): Json | undefined {
  const steps = jsonPathSteps(path);
  try {
    return jsonAt(readJson(text), steps);
  } catch {
    return undefined;
  }
}

function scalarText(tree: Json | undefined): string | null {
  if (tree === undefined || tree === null || isArray(tree) || isObject(tree)) return null;
  if (tree instanceof JsonNumber) return tree.text;
  return String(tree);
}

function valueArray(text: string, path: string): string[] | null {
  const found = find(text, path);
  if (!isArray(found)) return null;
  const texts = found.map((item) => (item === null ? null : scalarText(item)));
  if (found.some((item, index) => item !== null && texts[index] === null)) return null;
  return texts as string[];
}

function integer(tree: Json): bigint | undefined {
  if (!(tree instanceof JsonNumber)) return undefined;
  const value = Number(tree.text);
  const exact = /^-?\d+$/.test(tree.text)
    ? BigInt(tree.text)
    : Number.isInteger(value)
      ? BigInt(value)
      : undefined;
  return exact === undefined || BigInt.asIntN(64, exact) !== exact ? undefined : exact;
}

function wanted<T>(value: T | undefined, type: string): T {
  if (value === undefined) throw new Error(`The provided JSON input is not ${type}`);
  return value;
}

function keysOf(tree: Json, depth: number, mode: string): string[] {
  const keys = new Set<string>();
  const walk = (node: Json, prefix: string, level: number, arrays: number): void => {
    if (isArray(node)) {
      if (mode === 'strict' || (mode === 'lax' && arrays > 0)) return;
      for (const item of node) walk(item, prefix, level, arrays + 1);
      return;
    }
    if (!isObject(node) || level >= depth) return;
    for (const [key, value] of node) {
      const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `"${key.replaceAll('"', '\\"')}"`;
      const path = prefix === '' ? name : `${prefix}.${name}`;
      keys.add(path);
      walk(value, path, level + 1, 0);
    }
  };
  walk(tree, '', 0, 0);
  return [...keys].sort((a, b) => (a < b ? -1 : 1));
}

function laxNumber(tree: Json): number | null {
  if (typeof tree === 'boolean') return null;
  if (tree instanceof JsonNumber) return Number(tree.text);
  if (typeof tree !== 'string') return null;
  const text = tree.trim();
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (special !== null)
    return special[2]?.toLowerCase() === 'nan' ? NaN : special[1] === '-' ? -Infinity : Infinity;
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function laxInteger(tree: Json): bigint | null {
  if (typeof tree === 'boolean') return tree ? 1n : 0n;
  const exact =
    typeof tree === 'string' && /^\s*[+-]?\d+\s*$/.test(tree)
      ? BigInt(tree.trim().replace('+', ''))
      : undefined;
  const value =
    exact ?? (tree instanceof JsonNumber && /^-?\d+$/.test(tree.text) ? BigInt(tree.text) : undefined);
  const rounded = value === undefined ? laxNumber(tree) : undefined;
  if (rounded === null || (rounded !== undefined && !Number.isFinite(rounded))) return null;
  const result = value ?? BigInt(Math.sign(rounded ?? 0) * Math.floor(Math.abs(rounded ?? 0) + 0.5));
  return BigInt.asIntN(64, result) === result ? result : null;
}

function laxBool(tree: Json): boolean | null {
  if (typeof tree === 'boolean') return tree;
  if (tree instanceof JsonNumber) return Number(tree.text) !== 0;
  if (typeof tree !== 'string') return null;
  const folded = tree.toLowerCase();
  return folded === 'true' ? true : folded === 'false' ? false : null;
}

function build(kind: 'array' | 'object', shapes: readonly Shape[], values: readonly DuckDBValue[]): string {
  const trees = values.map((value, index) => toTree(value, shapes[index] ?? 'NULL'));
  if (kind === 'array') return writeJson(trees);
  const members = new Map<string, Json>();
  const [first, second] = trees;
  const isPairs = trees.length === 2 && isArray(first) && isArray(second);
  if (isPairs && first.length !== second.length)
    throw new Error('The number of keys and values must match in JSON_OBJECT');
  const flat = isPairs ? first.flatMap((key, index) => [key, second[index] ?? null]) : trees;
  if (flat.length % 2 !== 0) throw new Error('JSON_OBJECT needs an even number of arguments');
  for (let index = 0; index < flat.length; index += 2) {
    const key = flat[index];
    if (typeof key !== 'string') throw new Error('The JSON key cannot be NULL');
    if (!members.has(key)) members.set(key, flat[index + 1] ?? null);
  }
  return writeJson(members);
}

/** Functions on JSON texts. Source: docs/reference/standard-sql/json_functions, read 2026-11-29. */
export const JSON_FUNCTIONS = [
  define('json_query', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, path) => {
    const found = find(text, path);
    return found === undefined || found === null ? null : writeJson(found, false);
  }),
  define('json_value', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, path) => scalarText(find(text, path))),
  define('json_scalar_at', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, path) => {
    const found = scanJson(text, jsonPathSteps(path));
    if (found === undefined || /^[[{n]/.test(found)) return null;
    return found.startsWith('"') ? (JSON.parse(found) as string) : found;
  }),
  define(
    'json_text_at',
    ['VARCHAR', 'VARCHAR'],
    'VARCHAR',
    (text, path) => scanJson(text, jsonPathSteps(path)) ?? null,
  ),
  define('json_query_array', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text, path) => {
    const found = find(text, path);
    return isArray(found) ? found.map((item) => writeJson(item, false)) : null;
  }),
  define('json_value_array', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', valueArray),
  define('json_at', ['VARCHAR', 'VARCHAR', 'BOOLEAN'], 'VARCHAR', (text, key, isPosition) => {
    const found = jsonAt(readJson(text), [isPosition ? Number(key) : key]);
    return found === undefined ? null : writeJson(found, false);
  }),
  define('json_keys', ['VARCHAR', 'BIGINT', 'VARCHAR'], 'VARCHAR[]', (text, depth, mode) => {
    if (depth < 1n) throw new Error('max_depth must be positive');
    return keysOf(readJson(text), Number(depth), mode);
  }),
  define('parse_json', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, mode) => {
    try {
      return parseToCanonical(text, mode === 'round' ? 'round' : 'exact');
    } catch (error) {
      throw new Error(`Invalid input to PARSE_JSON: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      });
    }
  }),
  define('json_string', ['VARCHAR'], 'VARCHAR', (text) => {
    const tree = readJson(text);
    return wanted(typeof tree === 'string' ? tree : undefined, 'a string');
  }),
  define('json_int64', ['VARCHAR'], 'BIGINT', (text) => wanted(integer(readJson(text)), 'an integer')),
  define('json_bool', ['VARCHAR'], 'BOOLEAN', (text) => {
    const tree = readJson(text);
    return wanted(typeof tree === 'boolean' ? tree : undefined, 'a boolean');
  }),
  define('json_float', ['VARCHAR', 'BOOLEAN'], 'DOUBLE', (text, exact) => {
    const tree = readJson(text);
    const number = wanted(tree instanceof JsonNumber ? tree : undefined, 'a number');
    const isExact = !/^-?\d+$/.test(number.text) || BigInt(number.text) === BigInt(Number(number.text));
    if (exact && (!isExact || canonicalNumber(number.text, 'exact') === undefined))
      throw new Error(`JSON number: ${number.text} cannot be converted to DOUBLE without loss of precision`);
    return Number(number.text);
  }),
  define('lax_int64', ['VARCHAR'], 'BIGINT', (text) => laxInteger(readJson(text))),
  define('lax_float64', ['VARCHAR'], 'DOUBLE', (text) => laxNumber(readJson(text))),
  define('lax_bool', ['VARCHAR'], 'BOOLEAN', (text) => laxBool(readJson(text))),
  define('lax_string', ['VARCHAR'], 'VARCHAR', (text) => scalarText(readJson(text))),
  defineVariadic('to_json_string', ['VARCHAR', 'BOOLEAN'], 'VARCHAR', ([shape, pretty], [value]) =>
    encodeJson(value ?? null, JSON.parse(shape) as Shape, pretty),
  ),
  defineVariadic('to_json', ['VARCHAR', 'BOOLEAN'], 'VARCHAR', ([shape], [value]) =>
    writeJson(toTree(value ?? null, JSON.parse(shape) as Shape)),
  ),
  defineVariadic('json_array', ['VARCHAR'], 'VARCHAR', ([shapes], values) =>
    build('array', shapesOf(shapes), values),
  ),
  defineVariadic('json_object', ['VARCHAR'], 'VARCHAR', ([shapes], values) =>
    build('object', shapesOf(shapes), values),
  ),
];
