import { expression, operand } from './expression-parser.js';
import type { Grammar } from './grammar.js';
import { query } from './query-parser.js';
import { TokenReader } from './token-reader.js';
import type { Query } from './tree.js';

const GRAMMAR: Grammar = { expression, operand, query };

/** A reader that knows the whole grammar. */
export function readerOf(sql: string): TokenReader {
  return new TokenReader(sql, GRAMMAR);
}

/** Reads a text that is one query. Errors: `invalidQuery` `Syntax error: … at [line:column]`. */
export function parseQuery(sql: string): Query {
  const reader = readerOf(sql);
  const tree = query(reader);
  reader.accept(';');
  if (reader.peek().kind !== 'end') throw reader.unexpected('end of input');
  return tree;
}
