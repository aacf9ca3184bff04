import type { Books } from '@pipeline/books';

/** The books as JSON: times as text, at most a hundred ids. */
export interface BooksView {
  readonly from: string;
  readonly to: string;
  readonly totals: Books['totals'];
  readonly lines: Books['lines'];
  readonly unaccounted: Books['unaccounted'];
  readonly mistimed: Books['mistimed'];
  readonly estimatedBytes: number | null;
}

const MAX_IDS = 100;

export function toBooksView({
  span,
  totals,
  lines,
  unaccounted,
  mistimed,
  estimatedBytes,
}: Books): BooksView {
  return {
    from: span.from.toISOString(),
    to: span.to.toISOString(),
    totals,
    lines,
    unaccounted: unaccounted.slice(0, MAX_IDS),
    mistimed: mistimed.slice(0, MAX_IDS),
    estimatedBytes,
  };
}
