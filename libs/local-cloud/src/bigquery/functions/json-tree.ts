import { jsonFloatText } from './float-text.js';

/** A number of a JSON document, as written. */
export class JsonNumber {
  constructor(readonly text: string) {}
}

/** A JSON document with its numbers as written; objects keep their order. */
export type Json = null | boolean | string | JsonNumber | readonly Json[] | ReadonlyMap<string, Json>;

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const MAX_DEPTH = 500;

/** Texts that are worth comparing before they are read again. */
const LONG_TEXT = 1_024;
/** Characters of the texts whose trees are kept. */
const MAX_KEPT = 16_000_000;

/** The last long texts, the oldest first, and their trees while nothing else holds them. */
const kept = new Map<string, WeakRef<object>>();
let keptLength = 0;

/**
 * Reads JSON. Of a key that comes twice the first value counts. Errors: `SyntaxError`.
 *
 * A query that looks at each member of long documents asks for the same texts again and again: each is read once.
 */
export function readJson(text: string): Json {
  const known = text.length < LONG_TEXT ? undefined : kept.get(text)?.deref();
  if (known !== undefined) return known as Json;
  const reader = new Reader(text);
  const tree = reader.value(0);
  reader.end();
  if (text.length >= LONG_TEXT && typeof tree === 'object' && tree !== null) keep(text, tree);
  return tree;
}

function keep(text: string, tree: object): void {
  if (!kept.has(text)) keptLength += text.length;
  kept.set(text, new WeakRef(tree));
  for (const [oldest] of kept) {
    if (keptLength <= MAX_KEPT || oldest === text) return;
    kept.delete(oldest);
    keptLength -= oldest.length;
  }
}

/** Codes of characters. */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const WORDS: readonly (readonly [string, null | boolean])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
];

/**
 * Looks at characters, without a pattern for each token: V8 stops optimising patterns in a process that has many of them,
 * and reading a document of a megabyte then takes seconds.
 */
class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  end(): void {
    this.#skipSpace();
    if (this.#at < this.text.length) throw new SyntaxError(`unexpected text at ${this.#at}`);
  }

  value(depth: number): Json {
    if (depth > MAX_DEPTH) throw new SyntaxError('JSON document is nested too deeply');
    const code = this.#peek();
    if (code === QUOTE) return this.#string();
    if (code === OPEN_ARRAY) return this.#array(depth);
    if (code === OPEN_OBJECT) return this.#object(depth);
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    return this.#number();
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) return;
      this.#at++;
    }
  }

  /** The code of the next character that is no space; NaN at the end. */
  #peek(): number {
    this.#skipSpace();
    return this.text.charCodeAt(this.#at);
  }

  #isNext(code: number): boolean {
    const isNext = this.#peek() === code;
    if (isNext) this.#at++;
    return isNext;
  }

  #expect(code: number): void {
    if (!this.#isNext(code)) throw new SyntaxError(`expected ${String.fromCharCode(code)} at ${this.#at}`);
  }

  #array(depth: number): Json {
    const items: Json[] = [];
    this.#expect(OPEN_ARRAY);
    if (this.#isNext(CLOSE_ARRAY)) return items;
    do items.push(this.value(depth + 1));
    while (this.#isNext(COMMA));
    this.#expect(CLOSE_ARRAY);
    return items;
  }

  #object(depth: number): Json {
    const members = new Map<string, Json>();
    this.#expect(OPEN_OBJECT);
    if (this.#isNext(CLOSE_OBJECT)) return members;
    do {
      if (this.#peek() !== QUOTE) throw new SyntaxError('expected a key');
      const key = this.#string();
      this.#expect(COLON);
      const member = this.value(depth + 1);
      if (!members.has(key)) members.set(key, member);
    } while (this.#isNext(COMMA));
    this.#expect(CLOSE_OBJECT);
    return members;
  }

  #string(): string {
    const start = this.#at;
    let isPlain = true;
    for (let at = start + 1; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return isPlain
          ? this.text.slice(start + 1, at)
          : (JSON.parse(this.text.slice(start, at + 1)) as string);
      }
      if (code === BACKSLASH) {
        isPlain = false;
        at++;
      } else if (!(code >= 0x20)) throw new SyntaxError(`syntax error while parsing value at ${start}`);
    }
  }

  #number(): JsonNumber {
    const start = this.#at;
    while (isOfNumber(this.text.charCodeAt(this.#at))) this.#at++;
    const text = this.text.slice(start, this.#at);
    if (!NUMBER.test(text)) throw new SyntaxError(`syntax error while parsing value at ${start}`);
    return new JsonNumber(text);
  }
}

/** `0`–`9`, `+`, `-`, `.`, `e`, `E`. */
function isOfNumber(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x45 ||
    code === 0x65
  );
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
