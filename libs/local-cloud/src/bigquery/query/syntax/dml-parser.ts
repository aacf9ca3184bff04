import type { Assignment, DmlStatement, MergeWhen } from './dml-tree.js';
import { readFrom, readSource } from './from-parser.js';
import { readAlias, readExpression, readList, readQuery, startsQuery } from './grammar.js';
import type { TokenReader } from './token-reader.js';
import type { Expression } from './tree.js';

/** Reads INSERT, UPDATE, DELETE or MERGE; `undefined` for every other statement. */
export function readDml(reader: TokenReader): DmlStatement | undefined {
  if (reader.accept('INSERT')) return readInsert(reader);
  if (reader.accept('UPDATE')) return readUpdate(reader);
  if (reader.accept('DELETE')) {
    reader.accept('FROM');
    const path = reader.path();
    const alias = reader.is('WHERE') ? undefined : readAlias(reader);
    return { kind: 'DELETE', path, alias, where: readWhere(reader) };
  }
  return reader.accept('MERGE') ? readMerge(reader) : undefined;
}

function readWhere(reader: TokenReader): Expression | undefined {
  return reader.accept('WHERE') ? readExpression(reader) : undefined;
}

function readInsert(reader: TokenReader): DmlStatement {
  reader.accept('INTO');
  const path = reader.path();
  const columns = readColumns(reader);
  if (!reader.accept('VALUES'))
    return { kind: 'INSERT', path, columns, rows: undefined, query: readQuery(reader) };
  const rows: (readonly Expression[])[] = [];
  do rows.push(readRow(reader));
  while (reader.accept(','));
  return { kind: 'INSERT', path, columns, rows, query: undefined };
}

function readColumns(reader: TokenReader): string[] {
  if (!reader.is('(') || startsQuery(reader)) return [];
  reader.take();
  const columns: string[] = [];
  do columns.push(reader.name());
  while (reader.accept(','));
  reader.expect(')');
  return columns;
}

function readRow(reader: TokenReader): readonly Expression[] {
  reader.expect('(');
  const values = readList(reader);
  reader.expect(')');
  return values;
}

function readUpdate(reader: TokenReader): DmlStatement {
  const path = reader.path();
  const alias = reader.is('SET') ? undefined : readAlias(reader);
  reader.expect('SET');
  const set = readAssignments(reader);
  const from = reader.accept('FROM') ? readFrom(reader) : undefined;
  return { kind: 'UPDATE', path, alias, set, from, where: readWhere(reader) };
}

function readAssignments(reader: TokenReader): Assignment[] {
  const assignments: Assignment[] = [];
  do {
    const path = [reader.name()];
    while (reader.accept('.')) path.push(reader.name());
    reader.expect('=');
    assignments.push({ path, value: readExpression(reader) });
  } while (reader.accept(','));
  return assignments;
}

function readMerge(reader: TokenReader): DmlStatement {
  reader.accept('INTO');
  const path = reader.path();
  const alias = reader.is('USING') ? undefined : readAlias(reader);
  reader.expect('USING');
  const using = readSource(reader);
  reader.expect('ON');
  const on = readExpression(reader);
  const whens: MergeWhen[] = [];
  while (reader.accept('WHEN')) whens.push(readWhen(reader));
  return { kind: 'MERGE', path, alias, using, on, whens };
}

function readWhen(reader: TokenReader): MergeWhen {
  const not = reader.accept('NOT');
  reader.expect('MATCHED');
  const bySource = not && reader.accept('BY', 'SOURCE');
  if (not && !bySource) reader.accept('BY', 'TARGET');
  const matched = !not ? 'MATCHED' : bySource ? 'NOT MATCHED BY SOURCE' : 'NOT MATCHED BY TARGET';
  const condition = reader.accept('AND') ? readExpression(reader) : undefined;
  reader.expect('THEN');
  return { matched, condition, action: readAction(reader) };
}

function readAction(reader: TokenReader): MergeWhen['action'] {
  if (reader.accept('DELETE')) return { kind: 'DELETE' };
  if (reader.accept('UPDATE', 'SET')) return { kind: 'UPDATE', set: readAssignments(reader) };
  reader.expect('INSERT');
  if (reader.accept('ROW')) return { kind: 'INSERT', columns: [], values: undefined };
  const columns = readColumns(reader);
  if (reader.accept('ROW')) return { kind: 'INSERT', columns, values: undefined };
  reader.expect('VALUES');
  return { kind: 'INSERT', columns, values: readRow(reader) };
}
