import { createHash } from 'node:crypto';
import type { PlanReporter } from '@pipeline/bigquery-tables';
import type { LineMessage, ReadLine } from '../sources/line-message.js';
import type { SourceLine } from '../sources/source-line.js';

export interface PlanSourceOptions {
  readonly reporter: Pick<PlanReporter, 'take' | 'reject'>;
  readonly toMessage: (line: SourceLine) => ReadLine;
  /** Lines to leave out, from the first one on. */
  readonly skip?: number;
  /** Called with each message that would be published. */
  readonly onMessage?: (message: LineMessage) => void;
  readonly onProgress: (lines: number) => void;
  readonly signal: AbortSignal;
}

/** A source that was read to its end. */
export interface ReadSource {
  /** Lines, those that were left out included. */
  readonly lines: number;
  /** Lines that would be published. */
  readonly messages: number;
  /** SHA-256 of all lines in hex: the same for the same source under another name. */
  readonly sha256: string;
}

const PROGRESS_LINES = 1_000;

/** Plans every line of a source: the one reading that `plan` and `backfill` share. */
export async function planSource(
  lines: AsyncIterable<SourceLine>,
  { reporter, toMessage, skip = 0, onMessage, onProgress, signal }: PlanSourceOptions,
): Promise<ReadSource> {
  const hash = createHash('sha256');
  let count = 0;
  let messages = 0;
  for await (const line of lines) {
    if (signal.aborted) break;
    count = line.number;
    hash.update(line.bytes).update('\n');
    if (count % PROGRESS_LINES === 0) onProgress(count);
    if (count <= skip) continue;
    const read = toMessage(line);
    if (read.kind === 'rejected') {
      reporter.reject({ line: count, code: 'ENVELOPE_INVALID', detail: read.detail });
      continue;
    }
    messages++;
    await reporter.take(read.message, count);
    onMessage?.(read.message);
  }
  return { lines: count, messages, sha256: hash.digest('hex') };
}
