import type { ChangeRecord } from '../schema-changes/change-record.js';

/** The table `_schema_history`: every change of every event table. */
export interface SchemaHistory {
  /** Appends at least once: a record may be stored twice with the same id. @throws CloudError if not all are stored */
  append(records: readonly ChangeRecord[]): Promise<void>;
  /**
   * Returns the changes of some tables, each once, the newest last.
   * @param limit the number of newest changes; all if undefined
   * @throws CloudError
   */
  read(tableIds: readonly string[], limit?: number): Promise<readonly ChangeRecord[]>;
}

export const SCHEMA_HISTORY = Symbol('SCHEMA_HISTORY');
