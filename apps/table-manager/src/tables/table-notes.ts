import { Injectable } from '@nestjs/common';
import type { OverflowReason } from '@pipeline/schema-inference';

/** Longest time in which a table is looked at after its last row without a column; the nightly sweep finds the rest. */
const NOTED_MS = 3_600_000;
/** A process that sees more tables leaves the others to the nightly sweep. */
const MAX_TABLES = 2_000;

/**
 * Tables of which this process saw values that promotion or a retype can help. No history has them: the change of a column may
 * have failed, and a field that cannot widen was never changed.
 */
@Injectable()
export class TableNotes {
  readonly #awaiting = new Map<string, number>();
  readonly #unwidenable = new Set<string>();

  overflowed(table: string, reason: OverflowReason): void {
    const isRoom = this.#awaiting.has(table) || this.#awaiting.size < MAX_TABLES;
    if (reason === 'AWAITING_COLUMN' && isRoom) this.#awaiting.set(table, Date.now());
    if (reason === 'NOT_WIDENABLE' && this.#unwidenable.size < MAX_TABLES) this.#unwidenable.add(table);
  }

  /** The tables with rows that await a column, of the last hour. */
  awaiting(): readonly string[] {
    const since = Date.now() - NOTED_MS;
    for (const [table, notedAtMs] of this.#awaiting) if (notedAtMs < since) this.#awaiting.delete(table);
    return [...this.#awaiting.keys()];
  }

  /** Returns the tables with a value that its field cannot widen for, and forgets them. */
  takeUnwidenable(): readonly string[] {
    const tables = [...this.#unwidenable];
    this.#unwidenable.clear();
    return tables;
  }

  get isEmpty(): boolean {
    return this.#unwidenable.size === 0 && this.awaiting().length === 0;
  }
}
