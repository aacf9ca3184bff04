import { invalidQuery } from '../../rules/api-error.js';
import type { TokenReader } from './token-reader.js';
import type { ByName } from './tree.js';

/** An operator between two queries. */
export interface SetOperator {
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly all: boolean;
  readonly byName: ByName | undefined;
}

const OPERATORS = ['UNION', 'INTERSECT', 'EXCEPT'] as const;
const OUTER = ['INNER', 'LEFT', 'FULL'] as const;

/** True if a set operator comes next: `UNION ALL`, `FULL OUTER UNION ALL BY NAME`. */
export function startsSetOperator(reader: TokenReader): boolean {
  const words = OUTER.some((word) => reader.is(word)) ? (reader.isAt(1, 'OUTER') ? 2 : 1) : 0;
  return OPERATORS.some((word) => reader.isAt(words, word)) && !reader.isAt(words + 1, '(');
}

/** Reads a set operator. Source: docs/reference/standard-sql/query-syntax#set_operators, from memory. */
export function readSetOperator(reader: TokenReader): SetOperator {
  const mode = OUTER.find((word) => reader.accept(word));
  if (mode !== undefined) reader.accept('OUTER');
  const place = reader.place();
  const operator = OPERATORS.find((word) => reader.accept(word));
  if (operator === undefined) throw reader.unexpected('a set operator');
  const all = reader.accept('ALL');
  if (!all && !reader.accept('DISTINCT'))
    throw invalidQuery(`Syntax error: Expected keyword ALL or keyword DISTINCT ${reader.place()}`);
  if (all && operator !== 'UNION') throw invalidQuery(`${operator} ALL is not supported ${place}`);
  return { operator, all, byName: readByName(reader, mode) };
}

function readByName(reader: TokenReader, outer: ByName['mode'] | undefined): ByName | undefined {
  if (reader.accept('BY', 'NAME')) {
    return { mode: outer ?? 'STRICT', columns: reader.accept('ON') ? readNames(reader) : undefined };
  }
  const strict = reader.accept('STRICT');
  if (reader.accept('CORRESPONDING')) {
    const mode = outer ?? (strict ? 'STRICT' : 'INNER');
    return { mode, columns: reader.accept('BY') ? readNames(reader) : undefined };
  }
  if (strict || outer !== undefined) throw reader.unexpected('BY NAME or CORRESPONDING');
  return undefined;
}

function readNames(reader: TokenReader): string[] {
  reader.expect('(');
  const names = [reader.identifier()];
  while (reader.accept(',')) names.push(reader.identifier());
  reader.expect(')');
  return names;
}
