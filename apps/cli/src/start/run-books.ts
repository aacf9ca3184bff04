import type { BooksCounts } from '@pipeline/books';
import { countOf } from '../command/count-words.js';

/** The books of one run: counts, and the ids of messages without an outcome. */
export interface RunBooks {
  readonly totals: BooksCounts;
  /** Neither rows nor dead letters. */
  readonly unaccounted: readonly string[];
  /** Published, but not in the archive. */
  readonly notReceived: readonly string[];
}

/** `300 received, 300 rows, 0 dead letters, 0 in progress, 0 unaccounted` */
export function describeBooks(counts: BooksCounts): string {
  const { received, rows, deadLetters, dismissed, quarantined, inProgress, unaccounted } = counts;
  const held = [
    ...(dismissed === 0 ? [] : [` ${dismissed} dismissed,`]),
    ...(quarantined === 0 ? [] : [` ${quarantined} quarantined,`]),
  ].join('');
  return `${received} received, ${countOf(rows, 'row')}, ${countOf(deadLetters, 'dead letter')},${held} ${inProgress} in progress, ${unaccounted} unaccounted`;
}

/** Every published message is received and accounted for. */
export function isBalanced({ totals, notReceived }: RunBooks): boolean {
  return (
    totals.unaccounted === 0 && totals.inProgress === 0 && totals.mistimed === 0 && notReceived.length === 0
  );
}
