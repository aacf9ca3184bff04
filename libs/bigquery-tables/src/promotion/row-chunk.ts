import type { JsonValue } from '@pipeline/schema-inference';
import type { StagedRow } from './staged-columns.js';

/** Text of the rows of one chunk, in UTF-16 units; compressed it is a fraction of what one upload holds. */
const MAX_CHUNK_LENGTH = 64_000_000;

/** Rows to stage together, as text, which takes less memory than objects. Copies with the same content are kept once. */
export class RowChunk {
  readonly #rows = new Map<string, string>();
  readonly #changed = new Set<string>();
  #length = 0;
  #moved = 0;

  add(row: StagedRow, changed: readonly string[], moved: number): void {
    const { messageId, publishTime, revision, fingerprint } = row;
    const key = JSON.stringify([messageId, publishTime, revision, fingerprint]);
    if (this.#rows.has(key)) return;
    const text = JSON.stringify({ ...row, next: withoutNulls(row.next) });
    this.#rows.set(key, text);
    this.#length += key.length + text.length;
    this.#moved += moved;
    for (const name of changed) this.#changed.add(name);
  }

  get isFull(): boolean {
    return this.#length >= MAX_CHUNK_LENGTH;
  }

  get size(): number {
    return this.#rows.size;
  }

  get moved(): number {
    return this.#moved;
  }

  /** Names of the columns that change in any row. */
  get changed(): ReadonlySet<string> {
    return this.#changed;
  }

  *rows(): Generator<StagedRow> {
    for (const text of this.#rows.values()) yield JSON.parse(text) as StagedRow;
  }
}

function withoutNulls(values: Readonly<Record<string, JsonValue>>): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
