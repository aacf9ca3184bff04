import { UsageError } from '../command/exit-codes.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: readonly number[] = [0x5b, 0x7b];
const CLOSING: readonly number[] = [0x5d, 0x7d];
const BLANK = /^\s*$/;
/** Longer than any white space between elements that is worth a look. */
const LONG_ENOUGH = 64;

/**
 * Yields the elements of a JSON array with the bytes that they have in it. Only brackets, strings and commas are read: an
 * element that is not JSON is yielded as it is.
 * @throws UsageError if the array is cut off, or followed by something
 */
export async function* splitArray(source: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const scanner = new ArrayScanner();
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const border = scanner.next(chunk[index] ?? 0);
      if (border === 'none') continue;
      const bytes = Buffer.concat([...rest, chunk.subarray(start, index)]);
      if (border !== 'start' && !isBlank(bytes)) yield bytes;
      rest = [];
      start = index + 1;
    }
    rest.push(chunk.subarray(start));
  }
  if (!scanner.isOver) throw new UsageError(`${source} is a JSON array that is cut off.`);
  if (!isBlank(Buffer.concat(rest)))
    throw new UsageError(`${source} goes on after its JSON array: use one array, or one event per line.`);
}

function isBlank(bytes: Buffer): boolean {
  return bytes.length < LONG_ENOUGH && BLANK.test(bytes.toString('latin1'));
}

/** Finds the borders of the elements of the outermost array, byte by byte. */
class ArrayScanner {
  isOver = false;
  #depth = 0;
  #inString = false;
  #isEscaped = false;

  /** @returns `start` for the bracket that opens the array, `element` for what ends an element, else `none` */
  next(byte: number): 'start' | 'element' | 'none' {
    if (this.isOver) return 'none';
    if (this.#inString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return 'none';
    }
    if (byte === QUOTE) this.#inString = true;
    else if (OPENING.includes(byte)) return ++this.#depth === 1 ? 'start' : 'none';
    else if (CLOSING.includes(byte)) {
      this.isOver = --this.#depth === 0;
      return this.isOver ? 'element' : 'none';
    } else if (byte === COMMA && this.#depth === 1) return 'element';
    return 'none';
  }
}
