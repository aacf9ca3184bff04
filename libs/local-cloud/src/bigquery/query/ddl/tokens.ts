import { invalidQuery } from '../../rules/api-error.js';

/** A token of GoogleSQL with its place in the text; `text` of a quoted one is what is between the quotes. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const PATTERNS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s+|--[^\n]*|#[^\n]*|\/\*[^]*?\*\/)+/y],
  ['quoted', /`((?:[^`\\]|\\.)*)`/y],
  [
    'string',
    /[rR]?"""(?:[^\\]|\\[^])*?"""|[rR]?'''(?:[^\\]|\\[^])*?'''|[rR]?"(?:[^"\\\n]|\\[^])*"|[rR]?'(?:[^'\\\n]|\\[^])*'/y,
  ],
  ['number', /\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+/y],
  ['word', /[\p{L}_@][\p{L}\p{N}_]*/uy],
  ['sign', /<>|[^\s]/uy],
];

/** Splits GoogleSQL into tokens; comments and space are left out, the last token is `end`. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < sql.length) {
    const found = matchAt(sql, position);
    if (found.kind !== 'space') tokens.push(found as Token);
    position = found.end;
  }
  tokens.push({ kind: 'end', text: '', start: sql.length, end: sql.length });
  return tokens;
}

function matchAt(
  sql: string,
  position: number,
): Omit<Token, 'kind'> & { readonly kind: Token['kind'] | 'space' } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = position;
    const match = pattern.exec(sql);
    if (match === null) continue;
    const text = kind === 'quoted' ? (match[1] ?? '') : kind === 'string' ? unquote(match[0]) : match[0];
    return { kind, text, start: position, end: pattern.lastIndex };
  }
  throw invalidQuery(`Syntax error: unexpected text ${placeOf(sql, position)}`);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\u0007',
};

function unquote(literal: string): string {
  const raw = /^[rR]/.test(literal);
  const body = raw ? literal.slice(1) : literal;
  const inside = /^("""|''')/.test(body) ? body.slice(3, -3) : body.slice(1, -1);
  if (raw) return inside;
  return inside.replaceAll(
    /\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[^])/g,
    (_all, escape: string) =>
      /^[uUx]./.test(escape)
        ? String.fromCodePoint(parseInt(escape.slice(1), 16))
        : (ESCAPES[escape] ?? escape),
  );
}

/** `at [line:column]`, counted from 1, as BigQuery's messages end. */
export function placeOf(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split('\n');
  return `at [${before.length}:${(before.at(-1) ?? '').length + 1}]`;
}
