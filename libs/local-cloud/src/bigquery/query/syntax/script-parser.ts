import { invalidQuery } from '../../rules/api-error.js';
import { readParameters, refuseLanguages } from './function-parser.js';
import { readExpression, readQuery } from './grammar.js';
import { readerOf } from './parse.js';
import type { Script, ScriptStatement } from './script-tree.js';
import type { TokenReader } from './token-reader.js';
import type { Expression } from './tree.js';
import { readTypeName } from './type-parser.js';

/** Reads a script. Source: docs/reference/standard-sql/procedural-language, read 2026-11-29. */
export function parseScript(sql: string): Script {
  const reader = readerOf(sql);
  const script = readBody(reader, []);
  if (reader.peek().kind !== 'end') throw reader.unexpected('end of script');
  return script;
}

function readBody(reader: TokenReader, ends: readonly string[]): Script {
  const statements: ScriptStatement[] = [];
  for (;;) {
    while (reader.accept(';'));
    if (reader.peek().kind === 'end' || ends.some((word) => reader.is(word))) return statements;
    statements.push(readStatement(reader));
    if (reader.peek().kind !== 'end' && !ends.some((word) => reader.is(word))) reader.expect(';');
  }
}

function readStatement(reader: TokenReader): ScriptStatement {
  const word = reader.peek().kind === 'word' ? reader.peek().text.toUpperCase() : '';
  const read = STATEMENTS[word];
  const statement = read?.(reader);
  return statement ?? readSql(reader);
}

type Read = (reader: TokenReader) => ScriptStatement | undefined;

const STATEMENTS: Readonly<Record<string, Read>> = {
  DECLARE: readDeclare,
  SET: readSet,
  IF: readIf,
  CASE: readCase,
  LOOP: (reader) => {
    reader.take();
    const body = readBody(reader, ['END']);
    reader.expect('END', 'LOOP');
    return { kind: 'loop', before: undefined, body, after: undefined };
  },
  WHILE: (reader) => {
    reader.take();
    const before = readExpression(reader);
    reader.expect('DO');
    const body = readBody(reader, ['END']);
    reader.expect('END', 'WHILE');
    return { kind: 'loop', before, body, after: undefined };
  },
  REPEAT: (reader) => {
    reader.take();
    const body = readBody(reader, ['UNTIL']);
    reader.expect('UNTIL');
    const after = readExpression(reader);
    reader.expect('END', 'REPEAT');
    return { kind: 'loop', before: undefined, body, after };
  },
  FOR: readFor,
  BEGIN: readBlock,
  BREAK: (reader) => jump(reader, 'break'),
  LEAVE: (reader) => jump(reader, 'break'),
  CONTINUE: (reader) => jump(reader, 'continue'),
  ITERATE: (reader) => jump(reader, 'continue'),
  RETURN: (reader) => jump(reader, 'return'),
  RAISE: (reader) => {
    reader.take();
    if (!reader.accept('USING')) return { kind: 'raise', message: undefined };
    reader.expect('MESSAGE');
    reader.expect('=');
    return { kind: 'raise', message: readExpression(reader) };
  },
  ASSERT: (reader) => {
    reader.take();
    const test = readExpression(reader);
    const message = reader.accept('AS') ? reader.take().text : 'Assertion failed';
    return { kind: 'assert', test, message };
  },
  EXECUTE: readExecute,
  CREATE: readFunction,
  COMMIT: refuseTransaction,
  ROLLBACK: refuseTransaction,
  CALL: refuseStatement,
  EXPORT: refuseStatement,
  LOAD: refuseStatement,
  GRANT: refuseStatement,
  REVOKE: refuseStatement,
  UNDROP: refuseStatement,
};

function refuseStatement(reader: TokenReader): never {
  const word = reader.peek().text.toUpperCase();
  throw invalidQuery(
    `Not supported by this server: ${word === 'EXPORT' || word === 'LOAD' ? `${word} DATA` : word}`,
  );
}

function refuseTransaction(): never {
  throw invalidQuery('Not supported by this server: transactions of several statements');
}

function jump(reader: TokenReader, kind: 'break' | 'continue' | 'return'): ScriptStatement {
  reader.take();
  return { kind };
}

function readDeclare(reader: TokenReader): ScriptStatement {
  reader.take();
  const names = [reader.identifier()];
  while (reader.accept(',')) names.push(reader.identifier());
  const type = reader.is('DEFAULT') ? undefined : readTypeName(reader);
  const value = reader.accept('DEFAULT') ? readExpression(reader) : undefined;
  return { kind: 'declare', names, type, value };
}

function readSet(reader: TokenReader): ScriptStatement {
  reader.take();
  const names: string[] = [];
  if (reader.accept('(')) {
    do names.push(reader.identifier());
    while (reader.accept(','));
    reader.expect(')');
  } else names.push(reader.identifier());
  reader.expect('=');
  return { kind: 'set', names, value: readExpression(reader) };
}

function readIf(reader: TokenReader): ScriptStatement {
  reader.take();
  const branches: { condition: Expression; body: Script }[] = [];
  do {
    const condition = readExpression(reader);
    reader.expect('THEN');
    branches.push({ condition, body: readBody(reader, ['ELSEIF', 'ELSE', 'END']) });
  } while (reader.accept('ELSEIF'));
  const otherwise = reader.accept('ELSE') ? readBody(reader, ['END']) : [];
  reader.expect('END', 'IF');
  return { kind: 'if', branches, otherwise };
}

/** `CASE value WHEN …` compares, `CASE WHEN …` tests; both are IFs. */
function readCase(reader: TokenReader): ScriptStatement {
  reader.take();
  const of = reader.is('WHEN') ? undefined : readExpression(reader);
  const branches: { condition: Expression; body: Script }[] = [];
  while (reader.accept('WHEN')) {
    const when = readExpression(reader);
    reader.expect('THEN');
    const condition: Expression =
      of === undefined ? when : { kind: 'binary', operator: '=', left: of, right: when };
    branches.push({ condition, body: readBody(reader, ['WHEN', 'ELSE', 'END']) });
  }
  const otherwise = reader.accept('ELSE') ? readBody(reader, ['END']) : [];
  reader.expect('END', 'CASE');
  return { kind: 'if', branches, otherwise };
}

function readFor(reader: TokenReader): ScriptStatement {
  reader.take();
  const name = reader.identifier();
  reader.expect('IN');
  reader.expect('(');
  const query = readQuery(reader);
  reader.expect(')');
  reader.expect('DO');
  const body = readBody(reader, ['END']);
  reader.expect('END', 'FOR');
  return { kind: 'for', name, query, body };
}

function readBlock(reader: TokenReader): ScriptStatement {
  if (reader.isAt(1, 'TRANSACTION') || reader.isAt(1, ';') || reader.peek(1).kind === 'end')
    refuseTransaction();
  reader.take();
  const body = readBody(reader, ['END', 'EXCEPTION']);
  const handler = reader.accept('EXCEPTION', 'WHEN', 'ERROR', 'THEN') ? readBody(reader, ['END']) : undefined;
  reader.expect('END');
  return { kind: 'block', body, handler };
}

function readExecute(reader: TokenReader): ScriptStatement {
  reader.take();
  reader.expect('IMMEDIATE');
  const sql = readExpression(reader);
  const into: string[] = [];
  if (reader.accept('INTO'))
    do into.push(reader.identifier());
    while (reader.accept(','));
  const using: { name: string | undefined; value: Expression }[] = [];
  if (reader.accept('USING'))
    do {
      const value = readExpression(reader);
      using.push({ value, name: reader.accept('AS') ? reader.identifier() : undefined });
    } while (reader.accept(','));
  return { kind: 'execute', sql, into, using };
}

// Only temporary functions in SQL are the script's own; every other CREATE is run as it is.
function readFunction(reader: TokenReader): ScriptStatement | undefined {
  const start = reader.position;
  reader.take();
  reader.accept('OR', 'REPLACE');
  const isTemporary = reader.accept('TEMP') || reader.accept('TEMPORARY');
  if (!isTemporary || !reader.accept('FUNCTION')) {
    reader.rewind(start);
    return undefined;
  }
  reader.accept('IF', 'NOT', 'EXISTS');
  const path = reader.path();
  const parameters = readParameters(reader);
  const returns = reader.accept('RETURNS') ? readTypeName(reader) : undefined;
  refuseLanguages(reader);
  reader.expect('AS');
  reader.expect('(');
  const body = readExpression(reader);
  reader.expect(')');
  return { kind: 'function', path, parameters, returns, body };
}

function readSql(reader: TokenReader): ScriptStatement {
  const { start } = reader.peek();
  let end = start;
  while (reader.peek().kind !== 'end' && !reader.is(';')) end = reader.take().end;
  const before = reader.sql.slice(0, start).replaceAll(/[^\n]/g, ' ');
  return { kind: 'sql', text: before + reader.sql.slice(start, end) };
}
