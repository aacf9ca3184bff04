import { invalidQuery } from '../../rules/api-error.js';
import { readAlias, readExpression, readQuery, startsQuery } from './grammar.js';
import type { TokenReader } from './token-reader.js';
import type { Expression, FromItem } from './tree.js';

type Aliased = { readonly value: Expression; readonly alias: string | undefined }[];

/** Reads what follows FROM, with its joins. */
export function readFrom(reader: TokenReader): FromItem {
  let left = readSource(reader);
  for (;;) {
    if (reader.accept(',')) {
      left = { kind: 'join', type: 'CROSS', left, right: readSource(reader), on: undefined, using: [] };
      continue;
    }
    const joined = readJoin(reader, left);
    if (joined === undefined) return left;
    left = joined;
  }
}

/** Reads one join onto `left`; `undefined` if none follows. */
export function readJoin(reader: TokenReader, left: FromItem): FromItem | undefined {
  const type = joinType(reader);
  if (type === undefined) return undefined;
  const right = readSource(reader);
  if (reader.accept('ON')) return { kind: 'join', type, left, right, on: readExpression(reader), using: [] };
  const using: string[] = [];
  if (reader.accept('USING')) {
    reader.expect('(');
    do using.push(reader.identifier());
    while (reader.accept(','));
    reader.expect(')');
  } else if (type !== 'CROSS' && !isCorrelated(right))
    throw invalidQuery(
      `Syntax error: ${type} JOIN must have an immediately following ON or USING clause ${reader.place()}`,
    );
  return { kind: 'join', type, left, right, on: undefined, using };
}

function isCorrelated(item: FromItem): boolean {
  return item.kind === 'unnest' || item.kind === 'table';
}

function joinType(reader: TokenReader): 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | undefined {
  if (reader.accept('JOIN') || reader.accept('INNER', 'JOIN')) return 'INNER';
  if (reader.accept('CROSS', 'JOIN')) return 'CROSS';
  for (const type of ['LEFT', 'RIGHT', 'FULL'] as const)
    if (reader.accept(type, 'JOIN') || reader.accept(type, 'OUTER', 'JOIN')) return type;
  if (reader.is('NATURAL') || reader.is('LATERAL')) throw reader.unexpected('a join');
  return undefined;
}

/** Reads one entry of FROM, with PIVOT and UNPIVOT. */
export function readSource(reader: TokenReader): FromItem {
  return readPivots(reader, readPrimary(reader));
}

/** Reads PIVOT and UNPIVOT onto an entry of FROM. */
export function readPivots(reader: TokenReader, of: FromItem): FromItem {
  let item = of;
  for (;;) {
    if (reader.is('PIVOT', '(')) item = readPivot(reader, item);
    else if (reader.is('UNPIVOT')) item = readUnpivot(reader, item);
    else if (reader.is('TABLESAMPLE')) throw invalidQuery('Not supported by this server: TABLESAMPLE');
    else return item;
  }
}

function readPrimary(reader: TokenReader): FromItem {
  if (reader.accept('(')) {
    const query = startsQuery(reader) ? readQuery(reader) : undefined;
    const inner = query === undefined ? readFrom(reader) : undefined;
    reader.expect(')');
    if (query !== undefined) return { kind: 'query', query, alias: readAlias(reader) };
    if (inner !== undefined) return inner;
  }
  if (reader.accept('UNNEST')) {
    reader.expect('(');
    const array = readExpression(reader);
    reader.expect(')');
    const alias = readAlias(reader);
    return { kind: 'unnest', array, alias, offset: readOffset(reader) };
  }
  return readTable(reader);
}

function readOffset(reader: TokenReader): string | undefined {
  return reader.accept('WITH', 'OFFSET') ? (readAlias(reader) ?? 'offset') : undefined;
}

function readTable(reader: TokenReader): FromItem {
  const at = reader.peek().start;
  if (!reader.isIdentifier()) throw reader.unexpected('a table name');
  const path = reader.path();
  if (reader.accept('(')) {
    const args: Expression[] = [];
    while (!reader.is(')')) {
      if (reader.accept('TABLE')) {
        const tableAt = reader.peek().start;
        args.push({ kind: 'name', name: reader.path().join('.'), at: tableAt });
      } else args.push(readExpression(reader));
      if (!reader.accept(',')) break;
    }
    reader.expect(')');
    return { kind: 'function', path, args, alias: readAlias(reader), at };
  }
  const early = readAsOf(reader);
  const alias = reader.is('WITH', 'OFFSET') ? undefined : readAlias(reader);
  const asOf = early ?? readAsOf(reader);
  return { kind: 'table', path, alias, offset: readOffset(reader), asOf, at };
}

function readAsOf(reader: TokenReader): Expression | undefined {
  return reader.accept('FOR', 'SYSTEM_TIME', 'AS', 'OF') || reader.accept('FOR', 'SYSTEM', 'TIME', 'AS', 'OF')
    ? readExpression(reader)
    : undefined;
}

function readPivot(reader: TokenReader, of: FromItem): FromItem {
  reader.expect('PIVOT');
  reader.expect('(');
  const aggregates: Aliased = [];
  do aggregates.push({ value: readExpression(reader), alias: readAlias(reader) });
  while (reader.accept(',') && !reader.is('FOR'));
  reader.expect('FOR');
  const by = readPivotInput(reader);
  const values: Aliased = [];
  do values.push({ value: readExpression(reader), alias: readAlias(reader) });
  while (reader.accept(','));
  reader.expect(')');
  reader.expect(')');
  return { kind: 'pivot', of, aggregates, by, values, alias: readAlias(reader) };
}

// `FOR expression IN (…)`: the expression is a path, so that IN is not read as an operator.
function readPivotInput(reader: TokenReader): Expression {
  const at = reader.peek().start;
  let by: Expression = { kind: 'name', name: reader.name(), at };
  while (reader.accept('.')) by = { kind: 'field', of: by, name: reader.name(), at };
  reader.expect('IN');
  reader.expect('(');
  return by;
}

function readUnpivot(reader: TokenReader, of: FromItem): FromItem {
  reader.expect('UNPIVOT');
  const includeNulls = reader.accept('INCLUDE', 'NULLS');
  if (!includeNulls) reader.accept('EXCLUDE', 'NULLS');
  reader.expect('(');
  const values = readNames(reader);
  reader.expect('FOR');
  const name = reader.identifier();
  reader.expect('IN');
  reader.expect('(');
  const columns: { names: string[]; label: Expression | undefined }[] = [];
  do {
    const names = readNames(reader);
    const hasLabel = reader.accept('AS') || ['string', 'number'].includes(reader.peek().kind);
    columns.push({ names, label: hasLabel ? readExpression(reader) : undefined });
  } while (reader.accept(','));
  reader.expect(')');
  reader.expect(')');
  return { kind: 'unpivot', of, includeNulls, values, name, columns, alias: readAlias(reader) };
}

function readNames(reader: TokenReader): string[] {
  if (!reader.accept('(')) return [reader.name()];
  const names: string[] = [];
  do names.push(reader.name());
  while (reader.accept(','));
  reader.expect(')');
  return names;
}
