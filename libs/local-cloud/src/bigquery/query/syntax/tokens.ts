import { invalidQuery } from '../../rules/api-error.js';
import { stringValue } from './string-literals.js';

/** A token of GoogleSQL with its place in the text; `text` of a quoted one is its value. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'bytes' | 'number' | 'parameter' | 'system' | 'sign' | 'end';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /(?:[\s\uFEFF]+|--[^\n]*|#[^\n]*|\/\*[^]*?\*\/)+/y;
const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['quoted', /`(?:[^`\\\n]|\\[^])*`/y],
  [
    'string',
    /(?:[rR][bB]?|[bB][rR]?)?(?:"""(?:[^\\]|\\[^])*?"""|'''(?:[^\\]|\\[^])*?'''|"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*')/y,
  ],
  ['number', /0[xX][0-9A-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_][\p{L}\p{N}_]*/uy],
  ['system', /@@[A-Za-z_][\w.]*/y],
  ['parameter', /@(?:[A-Za-z_]\w*|`(?:[^`\\]|\\[^])*`)/y],
  ['sign', /<>|<=|>=|!=|\|\||<<|=>|\|>|->|[^\s]/uy],
];

/** Splits GoogleSQL into tokens; comments and space are left out, the last token is `end`. */
export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (;;) {
    SPACE.lastIndex = position;
    if (SPACE.test(sql)) position = SPACE.lastIndex;
    if (position >= sql.length) break;
    const token = tokenAt(sql, position, tokens.at(-1));
    tokens.push(token);
    position = token.end;
  }
  tokens.push({ kind: 'end', text: '', start: sql.length, end: sql.length });
  return tokens;
}

function tokenAt(sql: string, position: number, before: Token | undefined): Token {
  if (sql.startsWith('/*', position))
    throw invalidQuery(`Syntax error: Unclosed comment ${placeOf(sql, position)}`);
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = position;
    const match = pattern.exec(sql);
    if (match === null) continue;
    // After a dot a part of a path may begin with digits: `t.1a`, and `t.1.2` is no number.
    if (kind === 'number' && before?.text === '.' && before.end === position) return pathPart(sql, position);
    const token = { kind, text: match[0], start: position, end: pattern.lastIndex };
    // In a project's name digits follow a dash, and letters the digits: `my-project-12ab`.
    if (kind === 'number' && before?.text === '-' && before.end === position) return token;
    return checked(sql, token);
  }
  throw invalidQuery(
    `Syntax error: Illegal input character "${sql[position] ?? ''}" ${placeOf(sql, position)}`,
  );
}

function pathPart(sql: string, position: number): Token {
  const text = /^\w+/.exec(sql.slice(position))?.[0] ?? '';
  return { kind: 'word', text, start: position, end: position + text.length };
}

function checked(sql: string, token: Token): Token {
  const { kind, text, start, end } = token;
  const place = (): string => placeOf(sql, start);
  if (kind === 'string') {
    const { prefix, value } = stringValue(text, place);
    return { ...token, kind: prefix.includes('b') ? 'bytes' : 'string', text: value };
  }
  if (kind === 'quoted') {
    const name = stringValue(`'${text.slice(1, -1).replaceAll("'", "\\'")}'`, place).value;
    if (name === '') throw invalidQuery(`Syntax error: Invalid empty identifier ${place()}`);
    return { ...token, text: name };
  }
  if (kind === 'number' && /^[\p{L}_]/u.test(sql.slice(end)))
    throw invalidQuery(`Syntax error: Missing whitespace between literal and alias ${placeOf(sql, end)}`);
  if (kind === 'sign' && (text === '"' || text === "'" || text === '`'))
    throw invalidQuery(`Syntax error: Unclosed ${text === '`' ? 'identifier' : 'string'} literal ${place()}`);
  return token;
}

/** `at [line:column]`, counted from 1, as BigQuery's messages end. */
export function placeOf(sql: string, offset: number): string {
  const before = sql.slice(0, offset).split('\n');
  return `at [${before.length}:${(before.at(-1) ?? '').length + 1}]`;
}
