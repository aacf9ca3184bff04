import { invalidQuery } from '../../rules/api-error.js';
import { readOrder, readWindowSpec } from './call-parser.js';
import { readExpression, readList, readQuery, startsQuery } from './grammar.js';
import { readFrom } from './from-parser.js';
import { readSetOperator, startsSetOperator } from './set-parser.js';
import type { TokenReader } from './token-reader.js';
import type { GroupBy, GroupItem, Query, QueryBody, Select } from './tree.js';
import { readPipes } from './pipe-parser.js';
import { EMPTY, readItems } from './select-list-parser.js';

/** Reads a query. Source: docs/reference/standard-sql/query-syntax, read 2026-11-29. */
export function query(reader: TokenReader): Query {
  const ctes: { name: string; query: Query }[] = [];
  const recursive = reader.accept('WITH') ? readWith(reader, ctes) : false;
  const body = reader.is('FROM') ? fromBody(reader) : readSet(reader);
  const orderBy = reader.accept('ORDER', 'BY') ? readOrder(reader) : [];
  const limit = reader.accept('LIMIT') ? readExpression(reader) : undefined;
  const offset = limit !== undefined && reader.accept('OFFSET') ? readExpression(reader) : undefined;
  const query: Query = { recursive, with: ctes, body, orderBy, limit, offset };
  return reader.is('|>') ? readPipes(reader, query) : query;
}

function readWith(reader: TokenReader, ctes: { name: string; query: Query }[]): boolean {
  const recursive = reader.accept('RECURSIVE');
  do {
    const name = reader.identifier();
    reader.expect('AS');
    reader.expect('(');
    ctes.push({ name, query: readQuery(reader) });
    reader.expect(')');
  } while (reader.accept(',') && !reader.is('SELECT'));
  return recursive;
}

// Pipe syntax: `FROM t |> …` begins with all columns of t.
function fromBody(reader: TokenReader): QueryBody {
  reader.expect('FROM');
  const from = readFrom(reader);
  return { ...EMPTY, items: [{ kind: 'star', of: undefined, except: [], replace: [] }], from };
}

function readSet(reader: TokenReader): QueryBody {
  let left = readTerm(reader);
  let before: string | undefined;
  while (startsSetOperator(reader)) {
    const place = reader.place();
    const { operator, all, byName } = readSetOperator(reader);
    if (before !== undefined && before !== `${operator}${String(all)}`)
      throw invalidQuery(
        `Syntax error: Different set operations cannot be used in the same query without using parentheses for grouping ${place}`,
      );
    before = `${operator}${String(all)}`;
    left = { kind: 'set', operator, all, byName, left, right: readTerm(reader) };
  }
  return left;
}

/** Reads a SELECT or a query in parentheses. */
function readTerm(reader: TokenReader): QueryBody {
  if (reader.accept('(')) {
    const query = readQuery(reader);
    reader.expect(')');
    return { kind: 'query', query };
  }
  if (!reader.is('SELECT')) throw reader.unexpected('"(" or keyword SELECT or keyword WITH');
  return readSelect(reader);
}

function readSelect(reader: TokenReader): Select {
  reader.expect('SELECT');
  const distinct = reader.accept('DISTINCT');
  if (!distinct) reader.accept('ALL');
  const as = reader.accept('AS', 'STRUCT') ? 'STRUCT' : reader.accept('AS', 'VALUE') ? 'VALUE' : undefined;
  const items = readItems(reader);
  return {
    kind: 'select',
    distinct,
    as,
    items,
    from: reader.accept('FROM') ? readFrom(reader) : undefined,
    where: reader.accept('WHERE') ? readExpression(reader) : undefined,
    groupBy: reader.accept('GROUP', 'BY') ? readGroupBy(reader) : undefined,
    having: reader.accept('HAVING') ? readExpression(reader) : undefined,
    qualify: reader.accept('QUALIFY') ? readExpression(reader) : undefined,
    windows: reader.accept('WINDOW') ? readWindows(reader) : [],
  };
}

/** Reads what follows GROUP BY. */
export function readGroupBy(reader: TokenReader): GroupBy {
  if (reader.accept('ALL')) return { kind: 'all' };
  const items: GroupItem[] = [];
  do items.push(readGroupItem(reader));
  while (reader.accept(','));
  return { kind: 'items', items };
}

function readGroupItem(reader: TokenReader): GroupItem {
  const kind = reader.accept('ROLLUP')
    ? 'ROLLUP'
    : reader.accept('CUBE')
      ? 'CUBE'
      : reader.accept('GROUPING', 'SETS')
        ? 'GROUPING SETS'
        : undefined;
  if (kind === undefined) return { kind: 'value', value: readExpression(reader) };
  reader.expect('(');
  const sets: GroupItem[][] = [];
  do sets.push(readGroupSet(reader));
  while (reader.accept(','));
  reader.expect(')');
  return { kind, sets };
}

function readGroupSet(reader: TokenReader): GroupItem[] {
  if (reader.is('(') && !startsQuery(reader)) {
    reader.take();
    if (reader.accept(')')) return [];
    const values = readList(reader);
    reader.expect(')');
    return values.map((value) => ({ kind: 'value', value }));
  }
  return [readGroupItem(reader)];
}

function readWindows(reader: TokenReader): Select['windows'] {
  const windows = [];
  do {
    const name = reader.identifier();
    reader.expect('AS');
    windows.push({ name, spec: readWindowSpec(reader) });
  } while (reader.accept(','));
  return windows;
}
