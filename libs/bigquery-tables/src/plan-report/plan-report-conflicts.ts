import type { OverflowReason } from '@pipeline/schema-inference';
import { MAX_CONFLICTS, type Conflict } from './plan-report.js';

const INDEX = /\/\d+(?=\/|$)/g;
const ELSEWHERE = '…';

/** Counts conflicting values by place and reason, in bounded memory. */
export class ConflictTally {
  readonly #conflicts = new Map<string, { conflict: Conflict; count: number }>();

  add(
    conflicts: readonly { readonly pointer: string; readonly reason: OverflowReason }[],
    line: number,
  ): void {
    for (const { pointer, reason } of conflicts) {
      this.#count(pointer, reason, line);
    }
  }

  list(): readonly Conflict[] {
    return [...this.#conflicts.values()].map(({ conflict, count }) => ({ ...conflict, count }));
  }

  #count(pointer: string, reason: OverflowReason, line: number): void {
    const place = pointer.replace(INDEX, '/*');
    const isNew = !this.#conflicts.has(`${reason} ${place}`);
    const at = isNew && this.#conflicts.size >= MAX_CONFLICTS ? ELSEWHERE : place;
    const present = this.#conflicts.get(`${reason} ${at}`);
    if (present === undefined) {
      const conflict = { reason, at, count: 1, sample: { pointer, line } };
      this.#conflicts.set(`${reason} ${at}`, { conflict, count: 1 });
    } else {
      present.count++;
    }
  }
}
