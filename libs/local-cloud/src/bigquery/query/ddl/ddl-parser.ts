import { invalidQuery } from '../../rules/api-error.js';
import { readColumn, readColumnType, readOptions } from './column-parser.js';
import type { AlterAction, CreateManner, DdlStatement, PartitionBy } from './ddl-statement.js';
import { readerOf } from '../syntax/parse.js';
import type { TokenReader } from '../syntax/token-reader.js';
import { readCreateFunction } from './function-ddl-parser.js';

/**
 * Reads a data definition statement; `undefined` for every other statement.
 *
 * The transpiler's parser stops at OPTIONS of columns, so these statements, whose grammar is small, are read here.
 * Source: cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language, read 2026-11-22.
 */
export function parseDdl(sql: string): DdlStatement | undefined {
  const reader = readerOf(sql);
  const statement = readStatement(reader);
  if (statement === undefined) return undefined;
  reader.accept(';');
  if (reader.peek().kind !== 'end') throw reader.unexpected('end of statement');
  return statement;
}

function readStatement(reader: TokenReader): DdlStatement | undefined {
  if (reader.accept('CREATE')) return readCreate(reader);
  if (reader.accept('ALTER')) return readAlter(reader);
  if (reader.accept('DROP')) return readDrop(reader);
  if (reader.accept('TRUNCATE')) {
    reader.expect('TABLE');
    return { kind: 'truncate', path: reader.path() };
  }
  return undefined;
}

function readCreate(reader: TokenReader): DdlStatement {
  const replace = reader.accept('OR', 'REPLACE');
  const temporary = reader.accept('TEMP') || reader.accept('TEMPORARY');
  if (!temporary && (reader.is('FUNCTION') || reader.is('AGGREGATE') || reader.is('TABLE', 'FUNCTION')))
    return readCreateFunction(reader, replace);
  const what = ['TABLE', 'VIEW', 'SCHEMA'].find((word) => reader.accept(word));
  if (what === undefined || (temporary && what !== 'TABLE'))
    throw invalidQuery(`Not supported by this server: CREATE ${reader.peek().text.toUpperCase()}`);
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const manner: CreateManner = replace ? 'createOrReplace' : ifNotExists ? 'createIfNotExists' : 'create';
  const path = reader.path();
  if (what === 'SCHEMA') return { kind: 'createSchema', path, ifNotExists, options: optionsIfAny(reader) };
  if (what === 'VIEW') {
    const options = optionsIfAny(reader);
    reader.expect('AS');
    return { kind: 'createView', path, manner, options, query: restOf(reader) };
  }
  const like = (['LIKE', 'COPY', 'CLONE'] as const).find((word) => reader.accept(word));
  const source = like === undefined ? undefined : { manner: like, path: reader.path() };
  const fields = reader.is('(') ? readColumns(reader) : undefined;
  const partitionBy = reader.accept('PARTITION', 'BY') ? readPartitionBy(reader) : undefined;
  const clusterBy = reader.accept('CLUSTER', 'BY') ? readNames(reader) : undefined;
  const options = optionsIfAny(reader);
  const asQuery = reader.accept('AS') ? restOf(reader) : undefined;
  return {
    kind: 'createTable',
    temporary,
    path,
    manner,
    source,
    fields,
    partitionBy,
    clusterBy,
    options,
    asQuery,
  };
}

/** First words of the constraints of a table; a column may have the first one as its name. */
const CONSTRAINTS = [
  ['PRIMARY', 'KEY'],
  ['FOREIGN', 'KEY'],
] as const;

function readColumns(reader: TokenReader): ReturnType<typeof readColumn>[] {
  reader.expect('(');
  const columns = [];
  while (!reader.is(')')) {
    if (CONSTRAINTS.some(([first, second]) => reader.is(first, second)))
      throw invalidQuery(`Not supported by this server: ${reader.peek().text.toUpperCase()} of a table`);
    columns.push(readColumn(reader));
    if (!reader.accept(',')) break;
  }
  reader.expect(')');
  return columns;
}

function optionsIfAny(reader: TokenReader): ReturnType<typeof readOptions> {
  return reader.is('OPTIONS') ? readOptions(reader) : {};
}

// The query of a view or table keeps its text: the view shows it, and the SQL parser reads it.
function restOf(reader: TokenReader): string {
  const { start } = reader.peek();
  let end = start;
  while (reader.peek().kind !== 'end' && !reader.is(';')) end = reader.take().end;
  return reader.sql.slice(start, end);
}

function readNames(reader: TokenReader): string[] {
  const names = [reader.name()];
  while (reader.accept(',')) names.push(reader.name());
  return names;
}

function readPartitionBy(reader: TokenReader): PartitionBy {
  const first = reader.name();
  const word = first.toUpperCase();
  if (!reader.accept('(')) {
    return word === '_PARTITIONDATE' ? { field: undefined, type: 'DAY' } : { field: first, type: 'DAY' };
  }
  const field = reader.name();
  const unit = reader.accept(',') ? reader.name().toUpperCase() : 'DAY';
  reader.expect(')');
  const known = ['DATE', 'TIMESTAMP_TRUNC', 'DATETIME_TRUNC', 'DATE_TRUNC'].includes(word);
  if (!known || !isUnit(unit))
    throw invalidQuery(`Not supported by this server: PARTITION BY ${first}(…, ${unit})`);
  return { field: field.toUpperCase() === '_PARTITIONTIME' ? undefined : field, type: unit };
}

function isUnit(unit: string): unit is PartitionBy['type'] {
  return ['DAY', 'HOUR', 'MONTH', 'YEAR'].includes(unit);
}

function readDrop(reader: TokenReader): DdlStatement {
  const isTable = reader.accept('TABLE', 'FUNCTION');
  if (isTable || reader.accept('FUNCTION')) {
    const ifExists = reader.accept('IF', 'EXISTS');
    return { kind: 'dropFunction', isTable, path: reader.path(), ifExists };
  }
  const what = ['TABLE', 'VIEW', 'SCHEMA'].find((word) => reader.accept(word));
  if (what === undefined)
    throw invalidQuery(`Not supported by this server: DROP ${reader.peek().text.toUpperCase()}`);
  const ifExists = reader.accept('IF', 'EXISTS');
  const path = reader.path();
  if (what !== 'SCHEMA') return { kind: 'drop', what: what === 'VIEW' ? 'VIEW' : 'TABLE', path, ifExists };
  const cascade = reader.accept('CASCADE');
  if (!cascade) reader.accept('RESTRICT');
  return { kind: 'dropSchema', path, ifExists, cascade };
}

function readAlter(reader: TokenReader): DdlStatement {
  if (!reader.accept('TABLE') && !reader.accept('VIEW'))
    throw invalidQuery(`Not supported by this server: ALTER ${reader.peek().text.toUpperCase()}`);
  const ifExists = reader.accept('IF', 'EXISTS');
  const path = reader.path();
  const actions = [readAction(reader)];
  while (reader.accept(',')) actions.push(readAction(reader));
  return { kind: 'alterTable', path, ifExists, actions };
}

function readAction(reader: TokenReader): AlterAction {
  if (reader.accept('ADD', 'COLUMN')) {
    const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
    return { kind: 'addColumn', field: readColumn(reader), ifNotExists };
  }
  if (reader.is('SET', 'DEFAULT'))
    throw invalidQuery('Not supported by this server: ALTER TABLE … SET DEFAULT');
  if (reader.accept('SET')) return { kind: 'setOptions', options: readOptions(reader) };
  if (reader.accept('DROP', 'COLUMN')) {
    const ifExists = reader.accept('IF', 'EXISTS');
    return { kind: 'dropColumn', column: reader.name(), ifExists };
  }
  if (reader.accept('RENAME', 'TO')) return { kind: 'renameTo', name: reader.name() };
  if (reader.accept('RENAME', 'COLUMN')) {
    const ifExists = reader.accept('IF', 'EXISTS');
    const column = reader.name();
    reader.expect('TO');
    return { kind: 'renameColumn', column, ifExists, to: reader.name() };
  }
  if (!reader.accept('ALTER', 'COLUMN')) {
    const words = `${reader.peek().text} ${reader.peek(1).text}`.toUpperCase();
    throw invalidQuery(`Not supported by this server: ALTER TABLE … ${words}`);
  }
  const ifExists = reader.accept('IF', 'EXISTS');
  const column = reader.name();
  if (reader.accept('SET', 'DATA', 'TYPE'))
    return { kind: 'setDataType', column, ifExists, field: readColumnType(reader, column) };
  if (reader.accept('DROP', 'NOT', 'NULL')) return { kind: 'dropNotNull', column, ifExists };
  if (reader.is('SET', 'DEFAULT') || reader.is('DROP', 'DEFAULT'))
    throw invalidQuery('Not supported by this server: DEFAULT of a column');
  if (reader.accept('SET'))
    return { kind: 'setColumnOptions', column, ifExists, options: readOptions(reader) };
  throw reader.unexpected('SET DATA TYPE, DROP NOT NULL or SET OPTIONS');
}
