import type { Field } from '../rules/field-schema.js';

interface Change {
  readonly atMs: number;
  /** Number of columns before; `undefined` if the change was more than new columns at the end. */
  readonly countBefore: number | undefined;
}

/** Changes that are remembered of one table; older ones count as more than new columns. */
const MAX_CHANGES = 1_000;

/** Changes of tables' columns since the start, to find the columns of an earlier time. */
export class ColumnChanges {
  readonly #byTable = new Map<string, Change[]>();

  record(key: string, before: readonly Field[], after: readonly Field[], atMs: number): void {
    const changes = this.#byTable.get(key) ?? [];
    this.#byTable.set(key, changes);
    changes.push({ atMs, countBefore: beginsWith(after, before) ? before.length : undefined });
    if (changes.length <= MAX_CHANGES) return;
    const [, oldest] = changes.splice(0, 2);
    changes.unshift({ atMs: oldest?.atMs ?? atMs, countBefore: undefined });
  }

  forget(key: string): void {
    this.#byTable.delete(key);
  }

  /** Number of columns that a table of `present` columns had at a time: its first ones; `undefined` if it had others. */
  countAt(key: string, present: number, atMs: number): number | undefined {
    const later = (this.#byTable.get(key) ?? []).filter((change) => change.atMs > atMs);
    if (later.some(({ countBefore }) => countBefore === undefined)) return undefined;
    return later[0]?.countBefore ?? present;
  }
}

function beginsWith(fields: readonly Field[], first: readonly Field[]): boolean {
  return first.every((field, index) => {
    const other = fields[index];
    if (other === field) return true;
    if (other?.name !== field.name || other.type !== field.type) return false;
    const [own, others] = [field.fields ?? [], other.fields ?? []];
    return own.length === others.length && beginsWith(others, own);
  });
}
