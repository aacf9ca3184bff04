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

/**
 * Publish lines in order, at most so many at once. When it is interrupted it ends what is under way, so that the place to
 * go on is exact.
 */
export async function backfill(
  lines: AsyncIterable<SourceLine>,
  options: BackfillOptions,
): Promise<BackfillResult> {
  let published = 0;
  let doneLines = options.skip;
  let underWay: Promise<string>[] = [];
  for await (const line of lines) {
    if (options.signal.aborted) break;
    if (line.number <= options.skip) continue;
    await options.pace();
    underWay.push(options.publisher.publish(options.toMessage(line)));
    published++;
    doneLines = line.number;
    options.onProgress(published, line);
    if (underWay.length >= CONCURRENCY) {
      await Promise.all(underWay);
      underWay = [];
    }
  }
  await Promise.all(underWay);
  return { published, doneLines };
}
