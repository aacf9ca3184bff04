import type { ChangeRecord } from '../schema-changes/change-record.js';

/** A table according to its history. */
export interface RecordedState {
  /** Ids of all records. */
  readonly ids: ReadonlySet<string>;
  /** Columns that should be there, with their types; null if the type was never recorded. */
  readonly columns: ReadonlyMap<string, string | null>;
  /** The last change of each path, dropped columns included. */
  readonly lastIds: ReadonlyMap<string, string>;
  /** Every recorded time of the table's creation. */
  readonly madeAtMs: readonly number[];
  readonly isClosed: boolean;
  /** Paths that got their name by a renaming: the sentences in their descriptions are about the name before. */
  readonly renamed: ReadonlySet<string>;
}

/** Applies a table's records in order, the oldest first. */
export function foldHistory(records: readonly ChangeRecord[]): RecordedState {
  const columns = new Map<string, string | null>();
  const lastIds = new Map<string, string>();
  const madeAtMs: number[] = [];
  const renamed = new Set<string>();
  let isClosed = false;
  for (const { kind, path, fromType, toType, changeId, changedAtMs } of records) {
    if (path !== null) {
      lastIds.set(path, changeId);
    }
    switch (kind) {
      case 'CREATE_TABLE':
        columns.clear();
        isClosed = false;
        madeAtMs.push(changedAtMs);
        break;
      case 'RECREATE_TABLE':
        madeAtMs.push(changedAtMs);
        break;
      case 'ADD_COLUMN':
      case 'WIDEN_COLUMN':
      case 'RELAX_COLUMN':
      case 'CHANGE_COLUMN':
        columns.set(path ?? '', toType);
        break;
      case 'DROP_COLUMN':
        for (const gone of pathsUnder(columns, path ?? '')) columns.delete(gone);
        break;
      case 'RENAME_COLUMN':
        for (const before of pathsUnder(columns, fromType ?? '')) {
          const now = `${path ?? ''}${before.slice((fromType ?? '').length)}`;
          columns.set(now, columns.get(before) ?? null);
          columns.delete(before);
          renamed.add(now);
        }
        break;
      case 'CLOSE_TABLE':
        isClosed = true;
        break;
      case 'CLOSE_RECORD':
      case 'RETIRE_COLUMN':
      case 'APPLY_CONTRACT':
      case 'APPROVE_CHANGE':
      case 'REJECT_CHANGE':
      case 'DROP_TABLE':
        break;
    }
  }
  const ids = new Set(records.map(({ changeId }) => changeId));
  return { ids, columns, lastIds, madeAtMs, isClosed, renamed };
}

/** A column with its fields. */
function pathsUnder(columns: ReadonlyMap<string, unknown>, path: string): readonly string[] {
  return [...columns.keys()].filter((known) => known === path || known.startsWith(`${path}.`));
}
