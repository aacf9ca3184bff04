import type { TokenReader } from './token-reader.js';
import type { Expression, Query } from './tree.js';

/** The entries of the grammar, handed to the reader so that the parser's files do not import each other in circles. */
export interface Grammar {
  readonly expression: (reader: TokenReader) => Expression;
  /** An expression without AND, OR, NOT and comparisons. */
  readonly operand: (reader: TokenReader) => Expression;
  readonly query: (reader: TokenReader) => Query;
}

export function readExpression(reader: TokenReader): Expression {
  return reader.grammar.expression(reader);
}

export function readOperand(reader: TokenReader): Expression {
  return reader.grammar.operand(reader);
}

export function readQuery(reader: TokenReader): Query {
  return reader.grammar.query(reader);
}

/** Expressions with commas between them. */
export function readList(reader: TokenReader): Expression[] {
  const items = [readExpression(reader)];
  while (reader.accept(',')) items.push(readExpression(reader));
  return items;
}

/** True if a query comes next, in parentheses or not. */
export function startsQuery(reader: TokenReader): boolean {
  let ahead = 0;
  while (reader.isAt(ahead, '(')) ahead += 1;
  if (ahead > 0 && !isQueryInParentheses(reader)) return false;
  return ['SELECT', 'WITH'].some((word) => reader.isAt(ahead, word)) || (ahead === 0 && reader.is('FROM'));
}

// `((SELECT 1) + 1)` is an expression that begins like a query.
function isQueryInParentheses(reader: TokenReader): boolean {
  let depth = 0;
  let ahead = 0;
  do {
    if (reader.isAt(ahead, '(')) depth += 1;
    if (reader.isAt(ahead, ')')) depth -= 1;
    ahead += 1;
  } while (depth > 0 && reader.peek(ahead).kind !== 'end');
  return ENDS.some((word) => reader.isAt(ahead, word)) || reader.peek(ahead).kind === 'end';
}

const ENDS = [')', 'UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT', ';', '|>'];

/** An alias with or without AS; `undefined` if none follows. */
export function readAlias(reader: TokenReader): string | undefined {
  if (reader.accept('AS')) return reader.identifier();
  return reader.isIdentifier() && !NO_ALIAS.some((word) => reader.is(word)) ? reader.name() : undefined;
}

// Words that are not reserved, but go on with the clause.
const NO_ALIAS = ['OFFSET', 'PIVOT', 'UNPIVOT', 'QUALIFY', 'WINDOW', 'REPLACE'];
