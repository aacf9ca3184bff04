import { invalidQuery } from '../../rules/api-error.js';
import { type Field, type FieldMode, parseFieldType } from '../../rules/field-schema.js';
import type { Options, OptionValue } from './ddl-statement.js';
import type { TokenReader } from '../syntax/token-reader.js';

/** `name TYPE [NOT NULL] [OPTIONS(…)]`. */
export function readColumn(reader: TokenReader): Field {
  const name = reader.name();
  return { ...readColumnType(reader, name), name };
}

/** A column's type with what may follow it: a length, NOT NULL, OPTIONS(description=…). */
export function readColumnType(reader: TokenReader, name: string): Field {
  const field = readType(reader, name);
  let mode: FieldMode = field.mode;
  let options: Options = {};
  for (;;) {
    if (reader.accept('NOT', 'NULL')) {
      if (mode === 'REPEATED')
        throw invalidQuery(`NOT NULL constraint is not supported for fields of type ARRAY: ${name}`);
      mode = 'REQUIRED';
    } else if (reader.is('OPTIONS')) options = readOptions(reader);
    else break;
  }
  if (reader.is('DEFAULT') || reader.is('COLLATE') || reader.is('PRIMARY') || reader.is('REFERENCES'))
    throw invalidQuery(`Not supported by this server: ${reader.peek().text.toUpperCase()} of a column`);
  return { ...field, mode, ...columnOptions(options) };
}

/** The properties of a column that its OPTIONS set. */
export function columnOptions(options: Options): Partial<Field> {
  const { description, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidQuery(`Not supported by this server: the column option ${unknown}`);
  return typeof description === 'string' ? { description } : {};
}

function readType(reader: TokenReader, name: string): Field {
  const spelling = reader.name();
  const upper = spelling.toUpperCase();
  if (upper === 'ARRAY') {
    reader.expect('<');
    const element = readType(reader, name);
    if (element.mode === 'REPEATED') throw invalidQuery('Arrays of arrays are not supported');
    reader.expect('>');
    return { ...element, mode: 'REPEATED' };
  }
  const type = parseFieldType(upper);
  if (type === undefined) throw invalidQuery(`Type not found: ${spelling}`);
  if (type !== 'RECORD') return { name, type, mode: 'NULLABLE', ...readTypeParameters(reader, type) };
  reader.expect('<');
  const fields = [readColumn(reader)];
  while (reader.accept(',')) fields.push(readColumn(reader));
  reader.expect('>');
  return { name, type, mode: 'NULLABLE', fields };
}

function readTypeParameters(reader: TokenReader, type: string): Partial<Field> {
  if (!reader.accept('(')) return {};
  const first = reader.take().text;
  const second = reader.accept(',') ? reader.take().text : undefined;
  reader.expect(')');
  if (type === 'STRING' || type === 'BYTES') return { maxLength: first };
  return { precision: first, ...(second === undefined ? {} : { scale: second }) };
}

/** `OPTIONS(name = literal, …)`. */
export function readOptions(reader: TokenReader): Options {
  reader.expect('OPTIONS');
  reader.expect('(');
  const options: Record<string, OptionValue> = {};
  while (!reader.is(')')) {
    const name = reader.name();
    reader.expect('=');
    options[name.toLowerCase()] = readOptionValue(reader);
    if (!reader.accept(',')) break;
  }
  reader.expect(')');
  return options;
}

function readOptionValue(reader: TokenReader): OptionValue {
  for (const [open, close] of [
    ['[', ']'],
    ['(', ')'],
  ] as const) {
    if (!reader.accept(open)) continue;
    const list: OptionValue[] = [];
    while (!reader.is(close)) {
      list.push(readOptionValue(reader));
      if (!reader.accept(',')) break;
    }
    reader.expect(close);
    return list;
  }
  // A typed literal such as TIMESTAMP "…" means its text.
  if (reader.peek().kind === 'word' && reader.peek(1).kind === 'string') reader.take();
  const token = reader.peek();
  if (token.kind === 'string') return reader.take().text;
  if (token.kind === 'number') return Number(reader.take().text);
  if (reader.accept('TRUE')) return true;
  if (reader.accept('FALSE')) return false;
  if (reader.accept('NULL')) return null;
  throw reader.unexpected('a literal');
}
