import { jsonFloatText } from './float-text.js';

/** A number of a JSON document, as written. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A JSON document with its numbers as written; objects keep their order. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | ReadonlyMap<string, Json>;

const TOKEN =
  /[ \t\n\r]*(?:([[\]{},:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null))/y;
const MAX_DEPTH = 500;

/** Texts that are worth comparing before they are read again. */
const LONG_TEXT = 1_024;

/** The last long text, and its tree while nothing else holds it. */
let last: { readonly text: string; readonly tree: WeakRef<object> } | undefined;

/**
 * Reads JSON. Of a key that comes twice the first value counts. Errors: `SyntaxError`.
 *
 * A query that looks at each member of a long document asks for the same text again and again: it is read once.
 */
export function readJson(text: string): Json {
  const known = last?.text === text ? last.tree.deref() : undefined;
  if (known !== undefined) return known as Json;
  const reader = new Reader(text);
  const tree = reader.value(0);
  reader.end();
  if (text.length >= LONG_TEXT && typeof tree === 'object' && tree !== null)
    last = { text, tree: new WeakRef(tree) };
  return tree;
}

class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.text);
    if (match === null) throw new SyntaxError(`syntax error while parsing value at ${this.#at}`);
    this.#at = TOKEN.lastIndex;
    return match;
  }

  end(): void {
    if (this.text.slice(this.#at).trim() !== '') throw new SyntaxError(`unexpected text at ${this.#at}`);
  }

  value(depth: number, token = this.#next()): Json {
    if (depth > MAX_DEPTH) throw new SyntaxError('JSON document is nested too deeply');
    const [, sign, string, number, word] = token;
    if (string !== undefined) return JSON.parse(string) as string;
    if (number !== undefined) return new JsonNumber(number);
    if (word !== undefined) return word === 'null' ? null : word === 'true';
    if (sign === '[') return this.#array(depth);
    if (sign === '{') return this.#object(depth);
    throw new SyntaxError(`unexpected ${sign ?? ''}`);
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    let token = this.#next();
    if (token[1] === ']') return items;
    for (;;) {
      items.push(this.value(depth + 1, token));
      const after = this.#next()[1];
      if (after === ']') return items;
      if (after !== ',') throw new SyntaxError('expected , or ]');
      token = this.#next();
    }
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    let token = this.#next();
    if (token[1] === '}') return members;
    for (;;) {
      if (token[2] === undefined) throw new SyntaxError('expected a key');
      const key = JSON.parse(token[2]) as string;
      if (this.#next()[1] !== ':') throw new SyntaxError('expected :');
      const member = this.value(depth + 1);
      if (!members.has(key)) members.set(key, member);
      const after = this.#next()[1];
      if (after === '}') return members;
      if (after !== ',') throw new SyntaxError('expected , or }');
      token = this.#next();
    }
  }
}

export function isObject(tree: Json | undefined): tree is ReadonlyMap<string, Json> {
  return tree instanceof Map;
}

export function isArray(tree: Json | undefined): tree is readonly Json[] {
  return Array.isArray(tree);
}

/** Compact text; members of objects in the order of their keys if `sorted`. */
export function writeJson(tree: Json, sorted = true): string {
  if (tree instanceof JsonNumber) return tree.text;
  if (isArray(tree)) return `[${tree.map((item) => writeJson(item, sorted)).join(',')}]`;
  if (!isObject(tree)) return JSON.stringify(tree);
  const entries = [...tree];
  if (sorted) entries.sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value, sorted)}`).join(',')}}`;
}

/** A number as BigQuery's JSON type keeps it: an integer of 64 bits, or a double; `undefined` if that changes it. */
export function canonicalNumber(text: string, mode: 'exact' | 'round'): string | undefined {
  if (/^-?\d+$/.test(text)) {
    const integer = BigInt(text);
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n)
      return integer === 0n && text === '-0' ? '-0.0' : String(integer);
  }
  const double = Number(text);
  if (!Number.isFinite(double)) return undefined;
  return mode === 'round' || isSameNumber(text, jsonFloatText(double)) ? jsonFloatText(double) : undefined;
}

function isSameNumber(a: string, b: string): boolean {
  return digitsOf(a) === digitsOf(b);
}

// Sign, significant digits and exponent: `1.50e2` → `15e1`.
function digitsOf(text: string): string {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const kept = digits.replace(/0+$/, '');
  if (kept === '') return '0';
  return `${sign}${kept}e${Number(exponent) - fraction.length + (digits.length - kept.length)}`;
}

function canonical(tree: Json, mode: 'exact' | 'round'): Json {
  if (tree instanceof JsonNumber) {
    const text = canonicalNumber(tree.text, mode);
    if (text === undefined)
      throw new SyntaxError(`Input number: ${tree.text} cannot round-trip through string representation`);
    return new JsonNumber(text);
  }
  if (isArray(tree)) return tree.map((item) => canonical(item, mode));
  return isObject(tree) ? new Map([...tree].map(([key, value]) => [key, canonical(value, mode)])) : tree;
}

/** The text that BigQuery's JSON type keeps of a text. Errors: `SyntaxError`. */
export function parseToCanonical(text: string, mode: 'exact' | 'round'): string {
  return writeJson(canonical(readJson(text), mode));
}

/** {@link parseToCanonical} of a literal; `undefined` if it is not JSON. */
export function canonicalJson(text: string): string | undefined {
  try {
    return parseToCanonical(text, 'exact');
  } catch {
    return undefined;
  }
}
