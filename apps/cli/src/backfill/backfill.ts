import type { OutgoingMessage, Publisher } from '@pipeline/books';
import type { SourceLine } from './read-lines.js';

export interface BackfillOptions {
  readonly publisher: Publisher;
  readonly toMessage: (line: SourceLine) => OutgoingMessage;
  /** Lines to leave out, from the first one on: where an interrupted backfill goes on. */
  readonly skip: number;
  readonly pace: () => Promise<void>;
  readonly onProgress: (published: number, line: SourceLine) => void;
  readonly signal: AbortSignal;
}

export interface BackfillResult {
  readonly published: number;
  /** Lines that are done, all before them included: the `--skip` to go on with. */
  readonly doneLines: number;
}

const CONCURRENCY = 200;

/** Publish lines in order, a batch at a time; a batch is done as a whole, so that the place to go on is exact. */
export async function backfill(
  lines: AsyncIterable<SourceLine>,
  options: BackfillOptions,
): Promise<BackfillResult> {
  let published = 0;
  let doneLines = options.skip;
  let batch: SourceLine[] = [];
  const flush = async (): Promise<void> => {
    await Promise.all(batch.map((line) => options.publisher.publish(options.toMessage(line))));
    published += batch.length;
    const last = batch.at(-1);
    batch = [];
    if (last === undefined) return;
    doneLines = last.number;
    options.onProgress(published, last);
  };
  for await (const line of lines) {
    if (options.signal.aborted) break;
    if (line.number <= options.skip) continue;
    await options.pace();
    batch.push(line);
    if (batch.length >= CONCURRENCY) await flush();
  }
  await flush();
  return { published, doneLines };
}
