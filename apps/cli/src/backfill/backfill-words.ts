import type { BackfillProgress, EarlierBackfill } from '@pipeline/books';
import { countOf } from '../command/count-words.js';

/** `1,200 of 5,000 lines published (24 %), 98/s, 39 s left`; without a total, `1,200 lines, 98/s`. */
export function progressWords(
  { doneLines, published, known }: BackfillProgress,
  run: { readonly skip: number; readonly lines: number | null; readonly elapsedMs: number },
): string {
  const ended = published + known;
  const perSecond = ended / Math.max(run.elapsedMs / 1_000, 0.001);
  const rate = `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`;
  const knownWords = known === 0 ? '' : `, ${grouped(known)} known`;
  if (run.lines === null) return `${grouped(published)} published${knownWords}, ${rate}`;
  const total = Math.max(run.lines - run.skip, 1);
  const done = doneLines - run.skip;
  const percent = Math.floor((done / total) * 100);
  const left = perSecond === 0 ? '' : `, ${durationWords((total - done) / perSecond)} left`;
  return `${grouped(done)} of ${grouped(total)} lines ${known === 0 ? 'published' : 'published or known'} (${percent} %)${knownWords}, ${rate}${left}`;
}

/** `39 s`, `12 min`, `3 h 20 min`. */
export function durationWords(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 100) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Says that the source was backfilled before, and how to go on; null if an earlier run published nothing. */
export function earlierWords(earlier: EarlierBackfill | null): string | null {
  if (earlier === null) return null;
  const { outcome, startedAt, doneLines, lines, published, runId } = earlier;
  if (outcome !== 'running' && published === 0) return null;
  const at = startedAt.slice(0, 16).replace('T', ' ');
  switch (outcome) {
    case 'completed':
      return `This source was backfilled before, at ${at} (run ${runId}, ${countOf(published, 'event')}): without --skip-known its events are published again, as new messages.`;
    case 'interrupted':
      return `A backfill of this source was interrupted at line ${doneLines} of ${lines} (${at}, run ${runId}). --skip ${doneLines} goes on there.`;
    case 'failed':
    case 'running':
      return `A backfill of this source did not end (${at}, run ${runId}): every line up to ${doneLines} of ${lines} is published, and some after it may be. --skip ${doneLines} --skip-known goes on exactly, once those have reached the archive.`;
  }
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
