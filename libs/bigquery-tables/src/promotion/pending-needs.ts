import type { SchemaChange } from '@pipeline/schema-inference';
import { joinedNeed } from '../schema-changes/joined-need.js';
import type { TableNeed } from '../schema-changes/reconciler-options.js';

/** Distinct changes kept for one table; the rest is found by the next run. */
const MAX_CHANGES = 5_000;

/** Gathers the schema changes that stored rows still need. Memory holds the distinct changes, not the rows. */
export class PendingNeeds {
  readonly #changes = new Map<string, SchemaChange>();
  #cause: string | null = null;

  add(messageId: string, pending: readonly SchemaChange[]): void {
    if (pending.length === 0 || this.#changes.size >= MAX_CHANGES) return;
    this.#cause ??= messageId;
    for (const change of pending) this.#changes.set(keyOf(change), change);
  }

  /** Returns the need of the rows; null if they need nothing. */
  need(): TableNeed | null {
    return this.#cause === null ? null : joinedNeed([...this.#changes.values()], this.#cause);
  }
}

function keyOf(change: SchemaChange): string {
  return JSON.stringify(change, (_key, value: unknown) => (value instanceof Map ? [...value] : value));
}
