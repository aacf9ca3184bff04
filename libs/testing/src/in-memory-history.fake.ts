import type { ChangeRecord, SchemaHistory } from '@pipeline/bigquery-tables';
import type { CloudError } from '@pipeline/google-clients';

/** `_schema_history` in memory, for specs: appended in any order, read in the order of the real one. */
export class InMemoryHistory implements SchemaHistory {
  /** Every appended change in order; a change appended twice is listed twice. */
  readonly records: ChangeRecord[] = [];
  /** Delay before a call reads or appends. Needs (fake) timers. */
  latencyMs = 0;
  readonly #failures: CloudError[] = [];

  /** The next appends and reads fail with these errors, in order. */
  failNext(...errors: readonly CloudError[]): void {
    this.#failures.push(...errors);
  }

  async append(records: readonly ChangeRecord[]): Promise<void> {
    await this.#arrive();
    this.records.push(...records);
  }

  async read(tableIds: readonly string[], limit?: number): Promise<readonly ChangeRecord[]> {
    await this.#arrive();
    const earliest = new Map<string, ChangeRecord>();
    for (const record of this.records) {
      const known = earliest.get(record.changeId);
      if (tableIds.includes(record.tableId) && (known === undefined || record.version < known.version)) {
        earliest.set(record.changeId, record);
      }
    }
    const records = [...earliest.values()].sort(inOrder);
    return limit === undefined ? records : records.slice(-limit);
  }

  async #arrive(): Promise<void> {
    if (this.latencyMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, this.latencyMs));
    }
    const failure = this.#failures.shift();
    if (failure !== undefined) {
      throw failure;
    }
  }
}

function inOrder(left: ChangeRecord, right: ChangeRecord): number {
  return (
    left.changedAtMs - right.changedAtMs ||
    rankOf(left) - rankOf(right) ||
    left.version - right.version ||
    compareText(left.path ?? '', right.path ?? '') ||
    compareText(left.changeId, right.changeId)
  );
}

function rankOf({ kind, path }: ChangeRecord): number {
  return path !== null ? 2 : kind === 'DROP_TABLE' ? 0 : 1;
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
