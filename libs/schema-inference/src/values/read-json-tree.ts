import { isJsonExact } from './decimal.js';
import type { ArrayNode, JsonNode, Member, NumberNode, ObjectNode, StringNode } from './json-tree.js';

/** A tree, and the problems with the keys of its text. */
export interface ReadTree {
  readonly root: JsonNode;
  /** The first key found twice in one object (compared after unescaping), or null. */
  readonly duplicateKey: DuplicateKey | null;
  /** Offset of the first key with an unpaired surrogate, or null. */
  readonly keyNotUnicodeAt: number | null;
}

/** A key that occurs twice in one object, and the offsets of both. */
export interface DuplicateKey {
  readonly key: string;
  readonly first: number;
  readonly second: number;
}

/** Literals of up to 15 characters without an exponent are kept by a double, hence by BigQuery's JSON type. */
const SURELY_EXACT_LENGTH = 15;
/** Below this many members a scan of the keys before is cheaper than a set. */
const SMALL_OBJECT = 12;

/**
 * Reads JSON text into a tree that keeps every literal.
 *
 * `JSON.parse` must have accepted the text, and it must have at most 100 levels: this reader checks no syntax, and its
 * recursion is bounded by that depth. Linear in the length of the text.
 */
export function readJsonTree(text: string): ReadTree {
  const reader = new TreeReader(text);
  const root = reader.readValue();
  return { root, duplicateKey: reader.duplicateKey, keyNotUnicodeAt: reader.keyNotUnicodeAt };
}

class TreeReader {
  duplicateKey: DuplicateKey | null = null;
  keyNotUnicodeAt: number | null = null;
  private at = 0;

  constructor(private readonly text: string) {}

  readValue(): JsonNode {
    this.skipSpace();
    const start = this.at;
    switch (this.text.charCodeAt(start)) {
      case 123:
        return this.readObject(start);
      case 91:
        return this.readArray(start);
      case 34: {
        const value = this.readString();
        return stringNode(start, this.at, value);
      }
      case 116:
        this.at += 4;
        return {
          kind: 'boolean',
          value: true,
          start,
          end: this.at,
          hasScalar: true,
          isUnicode: true,
          isJsonExact: true,
        };
      case 102:
        this.at += 5;
        return {
          kind: 'boolean',
          value: false,
          start,
          end: this.at,
          hasScalar: true,
          isUnicode: true,
          isJsonExact: true,
        };
      case 110:
        this.at += 4;
        return { kind: 'null', start, end: this.at, hasScalar: false, isUnicode: true, isJsonExact: true };
      default:
        return this.readNumber(start);
    }
  }

  private readObject(start: number): ObjectNode {
    const members: Member[] = [];
    let hasScalar = false;
    let isUnicode = true;
    let isExact = true;
    let seen: Set<string> | null = null;
    this.at++;
    for (;;) {
      this.skipSpace();
      const next = this.text.charCodeAt(this.at);
      if (next === 125) break;
      if (next === 44) {
        this.at++;
        this.skipSpace();
      }
      const keyAt = this.at;
      const key = this.readString();
      seen = this.checkKey(key, members, seen, keyAt);
      this.skipSpace();
      this.at++;
      const value = this.readValue();
      members.push({ key, value });
      hasScalar ||= value.hasScalar;
      isUnicode &&= value.isUnicode;
      isExact &&= value.isJsonExact;
    }
    this.at++;
    return { kind: 'object', members, start, end: this.at, hasScalar, isUnicode, isJsonExact: isExact };
  }

  private checkKey(
    key: string,
    members: readonly Member[],
    seen: Set<string> | null,
    keyAt: number,
  ): Set<string> | null {
    if (!key.isWellFormed()) this.keyNotUnicodeAt ??= keyAt;
    if (seen === null) {
      for (const member of members) if (member.key === key) this.foundTwice(members, key, keyAt);
      return members.length < SMALL_OBJECT ? null : new Set(members.map((member) => member.key)).add(key);
    }
    if (seen.has(key)) this.foundTwice(members, key, keyAt);
    return seen.add(key);
  }

  /** Keeps the first duplicate only. Its first place is the string before the colon before the first value. */
  private foundTwice(members: readonly Member[], key: string, second: number): void {
    if (this.duplicateKey !== null) return;
    const index = members.findIndex((member) => member.key === key);
    const first = this.text.indexOf('"', members[index - 1]?.value.end ?? this.objectStart(members[0]));
    this.duplicateKey = { key, first, second };
  }

  /** The offset after the brace of the object whose first member this is. */
  private objectStart(first: Member | undefined): number {
    const colon = this.text.lastIndexOf(':', (first?.value.start ?? 1) - 1);
    const keyEnd = this.text.lastIndexOf('"', colon);
    let at = keyEnd - 1;
    while (this.text[at] !== '"' || isEscaped(this.text, at)) at--;
    return at;
  }

  private readArray(start: number): ArrayNode {
    const elements: JsonNode[] = [];
    let hasScalar = false;
    let isUnicode = true;
    let isExact = true;
    this.at++;
    for (;;) {
      this.skipSpace();
      const next = this.text.charCodeAt(this.at);
      if (next === 93) break;
      if (next === 44) this.at++;
      const value = this.readValue();
      elements.push(value);
      hasScalar ||= value.hasScalar;
      isUnicode &&= value.isUnicode;
      isExact &&= value.isJsonExact;
    }
    this.at++;
    return { kind: 'array', elements, start, end: this.at, hasScalar, isUnicode, isJsonExact: isExact };
  }

  private readNumber(start: number): NumberNode {
    const text = this.text;
    let at = start;
    let mayRound = false;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 101 || code === 69) mayRound = true;
      else if ((code < 48 || code > 57) && code !== 46 && code !== 45 && code !== 43) break;
    }
    this.at = at;
    const literal = text.slice(start, at);
    mayRound ||= literal.length > SURELY_EXACT_LENGTH;
    const isExact = !mayRound || isJsonExact(literal);
    return {
      kind: 'number',
      literal,
      start,
      end: at,
      hasScalar: true,
      isUnicode: true,
      isJsonExact: isExact,
    };
  }

  /** The string that begins at the current quote, unescaped. */
  private readString(): string {
    const text = this.text;
    const start = this.at;
    let end = text.indexOf('"', start + 1);
    let hasEscape = false;
    while (text.charCodeAt(end - 1) === 92) {
      hasEscape = true;
      if (!isEscaped(text, end)) break;
      end = text.indexOf('"', end + 1);
    }
    this.at = end + 1;
    const raw = text.slice(start + 1, end);
    return hasEscape || raw.includes('\\') ? (JSON.parse(text.slice(start, end + 1)) as string) : raw;
  }

  private skipSpace(): void {
    const text = this.text;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }
}

/** True if an odd number of backslashes precedes the quote at `at`. Each run belongs to one quote: linear over a text. */
function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (text.charCodeAt(from - 1) === 92) from--;
  return (at - from) % 2 === 1;
}

function stringNode(start: number, end: number, value: string): StringNode {
  return {
    kind: 'string',
    value,
    start,
    end,
    hasScalar: true,
    isUnicode: value.isWellFormed(),
    isJsonExact: true,
  };
}
