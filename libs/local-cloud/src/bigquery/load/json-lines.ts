import { fileLines } from './file-lines.js';

/** One line of a file with the position of its first byte. */
export interface JsonLine {
  readonly text: string;
  readonly position: number;
}

/** The lines of a file that are not blank, whether they end in LF or CRLF. */
export async function* jsonLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<JsonLine> {
  for await (const { bytes, position } of fileLines(content)) {
    const text = bytes.toString('utf8').trim();
    if (text !== '') yield { text, position };
  }
}
