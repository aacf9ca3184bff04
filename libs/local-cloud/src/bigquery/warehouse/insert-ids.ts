/** Milliseconds that an insertId is remembered. Source: streaming-data-into-bigquery (best effort, up to one minute), read 2026-11-22. */
const REMEMBER_MS = 60_000;

/** The insertIds of rows stored in the last minute; an id is recorded only after its row is stored. */
export class InsertIds {
  readonly #storedAtMs = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  has(id: string): boolean {
    const storedAt = this.#storedAtMs.get(id);
    return storedAt !== undefined && this.now() - storedAt < REMEMBER_MS;
  }

  record(ids: Iterable<string>): void {
    const now = this.now();
    for (const id of ids) {
      this.#storedAtMs.delete(id);
      this.#storedAtMs.set(id, now);
    }
    for (const [id, storedAt] of this.#storedAtMs) {
      if (now - storedAt < REMEMBER_MS) break;
      this.#storedAtMs.delete(id);
    }
  }

  clear(): void {
    this.#storedAtMs.clear();
  }
}
