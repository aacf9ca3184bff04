import { isUtf8 } from 'node:buffer';
import { isBase64, startsWithOneOf } from '../values/large-text.js';
import { findJsonError, type JsonError } from './find-json-error.js';

/** `line 3, column 14`, from 1; columns count UTF-16 units. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - before.lastIndexOf('\n')}`;
}

/**
 * Describes why a text is not JSON: the place, what was found and what was expected, and the remedy for common mistakes.
 * Names only characters and words of known mistakes, never a value of the event. Called for refused texts only.
 */
export function describeNotJson(text: string): string {
  const whole = describeWhole(text);
  if (whole !== null) return whole;
  const error = findJsonError(text);
  if (error.valueEnd !== null) return describeSecond(text, error.valueEnd);
  if (error.at >= text.length)
    return `cut off after ${Buffer.byteLength(text)} bytes: expected ${error.expected}`;
  return `${placeOf(text, error.at)}: ${found(text, error)}; expected ${error.expected}`;
}

/** Formats that are recognised by their beginning, and texts of one kind of character. */
function describeWhole(text: string): string | null {
  const start = text.trimStart();
  if (text === '') return 'the data is empty';
  if (start === '') return 'the data is white space only';
  if (/^<(?:[?!]|[A-Za-z_])/.test(start)) return 'the data is XML or HTML; publish JSON';
  if (text.startsWith('Obj\u0001')) return 'the data is an Avro file; publish JSON';
  if (text.startsWith('PAR1')) return 'the data is a Parquet file; publish JSON';
  if (isBase64OfJson(start))
    return 'the data is base64 of JSON; publish the JSON itself, the client encodes it';
  if (/^[\w.%+-]+=[^\s{}"<>]*$/.test(start.slice(0, FORM_LENGTH).trimEnd())) {
    return 'the data is form data (name=value); publish JSON';
  }
  if (isBinary(text)) {
    return 'the data is binary, as Avro and Protobuf are; publish JSON, or set the encoding of the topic schema to JSON';
  }
  return null;
}

const FORM_LENGTH = 4_096;
const BINARY_LENGTH = 64;

/** Control characters near the start of a text that does not begin as JSON. */
function isBinary(text: string): boolean {
  return !startsWithOneOf(text, '{["') && /[\0-\u0008\u000e-\u001f]/.test(text.slice(0, BINARY_LENGTH));
}

function isBase64OfJson(start: string): boolean {
  const text = start.trimEnd();
  if (!isBase64(text)) return false;
  const bytes = Buffer.from(text, 'base64');
  return isUtf8(bytes) && startsWithOneOf(bytes.toString(), '{[');
}

/** Counts the values of a text that has several, up to a bound: NDJSON, or objects side by side. */
function describeSecond(text: string, firstEnd: number): string {
  const second = text.slice(firstEnd);
  const begin = firstEnd + second.length - second.trimStart().length;
  let values = 1;
  let rest = second;
  while (rest.trim() !== '' && values < MAX_COUNTED_VALUES) {
    const end = findJsonError(rest).valueEnd;
    if (end === null) break;
    values++;
    rest = rest.slice(end);
  }
  if (values === 1)
    return `${placeOf(text, begin)}: ${characterAt(text, begin)} after the JSON value; expected the end of the data`;
  const count = rest.trim() === '' ? `${values}` : `more than ${values - 1}`;
  return `${count} JSON values, the second at ${placeOf(text, begin)}; publish each as a message of its own`;
}

const MAX_COUNTED_VALUES = 1_000;

interface Mistake {
  readonly pattern: RegExp;
  readonly words: string;
}

/** Common mistakes, by the text at the error. */
const MISTAKES: readonly Mistake[] = [
  {
    pattern: /-?(?:NaN|Infinity)\b/y,
    words: 'NaN or Infinity, which JSON does not have: leave the field out or write a string',
  },
  { pattern: /undefined\b/y, words: 'undefined, which JSON does not have: leave the field out' },
  {
    pattern: /(?:True|False|None)\b/y,
    words: 'a Python literal; JSON has true, false and null: use json.dumps',
  },
  { pattern: /(?:TRUE|FALSE|NULL)\b/y, words: 'a literal in capitals; JSON has true, false and null' },
  { pattern: /\/[/*]|#/y, words: 'a comment, which JSON does not have' },
  { pattern: /'/y, words: "a single quote; JSON's strings have double quotes" },
  { pattern: /`/y, words: "a backquote; JSON's strings have double quotes" },
  { pattern: /[+.][0-9]/y, words: 'a number that begins with + or a point, which JSON does not have' },
  { pattern: /0[xXoObB]/y, words: 'a number that is not decimal' },
];

function found(text: string, { at, expected }: JsonError): string {
  const before = text.slice(0, at).trimEnd();
  if (before.endsWith(',') && /[}\]]/.test(text[at] ?? ''))
    return 'a comma after the last element, which JSON does not allow';
  for (const { pattern, words } of MISTAKES) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return words;
  }
  const isKey = expected.startsWith('a key');
  if (isKey && /[A-Za-z_$]/.test(text[at] ?? '')) return 'a key without double quotes';
  if (isLeadingZero(text, at)) return 'a number with a leading zero, which JSON does not have';
  if (/[0-9][xXoObB]$/.test(text.slice(Math.max(0, at - 1), at + 1))) return 'a number that is not decimal';
  return characterAt(text, at);
}

function isLeadingZero(text: string, at: number): boolean {
  return /[0-9]/.test(text[at] ?? '') && text[at - 1] === '0' && !/[0-9.]/.test(text[at - 2] ?? ' ');
}

/** Punctuation as it is; letters, digits and others by their kind, because they may be part of a value. */
function characterAt(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0;
  const character = String.fromCodePoint(code);
  if (code < 32 || code === 127)
    return `the control character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (/[A-Za-z]/.test(character)) return 'a letter';
  if (/[0-9]/.test(character)) return 'a digit';
  return code < 127
    ? `the character ${character}`
    : `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Describes bytes that are not UTF-8. */
export function describeNotUtf8(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b)
    return 'the data is gzip; publish it with the attribute content-encoding: gzip';
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return 'the data is UTF-16; publish UTF-8';
  }
  return 'the data is not UTF-8; it may be binary (Avro, Protobuf) or Latin-1';
}
