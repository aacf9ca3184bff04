const LINE_FEED = 0x0a;

/** A line; `isTooLong` ones have no bytes. Numbers start at 1. */
export interface Line {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly isTooLong: boolean;
}

const NO_BYTES = new Uint8Array();

/**
 * Splits a stream into lines. The next line is read when this one was consumed, so that the sender waits.
 *
 * Shape: `{"a":1}\n{"a":2}` → two lines; the last needs no line feed. In memory there is one line and one piece of the
 * stream; a line of more than `maxBytes` is skipped and reported.
 */
export async function* splitLines(
  pieces: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line, void, undefined> {
  const open = new OpenLine(maxBytes);
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(LINE_FEED); end >= 0; end = piece.indexOf(LINE_FEED, from)) {
      open.append(piece.subarray(from, end));
      yield open.close();
      from = end + 1;
    }
    open.append(piece.subarray(from));
  }
  if (!open.isEmpty) {
    yield open.close();
  }
}

class OpenLine {
  #number = 1;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  append(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.maxBytes) {
      this.#parts = [];
    } else if (part.length > 0) {
      this.#parts.push(part);
    }
  }

  close(): Line {
    const isTooLong = this.#length > this.maxBytes;
    const [only] = this.#parts;
    const bytes = only !== undefined && this.#parts.length === 1 ? only : Buffer.concat(this.#parts);
    const line = { number: this.#number, bytes: isTooLong ? NO_BYTES : bytes, isTooLong };
    this.#number++;
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
