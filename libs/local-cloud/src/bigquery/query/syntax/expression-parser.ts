import { readExpression, readList, readQuery, startsQuery } from './grammar.js';
import type { TokenReader } from './token-reader.js';
import { readPrimary } from './primary-parser.js';
import type { Expression, IndexKind } from './tree.js';

/** Reads an expression. Source: docs/reference/standard-sql/operators#operator_precedence, read 2026-11-29. */
export function expression(reader: TokenReader): Expression {
  let left = readAnd(reader);
  while (reader.accept('OR')) left = { kind: 'binary', operator: 'OR', left, right: readAnd(reader) };
  return left;
}

function readAnd(reader: TokenReader): Expression {
  let left = readNot(reader);
  while (reader.accept('AND')) left = { kind: 'binary', operator: 'AND', left, right: readNot(reader) };
  return left;
}

function readNot(reader: TokenReader): Expression {
  if (reader.accept('NOT')) return { kind: 'unary', operator: 'NOT', of: readNot(reader) };
  return readComparison(reader);
}

const COMPARISONS = ['=', '<=', '>=', '<>', '!=', '<', '>'];

function readComparison(reader: TokenReader): Expression {
  let left = readOperators(reader, 0);
  for (;;) {
    const operator = COMPARISONS.find((sign) => reader.is(sign) && !isShift(reader));
    if (operator !== undefined) {
      reader.take();
      const right = readOperators(reader, 0);
      left = { kind: 'binary', operator: operator === '!=' ? '<>' : operator, left, right };
      continue;
    }
    const next = readPredicate(reader, left);
    if (next === undefined) return left;
    left = next;
  }
}

function readPredicate(reader: TokenReader, of: Expression): Expression | undefined {
  if (reader.accept('IS')) return readIs(reader, of);
  const not =
    reader.is('NOT') && ['IN', 'LIKE', 'BETWEEN'].some((word) => reader.isAt(1, word))
      ? reader.accept('NOT')
      : false;
  if (reader.accept('BETWEEN')) {
    const low = readOperators(reader, 0);
    reader.expect('AND');
    return { kind: 'between', of, low, high: readOperators(reader, 0), not };
  }
  if (reader.accept('IN')) return readIn(reader, of, not);
  if (reader.accept('LIKE')) return readLike(reader, of, not);
  return undefined;
}

function readIs(reader: TokenReader, of: Expression): Expression {
  const not = reader.accept('NOT');
  for (const what of ['NULL', 'TRUE', 'FALSE', 'UNKNOWN'] as const)
    if (reader.accept(what)) return { kind: 'is', of, what, not };
  reader.expect('DISTINCT', 'FROM');
  return { kind: 'is', of, what: readOperators(reader, 0), not };
}

function readIn(reader: TokenReader, of: Expression, not: boolean): Expression {
  if (reader.accept('UNNEST')) {
    reader.expect('(');
    const array = readExpression(reader);
    reader.expect(')');
    return { kind: 'in', of, set: { kind: 'unnest', array }, not };
  }
  if (!reader.is('(')) throw reader.unexpected('"(" or keyword UNNEST');
  reader.take();
  if (startsQuery(reader)) {
    const query = readQuery(reader);
    reader.expect(')');
    return { kind: 'in', of, set: { kind: 'query', query }, not };
  }
  const items = readList(reader);
  reader.expect(')');
  return { kind: 'in', of, set: { kind: 'list', items }, not };
}

function readLike(reader: TokenReader, of: Expression, not: boolean): Expression {
  const quantifier = reader.accept('ALL')
    ? 'ALL'
    : reader.accept('ANY') || reader.accept('SOME')
      ? 'ANY'
      : undefined;
  if (quantifier === undefined)
    return { kind: 'like', of, patterns: [readOperators(reader, 0)], quantifier, not };
  if (reader.accept('UNNEST')) {
    reader.expect('(');
    const patterns = readExpression(reader);
    reader.expect(')');
    return { kind: 'like', of, patterns, quantifier, not };
  }
  reader.expect('(');
  const patterns = readList(reader);
  reader.expect(')');
  return { kind: 'like', of, patterns, quantifier, not };
}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '||'],
];

// `>>` is two tokens, because types end in them too.
function isShift(reader: TokenReader): boolean {
  return reader.is('>', '>') && reader.peek().end === reader.peek(1).start;
}

/** Reads an operand of AND, OR, NOT and comparisons. */
export function operand(reader: TokenReader): Expression {
  return readOperators(reader, 0);
}

function readOperators(reader: TokenReader, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return readUnary(reader);
  let left = readOperators(reader, level + 1);
  for (;;) {
    const operator = operators.find((sign) => (sign === '>>' ? isShift(reader) : reader.is(sign)));
    if (operator === undefined) return left;
    reader.take();
    if (operator === '>>') reader.take();
    left = { kind: 'binary', operator, left, right: readOperators(reader, level + 1) };
  }
}

function readUnary(reader: TokenReader): Expression {
  for (const operator of ['-', '+', '~'] as const)
    if (reader.accept(operator)) return { kind: 'unary', operator, of: readUnary(reader) };
  return readPostfix(reader, readPrimary(reader));
}

function readPostfix(reader: TokenReader, start: Expression): Expression {
  let value = start;
  for (;;) {
    if (reader.is('.') && !reader.isAt(1, '*')) {
      const { start: at } = reader.take();
      value = { kind: 'field', of: value, name: reader.name(), at };
    } else if (reader.accept('[')) {
      value = readIndex(reader, value);
    } else return value;
  }
}

function readIndex(reader: TokenReader, of: Expression): Expression {
  const by = (['OFFSET', 'ORDINAL', 'SAFE_OFFSET', 'SAFE_ORDINAL'] as const).find(
    (word): word is Exclude<IndexKind, 'plain'> => reader.is(word, '('),
  );
  if (by !== undefined) {
    reader.take();
    reader.take();
  }
  const index = readExpression(reader);
  if (by !== undefined) reader.expect(')');
  reader.expect(']');
  return { kind: 'index', of, index, by: by ?? 'plain' };
}
