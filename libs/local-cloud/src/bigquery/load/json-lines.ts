const NEWLINE = 0x0a;

/** One line of a file with the position of its first byte. */
export interface JsonLine {
  readonly text: string;
  readonly position: number;
}

/** The lines of a file that are not blank, whether they end in LF or CRLF. */
export async function* jsonLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<JsonLine> {
  let held: Buffer[] = [];
  let position = 0;
  for await (const chunk of content) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...held, bytes.subarray(from, at)]);
      held = [];
      from = at + 1;
      yield* present(line, position);
      position += line.length + 1;
    }
    if (from < bytes.length) held.push(bytes.subarray(from));
  }
  yield* present(Buffer.concat(held), position);
}

function* present(line: Buffer, position: number): Generator<JsonLine> {
  const text = line.toString('utf8').trim();
  if (text !== '') yield { text, position };
}
