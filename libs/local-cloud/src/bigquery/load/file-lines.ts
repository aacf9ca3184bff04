const NEWLINE = 0x0a;

/** One line of a file without its LF, with the position of its first byte. */
export interface FileLine {
  readonly bytes: Buffer;
  readonly position: number;
}

/** The lines of a file, the last one too if it has no LF. */
export async function* fileLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine> {
  let held: Buffer[] = [];
  let position = 0;
  for await (const chunk of content) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...held, bytes.subarray(from, at)]);
      held = [];
      from = at + 1;
      yield { bytes: line, position };
      position += line.length + 1;
    }
    if (from < bytes.length) held.push(bytes.subarray(from));
  }
  if (held.length > 0) yield { bytes: Buffer.concat(held), position };
}
