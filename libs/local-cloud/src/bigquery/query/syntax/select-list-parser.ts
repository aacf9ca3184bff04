import { readAlias, readExpression } from './grammar.js';
import type { TokenReader } from './token-reader.js';
import type { Expression, Select, SelectItem } from './tree.js';

/** A SELECT without anything. */
export const EMPTY: Select = {
  kind: 'select',
  distinct: false,
  as: undefined,
  items: [],
  from: undefined,
  where: undefined,
  groupBy: undefined,
  having: undefined,
  qualify: undefined,
  windows: [],
};

/** Reads a SELECT list; a comma may follow the last entry. */
export function readItems(reader: TokenReader): SelectItem[] {
  const items: SelectItem[] = [readItem(reader)];
  while (reader.accept(',')) {
    if (
      ['FROM', ')', ';', '|>', 'WHERE', 'UNION'].some((word) => reader.is(word)) ||
      reader.peek().kind === 'end'
    )
      break;
    items.push(readItem(reader));
  }
  return items;
}

function readItem(reader: TokenReader): SelectItem {
  if (reader.accept('*')) return readStar(reader, undefined);
  const value = readExpression(reader);
  if (reader.is('.') && reader.isAt(1, '*')) {
    reader.take();
    reader.take();
    return readStar(reader, value);
  }
  return { kind: 'value', value, alias: readAlias(reader) };
}

function readStar(reader: TokenReader, of: Expression | undefined): SelectItem {
  const except: string[] = [];
  if (reader.is('EXCEPT', '(')) {
    reader.take();
    reader.take();
    do except.push(reader.name());
    while (reader.accept(','));
    reader.expect(')');
  }
  const replace: { value: Expression; alias: string }[] = [];
  if (reader.accept('REPLACE')) {
    reader.expect('(');
    do {
      const value = readExpression(reader);
      reader.accept('AS');
      replace.push({ value, alias: reader.name() });
    } while (reader.accept(',') && !reader.is(')'));
    reader.expect(')');
  }
  return { kind: 'star', of, except, replace };
}
