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
}

/** Applies a table's records in order, the oldest first. */
export function foldHistory(records: readonly ChangeRecord[]): RecordedState {
  const columns = new Map<string, string | null>();
  const lastIds = new Map<string, string>();
  const madeAtMs: number[] = [];
  let isClosed = false;
  for (const { kind, path, toType, changeId, changedAtMs } of records) {
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
        columns.delete(path ?? '');
        break;
      case 'CLOSE_TABLE':
        isClosed = true;
        break;
      case 'CLOSE_RECORD':
      case 'RETIRE_COLUMN':
      case 'DROP_TABLE':
        break;
    }
  }
  return { ids: new Set(records.map(({ changeId }) => changeId)), columns, lastIds, madeAtMs, isClosed };
}
