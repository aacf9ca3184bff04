import { describe, expect, it } from '@jest/globals';
import { csvRecords, type CsvSyntax } from './csv-records.js';

const PLAIN: CsvSyntax = {
  delimiter: ',',
  quote: '"',
  allowQuotedNewlines: false,
  keepControlCharacters: false,
  encoding: 'utf8',
};

/** Records in one text: values in brackets, quoted ones in quotes. */
async function read(content: string | Buffer, syntax: Partial<CsvSyntax> = {}): Promise<string[]> {
  const found: string[] = [];
  async function* chunks(): AsyncGenerator<Uint8Array> {
    // Chunks that end anywhere.
    for (const byte of Buffer.from(content)) yield await Promise.resolve(Uint8Array.of(byte));
  }
  for await (const { position, values, failure } of csvRecords(chunks(), { ...PLAIN, ...syntax }))
    found.push(
      `${position}: ${failure ?? values.map(({ text, isQuoted }) => (isQuoted ? `"${text}"` : `[${text}]`)).join('')}`,
    );
  return found;
}

describe('csvRecords', () => {
  it.each<[string, string | Buffer, Partial<CsvSyntax>, string[]]>([
    ['values by position', 'a,b\n1,\n', {}, ['0: [a][b]', '4: [1][]']],
    ['quoted values with delimiters and quotes', '"a,b","c""d",""\n', {}, ['0: "a,b""c"d"""']],
    ['CRLF, blank lines, and a last line without an end', 'a\r\n\r\n \nb', {}, ['0: [a]', '7: [b]']],
    ['a line of delimiters', ',\n', {}, ['0: [][]']],
    ['quotes inside a value as they are', 'a"b,c\n', {}, ['0: [a"b][c]']],
    ['other delimiters and quotes', "'a|b'|c\n", { delimiter: '|', quote: "'" }, ['0: "a|b"[c]']],
    ['no quotes', '"a,b"\n', { quote: '' }, ['0: ["a][b"]']],
    [
      'line ends in quotes when they are allowed',
      '"a\r\nb",c\nd,e',
      { allowQuotedNewlines: true },
      ['0: "a\r\nb"[c]', '9: [d][e]'],
    ],
    [
      'a line end in quotes as a failure',
      '"a\nb"\n',
      {},
      ['0: Missing close quote character (").', '3: [b"]'],
    ],
    [
      'a quote that never ends',
      'x\n"a\nb\n',
      { allowQuotedNewlines: true },
      ['0: [x]', '2: Missing close quote character (").'],
    ],
    [
      'text behind a quote',
      '"a"b,c\n',
      {},
      ['0: Data between close quote character (") and field separator.'],
    ],
    ['NUL as a failure', 'a\0\n', {}, ['0: Bad character (ASCII 0) encountered.']],
    ['NUL when it is kept', 'a\0\n', { keepControlCharacters: true }, ['0: [a\0]']],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x0a]), {}, ['0: [a\ufffd]']],
    ['ISO-8859-1', Buffer.from([0xe9, 0x0a]), { encoding: 'latin1' }, ['0: [é]']],
  ])('reads %s', async (_name, content, syntax, expected) => {
    expect(await read(content, syntax)).toEqual(expected);
  });
});
