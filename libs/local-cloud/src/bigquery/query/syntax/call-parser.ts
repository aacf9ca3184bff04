import { readExpression, readQuery, startsQuery } from './grammar.js';
import type { TokenReader } from './token-reader.js';
import type { Call, Expression, FrameBound, OrderItem, WindowFrame, WindowSpec } from './tree.js';

// Reserved words that are functions as well.
const FUNCTION_WORDS: ReadonlySet<string> = new Set([
  'IF',
  'LEFT',
  'RIGHT',
  'GROUPING',
  'COLLATE',
  'RANGE',
  'HASH',
]);

/** Reads a name, a path, or a call: `a`, `a.b`, `SAFE.SUBSTR(…)`, `COUNT(DISTINCT x) OVER (…)`. */
export function readCall(reader: TokenReader): Expression {
  const at = reader.peek().start;
  const token = reader.peek();
  const isCall = token.kind === 'word' && FUNCTION_WORDS.has(token.text.toUpperCase()) && reader.isAt(1, '(');
  const first = isCall ? reader.name() : reader.identifier();
  const path = [first];
  // Only a path that ends in a parenthesis is a dotted function name.
  let ahead = 0;
  while (reader.isAt(ahead, '.') && ['word', 'quoted'].includes(reader.peek(ahead + 1).kind)) ahead += 2;
  if (ahead > 0 && reader.isAt(ahead, '(')) while (reader.accept('.')) path.push(reader.name());
  if (!reader.is('(')) return { kind: 'name', name: first, at };
  return readArguments(reader, path, at);
}

function readArguments(reader: TokenReader, path: readonly string[], at: number): Call {
  reader.expect('(');
  const star = reader.accept('*');
  const distinct = !star && reader.accept('DISTINCT');
  const args: Expression[] = [];
  const named: Record<string, Expression> = {};
  while (!star && !reader.is(')') && !startsModifiers(reader)) {
    if (reader.isIdentifier() && reader.isAt(1, '=>')) {
      const name = reader.name().toLowerCase();
      reader.take();
      named[name] = readArgument(reader);
    } else args.push(readArgument(reader));
    if (!reader.accept(',')) break;
  }
  const nulls = reader.accept('IGNORE', 'NULLS')
    ? 'IGNORE'
    : reader.accept('RESPECT', 'NULLS')
      ? 'RESPECT'
      : undefined;
  const having = reader.accept('HAVING') ? readHaving(reader) : undefined;
  const orderBy = reader.accept('ORDER', 'BY') ? readOrder(reader) : [];
  const limit = reader.accept('LIMIT') ? readExpression(reader) : undefined;
  reader.expect(')');
  const after = reader.accept('IGNORE', 'NULLS')
    ? 'IGNORE'
    : reader.accept('RESPECT', 'NULLS')
      ? 'RESPECT'
      : nulls;
  const over = reader.accept('OVER') ? readOver(reader) : undefined;
  const name = path.join('.').toUpperCase();
  return {
    kind: 'call',
    name,
    path,
    args,
    named,
    star,
    distinct,
    nulls: after,
    having,
    orderBy,
    limit,
    over,
    at,
  };
}

function startsModifiers(reader: TokenReader): boolean {
  return reader.is('IGNORE', 'NULLS') || reader.is('RESPECT', 'NULLS') || reader.is('ORDER', 'BY');
}

function readArgument(reader: TokenReader): Expression {
  if (startsQuery(reader) && !reader.is('(')) {
    const query = readQuery(reader);
    return { kind: 'subquery', query, as: 'scalar' };
  }
  const start = reader.position;
  const names = readLambdaNames(reader);
  if (names !== undefined) return { kind: 'lambda', names, body: readExpression(reader) };
  reader.rewind(start);
  const value = readExpression(reader);
  // STRUCT-like arguments: `fn(x AS y)` is only known to aggregate over structs in pipes.
  return value;
}

function readLambdaNames(reader: TokenReader): string[] | undefined {
  if (reader.isIdentifier() && reader.isAt(1, '->')) {
    const name = reader.name();
    reader.take();
    return [name];
  }
  if (!reader.accept('(')) return undefined;
  const names: string[] = [];
  while (reader.isIdentifier()) {
    names.push(reader.name());
    if (!reader.accept(',')) break;
  }
  return reader.accept(')') && reader.accept('->') ? names : undefined;
}

function readHaving(reader: TokenReader): NonNullable<Call['having']> {
  const kind = reader.accept('MAX') ? 'MAX' : 'MIN';
  if (kind === 'MIN') reader.expect('MIN');
  return { kind, value: readExpression(reader) };
}

/** Reads what follows ORDER BY. */
export function readOrder(reader: TokenReader): OrderItem[] {
  const items: OrderItem[] = [];
  do {
    const value = readExpression(reader);
    const descending = reader.accept('DESC');
    if (!descending) reader.accept('ASC');
    const nullsFirst = reader.accept('NULLS', 'FIRST')
      ? true
      : reader.accept('NULLS', 'LAST')
        ? false
        : undefined;
    items.push({ value, descending, nullsFirst });
  } while (reader.accept(','));
  return items;
}

function readOver(reader: TokenReader): WindowSpec {
  if (!reader.is('(')) return { base: reader.identifier(), partitionBy: [], orderBy: [], frame: undefined };
  return readWindowSpec(reader);
}

/** Reads a window in parentheses, or the name of one. */
export function readWindowSpec(reader: TokenReader): WindowSpec {
  if (!reader.accept('('))
    return { base: reader.identifier(), partitionBy: [], orderBy: [], frame: undefined };
  const base = reader.isIdentifier() && !reader.is('PARTITION') ? reader.identifier() : undefined;
  const partitionBy: Expression[] = [];
  if (reader.accept('PARTITION', 'BY'))
    do partitionBy.push(readExpression(reader));
    while (reader.accept(','));
  const orderBy = reader.accept('ORDER', 'BY') ? readOrder(reader) : [];
  const frame = reader.is('ROWS') || reader.is('RANGE') ? readFrame(reader) : undefined;
  reader.expect(')');
  return { base, partitionBy, orderBy, frame };
}

function readFrame(reader: TokenReader): WindowFrame {
  const unit = reader.name().toUpperCase() as 'ROWS' | 'RANGE';
  if (!reader.accept('BETWEEN')) return { unit, start: readBound(reader), end: undefined };
  const start = readBound(reader);
  reader.expect('AND');
  return { unit, start, end: readBound(reader) };
}

function readBound(reader: TokenReader): FrameBound {
  if (reader.accept('CURRENT', 'ROW')) return { side: 'CURRENT ROW', amount: undefined };
  const amount = reader.accept('UNBOUNDED') ? undefined : readExpression(reader);
  if (reader.accept('PRECEDING')) return { side: 'PRECEDING', amount };
  reader.expect('FOLLOWING');
  return { side: 'FOLLOWING', amount };
}
