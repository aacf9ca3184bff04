import { invalidArgument } from '../wire/status.js';

export interface FilterToken {
  readonly kind: 'word' | 'text' | 'sign' | 'end';
  readonly value: string;
  readonly at: number;
}

const PATTERN =
  /(?:(?<text>"(?:[^"\\]|\\.)*")|(?<sign>!=|[=:().,-])|(?<word>[\p{L}\p{N}_][\p{L}\p{N}_-]*))/uy;

export function filterError(at: number): Error {
  return invalidArgument(`Invalid filter: syntax error at column ${at + 1}.`);
}

/** `attributes.a = "x"` → words, signs and texts (unescaped), closed by one `end`. */
export function tokenizeFilter(filter: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  const end = filter.trimEnd().length;
  let at = 0;
  while (at < end) {
    if (/\s/.test(filter.charAt(at))) {
      at += 1;
      continue;
    }
    PATTERN.lastIndex = at;
    const match = PATTERN.exec(filter);
    if (match === null) throw filterError(at);
    const { text, sign, word } = match.groups ?? {};
    if (text !== undefined) tokens.push({ kind: 'text', value: unescape(text, at), at });
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign, at });
    else tokens.push({ kind: 'word', value: word ?? '', at });
    at = PATTERN.lastIndex;
  }
  return [...tokens, { kind: 'end', value: '', at: end }];
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

function unescape(quoted: string, at: number): string {
  return quoted
    .slice(1, -1)
    .replace(
      /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-7]{3})|(.))/gsu,
      (_, unicode?: string, hex?: string, octal?: string, simple?: string) => {
        if (unicode !== undefined || hex !== undefined) {
          return String.fromCharCode(Number.parseInt(unicode ?? hex ?? '', 16));
        }
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
        const letter = simple ?? '';
        if (/[\\"'?]/.test(letter)) return letter;
        const escaped = SIMPLE_ESCAPES[letter];
        if (escaped === undefined) throw filterError(at);
        return escaped;
      },
    );
}
