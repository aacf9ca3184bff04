import type { Column } from '@pipeline/schema-inference';

/** Temporary tables of one dataset. Implementations throw `CloudError`. */
export interface StagingTables {
  /** Creates a table that BigQuery deletes at `expiresAtMs`, should nothing drop it before. */
  create(table: {
    readonly tableId: string;
    readonly columns: readonly Column[];
    readonly expiresAtMs: number;
  }): Promise<void>;
  /** Appends the rows of an Avro file; they are readable when it resolves. */
  load(tableId: string, avro: Uint8Array): Promise<void>;
  /**
   * Lets BigQuery delete the table within minutes. It is not dropped, because the right to drop one table of a dataset is
   * the right to drop every table of events.
   */
  release(tableId: string): Promise<void>;
}
