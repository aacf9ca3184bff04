import { invalidQuery } from '../../rules/api-error.js';
import { readCall } from './call-parser.js';
import { readExpression, readList, readOperand, readQuery, startsQuery } from './grammar.js';
import type { TokenReader } from './token-reader.js';
import type { Expression, LiteralType, TypeName } from './tree.js';
import { readTypeName } from './type-parser.js';

/** Reads a literal, a name, a call, or an expression in brackets. */
export function readPrimary(reader: TokenReader): Expression {
  const token = reader.peek();
  const at = token.start;
  switch (token.kind) {
    case 'number':
      reader.take();
      return {
        kind: 'literal',
        type: /^0[xX]|^\d+$/.test(token.text) ? 'INT64' : 'FLOAT64',
        text: token.text,
        at,
      };
    case 'string':
    case 'bytes':
      return readText(reader);
    case 'parameter':
      reader.take();
      return { kind: 'parameter', name: token.text.slice(1).replaceAll('`', '') };
    case 'system':
      reader.take();
      return { kind: 'system', name: token.text.slice(2) };
    case 'sign':
      return readSign(reader);
    case 'end':
      throw invalidQuery(`Syntax error: Unexpected end of script ${reader.place()}`);
    case 'word':
    case 'quoted':
      return readWord(reader);
  }
}

// Literals beside each other are one, but not `'it''s'`, which is no escape in GoogleSQL.
function readText(reader: TokenReader): Expression {
  const { kind, start: at, text, end } = reader.take();
  let whole = text;
  let before = end;
  while (reader.peek().kind === kind) {
    if (reader.peek().start === before)
      throw invalidQuery(
        `Syntax error: concatenated string literals must be separated by whitespace or comments ${reader.place()}`,
      );
    const next = reader.take();
    whole += next.text;
    before = next.end;
  }
  return { kind: 'literal', type: kind === 'bytes' ? 'BYTES' : 'STRING', text: whole, at };
}

function readSign(reader: TokenReader): Expression {
  if (reader.accept('?')) return { kind: 'parameter', name: undefined };
  if (reader.accept('[')) return readArrayItems(reader, undefined);
  if (!reader.accept('(')) {
    const { text } = reader.peek();
    throw invalidQuery(`Syntax error: Unexpected "${text}" ${reader.place()}`);
  }
  if (startsQuery(reader)) {
    const query = readQuery(reader);
    reader.expect(')');
    return { kind: 'subquery', query, as: 'scalar' };
  }
  const items = readList(reader);
  reader.expect(')');
  const [first] = items;
  if (items.length === 1 && first !== undefined) return first;
  return {
    kind: 'struct',
    type: undefined,
    isTuple: true,
    items: items.map((value) => ({ name: undefined, value })),
  };
}

function readArrayItems(reader: TokenReader, type: TypeName | undefined): Expression {
  const items = reader.is(']') ? [] : readList(reader);
  reader.expect(']');
  return { kind: 'array', type, items };
}

const TYPED: ReadonlySet<string> = new Set([
  'DATE',
  'TIME',
  'DATETIME',
  'TIMESTAMP',
  'NUMERIC',
  'DECIMAL',
  'BIGNUMERIC',
  'BIGDECIMAL',
  'JSON',
]);
const SPELLINGS: Readonly<Record<string, LiteralType>> = { DECIMAL: 'NUMERIC', BIGDECIMAL: 'BIGNUMERIC' };

function readWord(reader: TokenReader): Expression {
  const { kind, start: at } = reader.peek();
  if (kind === 'word') {
    const word = reader.peek().text.toUpperCase();
    const special = SPECIAL[word]?.(reader, at);
    if (special !== undefined) return special;
    if (TYPED.has(word) && reader.peek(1).kind === 'string') {
      reader.take();
      const literal = readText(reader);
      const text = literal.kind === 'literal' ? literal.text : '';
      return { kind: 'literal', type: SPELLINGS[word] ?? (word as LiteralType), text, at };
    }
  }
  return readCall(reader);
}

type Special = (reader: TokenReader, at: number) => Expression | undefined;

const SPECIAL: Readonly<Record<string, Special>> = {
  TRUE: (reader, at) => word(reader, 'BOOL', 'true', at),
  FALSE: (reader, at) => word(reader, 'BOOL', 'false', at),
  NULL: (reader, at) => word(reader, 'NULL', '', at),
  DEFAULT: (reader) => {
    reader.take();
    return { kind: 'default' };
  },
  CASE: (reader) => readCase(reader),
  WITH: (reader) => (reader.isAt(1, '(') ? readWith(reader) : undefined),
  CAST: (reader) => (reader.isAt(1, '(') ? readCast(reader, false) : undefined),
  SAFE_CAST: (reader) => (reader.isAt(1, '(') ? readCast(reader, true) : undefined),
  EXTRACT: (reader) => (reader.isAt(1, '(') ? readExtract(reader) : undefined),
  INTERVAL: (reader) => readInterval(reader),
  EXISTS: (reader) => readSubquery(reader, 'exists'),
  ARRAY: (reader) => readArray(reader),
  STRUCT: (reader) => readStruct(reader),
};

function word(reader: TokenReader, type: LiteralType, text: string, at: number): Expression {
  reader.take();
  return { kind: 'literal', type, text, at };
}

function readSubquery(reader: TokenReader, as: 'array' | 'exists'): Expression {
  reader.take();
  reader.expect('(');
  const query = readQuery(reader);
  reader.expect(')');
  return { kind: 'subquery', query, as };
}

function readArray(reader: TokenReader): Expression {
  if (reader.isAt(1, '(')) return readSubquery(reader, 'array');
  if (reader.isAt(1, '[')) {
    reader.take();
    reader.take();
    return readArrayItems(reader, undefined);
  }
  const type = readTypeName(reader);
  reader.expect('[');
  return readArrayItems(reader, type);
}

function readStruct(reader: TokenReader): Expression {
  let type: TypeName | undefined;
  if (reader.isAt(1, '(')) reader.take();
  else type = readTypeName(reader);
  reader.expect('(');
  const items: { name: string | undefined; value: Expression }[] = [];
  while (!reader.is(')')) {
    const value = readExpression(reader);
    const name = reader.accept('AS') ? reader.identifier() : undefined;
    items.push({ name, value });
    if (!reader.accept(',')) break;
  }
  reader.expect(')');
  return { kind: 'struct', type, isTuple: false, items };
}

function readWith(reader: TokenReader): Expression {
  reader.take();
  reader.expect('(');
  const values: { name: string; value: Expression }[] = [];
  while (reader.isIdentifier() && reader.isAt(1, 'AS')) {
    const name = reader.identifier();
    reader.expect('AS');
    values.push({ name, value: readExpression(reader) });
    reader.expect(',');
  }
  const body = readExpression(reader);
  reader.expect(')');
  return { kind: 'with', values, body };
}

function readCase(reader: TokenReader): Expression {
  reader.expect('CASE');
  const of = reader.is('WHEN') ? undefined : readExpression(reader);
  const whens: [Expression, Expression][] = [];
  while (reader.accept('WHEN')) {
    const when = readExpression(reader);
    reader.expect('THEN');
    whens.push([when, readExpression(reader)]);
  }
  const otherwise = reader.accept('ELSE') ? readExpression(reader) : undefined;
  reader.expect('END');
  return { kind: 'case', of, whens, otherwise };
}

function readCast(reader: TokenReader, safe: boolean): Expression {
  reader.take();
  reader.expect('(');
  const of = readExpression(reader);
  reader.expect('AS');
  const type = readTypeName(reader);
  const format = reader.accept('FORMAT') ? readOperand(reader) : undefined;
  const zone = reader.accept('AT', 'TIME', 'ZONE') ? readExpression(reader) : undefined;
  reader.expect(')');
  return { kind: 'cast', of, type, safe, format, zone };
}

function readExtract(reader: TokenReader): Expression {
  reader.take();
  reader.expect('(');
  const part = readPrimary(reader);
  reader.expect('FROM');
  const of = readExpression(reader);
  const zone = reader.accept('AT', 'TIME', 'ZONE') ? readExpression(reader) : undefined;
  reader.expect(')');
  return { kind: 'extract', part, of, zone };
}

function readInterval(reader: TokenReader): Expression {
  reader.expect('INTERVAL');
  const value = readOperand(reader);
  const from = reader.name().toUpperCase();
  const to = reader.accept('TO') ? reader.name().toUpperCase() : undefined;
  return { kind: 'interval', value, from, to };
}
