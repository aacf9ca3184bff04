import type { BooksCounts, DeadLetterGroup, OverflowGroup } from '@pipeline/books';

/** Something that an operator should look at. */
export interface Concern {
  readonly kind: 'unaccounted' | 'mistimed' | 'dead-letters' | 'quarantined' | 'overflow';
  /** `critical`: a promise is broken; `warning`: messages wait for a person; `notice`: values wait for a decision. */
  readonly severity: 'critical' | 'warning' | 'notice';
  readonly count: number;
  readonly table: string | null;
  readonly reason: string | null;
  readonly path: string | null;
  readonly sampleMessageId: string | null;
}

export interface ConcernFacts {
  readonly totals: BooksCounts;
  readonly unaccounted: readonly { readonly messageId: string }[];
  readonly mistimed: readonly { readonly messageId: string; readonly table: string }[];
  readonly deadLetters: readonly DeadLetterGroup[];
  readonly overflow: readonly OverflowGroup[];
}

/** The pipeline moves these values by itself. */
const MOVES_BY_ITSELF = 'AWAITING_COLUMN';
const NOTHING = { table: null, reason: null, path: null, sampleMessageId: null };

/** Lists what needs a person, the worst first, then the most frequent. Values that only wait for their column are left out. */
export function concernsOf({
  totals,
  unaccounted,
  mistimed,
  deadLetters,
  overflow,
}: ConcernFacts): Concern[] {
  const concerns: Concern[] = [];
  if (totals.unaccounted > 0) {
    concerns.push({
      ...NOTHING,
      kind: 'unaccounted',
      severity: 'critical',
      count: totals.unaccounted,
      sampleMessageId: unaccounted[0]?.messageId ?? null,
    });
  }
  if (totals.mistimed > 0) {
    concerns.push({
      ...NOTHING,
      kind: 'mistimed',
      severity: 'critical',
      count: totals.mistimed,
      table: mistimed[0]?.table ?? null,
      sampleMessageId: mistimed[0]?.messageId ?? null,
    });
  }
  if (totals.quarantined > 0) {
    concerns.push({ ...NOTHING, kind: 'quarantined', severity: 'warning', count: totals.quarantined });
  }
  // A replay leaves its dead letter behind: without one that is still dead, nothing needs a person.
  if (totals.deadLetters > 0) {
    for (const { table, reason, path, messages, sampleMessageId } of deadLetters) {
      concerns.push({
        kind: 'dead-letters',
        severity: 'warning',
        count: messages,
        table,
        reason,
        path,
        sampleMessageId,
      });
    }
  }
  for (const { table, reason, path, values, sampleMessageId } of overflow) {
    if (reason !== MOVES_BY_ITSELF) {
      concerns.push({
        kind: 'overflow',
        severity: 'notice',
        count: values,
        table,
        reason,
        path,
        sampleMessageId,
      });
    }
  }
  return concerns.sort(
    (left, right) => RANK[left.severity] - RANK[right.severity] || right.count - left.count,
  );
}

const RANK: Readonly<Record<Concern['severity'], number>> = { critical: 0, warning: 1, notice: 2 };
