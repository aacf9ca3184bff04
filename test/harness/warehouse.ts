import type { TableStore } from '@pipeline/bigquery-tables';
import type { Sql } from '@pipeline/google-clients';

/** The dataset of a pipeline under test: queries, and tables as the engine reads them. */
export interface Warehouse {
  readonly sql: Sql;
  readonly tables: Pick<TableStore, 'read'>;
}
