import { InFlight, type BackfillProgress } from '@pipeline/books';
import type { OutgoingMessage, Publisher } from '@pipeline/google-clients';
import type { SourceLine } from '../sources/source-line.js';

export interface BackfillOptions {
  readonly publisher: Publisher;
  /** The message of a line; null if the line is known and is not published again. */
  readonly toMessage: (line: SourceLine) => OutgoingMessage | null;
  /** Lines to leave out, from the first one on: where an interrupted backfill goes on. */
  readonly skip: number;
  readonly pace: () => Promise<void>;
  /** Called with the id of each message, in the order in which Pub/Sub accepts them. */
  readonly onPublished?: (line: SourceLine, messageId: string) => void;
  readonly onProgress: (progress: BackfillProgress) => void;
  readonly signal: AbortSignal;
}

const CONCURRENCY = 200;

/** A backfill that failed, and how far it was. */
export class BackfillFailure extends Error {
  constructor(
    readonly progress: BackfillProgress,
    override readonly cause: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/**
 * Publishes lines in order, at most so many at once. When it is interrupted it ends what is under way, so that the place to
 * go on is exact.
 * @throws BackfillFailure if the source or the publisher fails; nothing more is published then, and what was in flight has ended
 */
export async function backfill(
  lines: AsyncIterable<SourceLine>,
  options: BackfillOptions,
): Promise<BackfillProgress> {
  const tally = new Tally(options.skip);
  const inFlight = new InFlight(CONCURRENCY);
  try {
    for await (const line of lines) {
      if (options.signal.aborted) break;
      if (line.number <= options.skip) continue;
      const message = options.toMessage(line);
      if (message === null) {
        tally.known(line);
        options.onProgress(tally.progress());
        continue;
      }
      await options.pace();
      await inFlight.start(async () => {
        tally.begun(line);
        const messageId = await options.publisher.publish(message);
        tally.published(line, messageId);
        options.onPublished?.(line, messageId);
        options.onProgress(tally.progress());
      });
    }
    await inFlight.end();
    inFlight.throwFailure();
  } catch (cause) {
    await inFlight.end();
    throw new BackfillFailure(tally.progress(), cause);
  }
  return tally.progress();
}

/** Counts lines as they end, in any order. */
class Tally {
  readonly #underWay = new Set<number>();
  #last: number;
  #published = 0;
  #known = 0;
  #first: { readonly number: number; readonly messageId: string } | null = null;
  #latest: { readonly number: number; readonly messageId: string } | null = null;

  constructor(skip: number) {
    this.#last = skip;
  }

  begun({ number }: SourceLine): void {
    this.#underWay.add(number);
    this.#last = Math.max(this.#last, number);
  }

  known({ number }: SourceLine): void {
    this.#known++;
    this.#last = Math.max(this.#last, number);
  }

  published({ number }: SourceLine, messageId: string): void {
    this.#underWay.delete(number);
    this.#published++;
    if (this.#first === null || number < this.#first.number) this.#first = { number, messageId };
    if (this.#latest === null || number > this.#latest.number) this.#latest = { number, messageId };
  }

  /** Lines under way, and those that failed, are not done, nor is any line after them. */
  progress(): BackfillProgress {
    const [oldest = this.#last + 1] = [...this.#underWay].sort((left, right) => left - right);
    return {
      doneLines: Math.min(this.#last, oldest - 1),
      published: this.#published,
      known: this.#known,
      firstMessageId: this.#first?.messageId ?? null,
      lastMessageId: this.#latest?.messageId ?? null,
    };
  }
}
