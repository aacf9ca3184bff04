import { invalidQuery } from '../../rules/api-error.js';
import type { TokenReader } from './token-reader.js';
import type { TypeName } from './tree.js';

/** Reads a type: `INT64`, `NUMERIC(10, 2)`, `ARRAY<STRUCT<a INT64, STRING>>`. */
export function readTypeName(reader: TokenReader): TypeName {
  const name = reader.name().toUpperCase();
  if (name === 'ARRAY') {
    reader.expect('<');
    const element = readTypeName(reader);
    if (element.name === 'ARRAY')
      throw invalidQuery(
        'Cannot construct array with element type ARRAY because nested arrays are not supported',
      );
    reader.expect('>');
    return { name, parameters: [], element };
  }
  if (name === 'STRUCT') return { name, parameters: [], fields: readFields(reader) };
  return { name, parameters: readParameters(reader) };
}

function readFields(reader: TokenReader): NonNullable<TypeName['fields']> {
  if (reader.accept('<>')) return [];
  reader.expect('<');
  const fields: { name: string | undefined; type: TypeName }[] = [];
  do {
    const next = reader.peek(1);
    const isNamed = next.kind === 'word' || next.kind === 'quoted';
    fields.push({ name: isNamed ? reader.name() : undefined, type: readTypeName(reader) });
  } while (reader.accept(','));
  reader.expect('>');
  return fields;
}

function readParameters(reader: TokenReader): string[] {
  if (!reader.accept('(')) return [];
  const parameters: string[] = [];
  do parameters.push(reader.take().text);
  while (reader.accept(','));
  reader.expect(')');
  return parameters;
}
