import { InFlight } from '@pipeline/books';
import type { OutgoingMessage, Publisher } from '@pipeline/google-clients';
import type { SourceLine } from './read-lines.js';

export interface BackfillOptions {
  readonly publisher: Publisher;
  readonly toMessage: (line: SourceLine) => OutgoingMessage;
  /** Lines to leave out, from the first one on: where an interrupted backfill goes on. */
  readonly skip: number;
  readonly pace: () => Promise<void>;
  /** Called with the id of each message, in the order in which Pub/Sub accepts them. */
  readonly onPublished?: (line: SourceLine, messageId: string) => void;
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
 * Publishes lines in order, at most so many at once. When it is interrupted it ends what is under way, so that the place to
 * go on is exact.
 * @throws what the source or the publisher failed with; nothing more is published then, and what is under way has ended
 */
export async function backfill(
  lines: AsyncIterable<SourceLine>,
  options: BackfillOptions,
): Promise<BackfillResult> {
  let published = 0;
  let doneLines = options.skip;
  const inFlight = new InFlight(CONCURRENCY);
  try {
    for await (const line of lines) {
      if (options.signal.aborted) break;
      if (line.number <= options.skip) continue;
      await options.pace();
      await inFlight.start(async () => {
        const messageId = await options.publisher.publish(options.toMessage(line));
        options.onPublished?.(line, messageId);
      });
      published++;
      doneLines = line.number;
      options.onProgress(published, line);
    }
  } finally {
    await inFlight.end();
  }
  inFlight.throwFailure();
  return { published, doneLines };
}
