import type { ChangeRecord } from '../schema-changes/change-record.js';

/** The table `_schema_history`: every change of every event table. */
export interface SchemaHistory {
  /** Appends, at least once: a record may be told twice, its id is the same. @throws CloudError where not all are stored */
  append(records: readonly ChangeRecord[]): Promise<void>;
  /**
   * What is told of some tables, each change once, the newest last.
   * @param limit the newest so many; all where it is not given
   * @throws CloudError
   */
  read(tableIds: readonly string[], limit?: number): Promise<readonly ChangeRecord[]>;
}

export const SCHEMA_HISTORY = Symbol('SCHEMA_HISTORY');
