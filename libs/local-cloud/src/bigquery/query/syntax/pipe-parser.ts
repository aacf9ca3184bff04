import { invalidQuery } from '../../rules/api-error.js';
import { readOrder } from './call-parser.js';
import { readAlias, readExpression, readQuery } from './grammar.js';
import { readJoin, readPivots } from './from-parser.js';
import { EMPTY, readItems } from './select-list-parser.js';
import { readSetOperator, startsSetOperator } from './set-parser.js';
import type { TokenReader } from './token-reader.js';
import type { Expression, FromItem, GroupItem, Query, QueryBody, Select, SelectItem } from './tree.js';

const STAR: SelectItem = { kind: 'star', of: undefined, except: [], replace: [] };

/** Reads `|> …` operators; each is a query over the one before. Source: docs/reference/standard-sql/pipe-syntax. */
export function readPipes(reader: TokenReader, first: Query): Query {
  let query = first;
  let alias: string | undefined;
  while (reader.accept('|>')) {
    if (reader.accept('AS')) {
      alias = reader.identifier();
      query = over(query, alias, { items: [STAR] });
      continue;
    }
    query = readPipe(reader, query, alias);
  }
  return query;
}

function over(query: Query, alias: string | undefined, select: Partial<Select>): Query {
  const from: FromItem = { kind: 'query', query, alias };
  return wrap({ ...EMPTY, from, ...select });
}

function wrap(body: QueryBody): Query {
  return { recursive: false, with: [], body, orderBy: [], limit: undefined, offset: undefined };
}

function readPipe(reader: TokenReader, input: Query, alias: string | undefined): Query {
  if (reader.accept('WHERE')) return over(input, alias, { items: [STAR], where: readExpression(reader) });
  if (reader.accept('SELECT')) {
    const distinct = reader.accept('DISTINCT');
    return over(input, alias, { distinct, items: readItems(reader) });
  }
  if (reader.accept('EXTEND')) return over(input, alias, { items: [STAR, ...readItems(reader)] });
  if (reader.accept('AGGREGATE')) return readAggregate(reader, input, alias);
  if (reader.accept('ORDER', 'BY')) {
    return { ...over(input, alias, { items: [STAR] }), orderBy: readOrder(reader) };
  }
  if (reader.accept('LIMIT')) {
    const limit = readExpression(reader);
    const offset = reader.accept('OFFSET') ? readExpression(reader) : undefined;
    return { ...over(input, alias, { items: [STAR] }), limit, offset };
  }
  if (reader.accept('DISTINCT')) return over(input, alias, { distinct: true, items: [STAR] });
  if (reader.accept('DROP'))
    return over(input, alias, { items: [{ ...starOf(), except: readNames(reader) }] });
  if (reader.accept('SET'))
    return over(input, alias, { items: [{ ...starOf(), replace: readSettings(reader) }] });
  if (reader.accept('RENAME'))
    return over(input, alias, { items: [{ ...starOf(), rename: readRenames(reader) }] });
  if (reader.is('PIVOT') || reader.is('UNPIVOT')) {
    const from = readPivots(reader, { kind: 'query', query: input, alias });
    return wrap({ ...EMPTY, items: [STAR], from });
  }
  if (startsSetOperator(reader)) return readSet(reader, input);
  const joined = readJoin(reader, { kind: 'query', query: input, alias });
  if (joined !== undefined) return wrap({ ...EMPTY, items: [STAR], from: joined });
  throw invalidQuery(`Not supported by this server: the pipe operator ${reader.peek().text.toUpperCase()}`);
}

function starOf(): Extract<SelectItem, { kind: 'star' }> {
  return { kind: 'star', of: undefined, except: [], replace: [] };
}

function readNames(reader: TokenReader): string[] {
  const names = [reader.identifier()];
  while (reader.accept(',')) names.push(reader.identifier());
  return names;
}

function readRenames(reader: TokenReader): { from: string; to: string }[] {
  const renames = [];
  do {
    const from = reader.identifier();
    reader.accept('AS');
    renames.push({ from, to: reader.identifier() });
  } while (reader.accept(','));
  return renames;
}

// One operator with queries in parentheses: `UNION ALL (SELECT …), (SELECT …)`.
function readSet(reader: TokenReader, input: Query): Query {
  const operator = readSetOperator(reader);
  let left: QueryBody = { kind: 'query', query: input };
  do {
    reader.expect('(');
    const right: QueryBody = { kind: 'query', query: readQuery(reader) };
    reader.expect(')');
    left = { kind: 'set', ...operator, left, right };
  } while (reader.accept(','));
  return wrap(left);
}

function readSettings(reader: TokenReader): { value: Expression; alias: string }[] {
  const settings = [];
  do {
    const alias = reader.identifier();
    reader.expect('=');
    settings.push({ alias, value: readExpression(reader) });
  } while (reader.accept(','));
  return settings;
}

function readAggregate(reader: TokenReader, input: Query, alias: string | undefined): Query {
  const aggregates = reader.is('GROUP') ? [] : readItems(reader);
  const keys: SelectItem[] = [];
  if (reader.accept('GROUP', 'BY'))
    do keys.push({ kind: 'value', value: readExpression(reader), alias: readAlias(reader) });
    while (reader.accept(','));
  const items: GroupItem[] = keys.flatMap((key) =>
    key.kind === 'value' ? [{ kind: 'value' as const, value: key.value }] : [],
  );
  const groupBy = items.length === 0 ? {} : { groupBy: { kind: 'items' as const, items } };
  return over(input, alias, { items: [...keys, ...aggregates], ...groupBy });
}
