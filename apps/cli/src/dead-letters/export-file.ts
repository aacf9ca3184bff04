import { open, type FileHandle } from 'node:fs/promises';
import { readMendedLine } from '@pipeline/books';

const LINE_FEED = 10;

/** The file of an export. It may exist: an interrupted export goes on where it stopped. */
export class ExportFile {
  readonly #ids: Set<string>;

  private constructor(
    private readonly handle: FileHandle,
    ids: Set<string>,
  ) {
    this.#ids = ids;
  }

  /** Reads the ids of an existing file, and cuts off a line that was not written to its end. */
  static async open(path: string): Promise<ExportFile> {
    const handle = await open(path, 'a+');
    const bytes = await handle.readFile();
    const end = bytes.lastIndexOf(LINE_FEED) + 1;
    await handle.truncate(end);
    const ids = new Set<string>();
    for (const line of bytes.subarray(0, end).toString().split('\n')) {
      const id = idOf(line);
      if (id !== null) ids.add(id);
    }
    return new ExportFile(handle, ids);
  }

  get size(): number {
    return this.#ids.size;
  }

  has(messageId: string): boolean {
    return this.#ids.has(messageId);
  }

  async append(messageId: string, line: string): Promise<void> {
    this.#ids.add(messageId);
    await this.handle.appendFile(`${line}\n`);
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}

/** A line that a person broke while mending it names no message: backfill reports it. */
function idOf(line: string): string | null {
  try {
    return readMendedLine(Buffer.from(line)).messageId;
  } catch {
    return null;
  }
}
