import { invalidQuery } from '../../rules/api-error.js';
import { refuseLanguages } from '../syntax/function-parser.js';
import { readExpression, readQuery } from '../syntax/grammar.js';
import type { TokenReader } from '../syntax/token-reader.js';
import { readTypeName } from '../syntax/type-parser.js';
import { readOptions } from './column-parser.js';
import type { CreateFunction } from './ddl-statement.js';

/**
 * Reads CREATE FUNCTION or CREATE TABLE FUNCTION, after CREATE and OR REPLACE.
 *
 * Source: docs/reference/standard-sql/data-definition-language#create_function_statement, from memory on 2026-11-29.
 */
export function readCreateFunction(reader: TokenReader, replace: boolean): CreateFunction {
  if (reader.is('AGGREGATE'))
    throw invalidQuery('Not supported by this server: CREATE AGGREGATE FUNCTION that lasts');
  const isTable = reader.accept('TABLE');
  reader.expect('FUNCTION');
  const ifNotExists = reader.accept('IF', 'NOT', 'EXISTS');
  const path = reader.path();
  const parameters = readParameterTexts(reader);
  const returns = reader.accept('RETURNS') ? readReturns(reader, isTable) : undefined;
  let options = optionsIfAny(reader);
  refuseLanguages(reader);
  reader.expect('AS');
  const inParentheses = !isTable || reader.is('(');
  const body = isTable ? textOf(reader, () => readQuery(reader)) : expressionText(reader);
  options = { ...options, ...(inParentheses ? optionsIfAny(reader) : {}) };
  const manner = replace ? 'createOrReplace' : ifNotExists ? 'createIfNotExists' : 'create';
  return { kind: 'createFunction', isTable, path, manner, parameters, returns, body, options };
}

function optionsIfAny(reader: TokenReader): CreateFunction['options'] {
  return reader.is('OPTIONS') ? readOptions(reader) : {};
}

function readParameterTexts(reader: TokenReader): CreateFunction['parameters'] {
  const parameters: { name: string; type?: string }[] = [];
  reader.expect('(');
  while (!reader.is(')')) {
    const name = reader.identifier();
    if (reader.is('TABLE')) throw invalidQuery('Not supported by this server: parameters of type TABLE');
    parameters.push(
      reader.accept('ANY', 'TYPE') ? { name } : { name, type: textOf(reader, () => readTypeName(reader)) },
    );
    if (!reader.accept(',')) break;
  }
  reader.expect(')');
  return parameters;
}

function readReturns(reader: TokenReader, isTable: boolean): string {
  if (!isTable) return textOf(reader, () => readTypeName(reader));
  throw invalidQuery('Not supported by this server: RETURNS TABLE of a table function');
}

function expressionText(reader: TokenReader): string {
  reader.expect('(');
  const text = textOf(reader, () => readExpression(reader));
  reader.expect(')');
  return text;
}

/** The text of what `read` reads. */
function textOf(reader: TokenReader, read: () => unknown): string {
  const { start } = reader.peek();
  read();
  return reader.sql.slice(start, reader.peek().start).trim();
}
