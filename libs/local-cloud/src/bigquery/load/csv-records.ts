import type { CsvOptions } from './csv-options.js';
import { fileLines } from './file-lines.js';

/** One value of a record: an empty one is a string if it is quoted. */
export interface CsvValue {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A record with the position of its first byte; `failure` says why it cannot be read. */
export interface CsvRecord {
  readonly position: number;
  readonly values: readonly CsvValue[];
  readonly failure?: string;
}

export type CsvSyntax = Pick<
  CsvOptions,
  'quote' | 'allowQuotedNewlines' | 'keepControlCharacters' | 'encoding'
> & { readonly delimiter: string };

/** Lines of a record that a quoted value has not ended yet. */
interface OpenRecord {
  readonly lines: string[];
  readonly position: number;
}

/**
 * The records of a file, blank lines left out. Lines end in LF or CRLF; a quoted value may hold line ends only with
 * `allowQuotedNewlines`.
 */
export async function* csvRecords(
  content: AsyncIterable<Uint8Array>,
  syntax: CsvSyntax,
): AsyncGenerator<CsvRecord> {
  let open: OpenRecord | undefined;
  for await (const { bytes, position } of fileLines(content)) {
    const line = bytes.toString(syntax.encoding);
    const isOdd = syntax.allowQuotedNewlines && hasOddQuotes(line, syntax.quote);
    const record: OpenRecord = open ?? { lines: [], position };
    record.lines.push(line);
    open = (open !== undefined) === isOdd ? undefined : record;
    if (open === undefined)
      yield* recordOf({ text: record.lines.join('\n'), position: record.position }, syntax);
  }
  if (open !== undefined) yield* recordOf({ text: open.lines.join('\n'), position: open.position }, syntax);
}

function hasOddQuotes(text: string, quote: string): boolean {
  return quote !== '' && text.split(quote).length % 2 === 0;
}

function* recordOf(
  { text, position }: { readonly text: string; readonly position: number },
  syntax: CsvSyntax,
): Generator<CsvRecord> {
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  if (line.trim() === '' && !line.includes(syntax.delimiter)) return;
  if (line.includes('\0') && !syntax.keepControlCharacters)
    yield { position, values: [], failure: 'Bad character (ASCII 0) encountered.' };
  else yield { position, ...valuesOf(line, syntax) };
}

function valuesOf(line: string, { delimiter, quote }: CsvSyntax): Omit<CsvRecord, 'position'> {
  const values: CsvValue[] = [];
  let at = 0;
  for (;;) {
    if (quote !== '' && line.startsWith(quote, at)) {
      const end = closingQuote(line, quote, at + 1);
      if (end < 0) return { values, failure: `Missing close quote character (${quote}).` };
      const text = line.slice(at + 1, end).replaceAll(quote + quote, quote);
      values.push({ text, isQuoted: true });
      at = end + 1;
      if (at < line.length && !line.startsWith(delimiter, at))
        return { values, failure: `Data between close quote character (${quote}) and field separator.` };
    } else {
      const end = line.indexOf(delimiter, at);
      values.push({ text: line.slice(at, end < 0 ? line.length : end), isQuoted: false });
      at = end < 0 ? line.length : end;
    }
    if (at >= line.length) return { values };
    at += delimiter.length;
  }
}

/** Position of the quote that is not followed by another one; -1 without it. */
function closingQuote(line: string, quote: string, from: number): number {
  let at = line.indexOf(quote, from);
  while (at >= 0 && line.startsWith(quote, at + 1)) at = line.indexOf(quote, at + 2);
  return at;
}
