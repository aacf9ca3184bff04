export { BigqueryClient, type BigqueryConnection } from './bigquery-client.adapter.js';
export { BigqueryTableStore } from './bigquery-table-store.adapter.js';
export { BigqueryTablesModule } from './bigquery-tables.module.js';
export { createRowAppender } from './create-row-appender.js';
export {
  ROW_APPENDER,
  type AppendAnswer,
  type AppendRow,
  type RowAppender,
  type RowError,
  type RowErrorKind,
} from './row-appender.port.js';
export type { AppendReport, RetryCause, WriteOutcome, WriteRow } from './row-write.js';
export { RowWriter, type RowWriterOptions } from './row-writer.js';
export type { KnownTable } from './table-cache.js';
export { TableError, type Disposition, type TableErrorCode } from './table.errors.js';
export {
  TableReconciler,
  type ReconcilerOptions,
  type TableChange,
  type TableNeed,
} from './table-reconciler.js';
export {
  TABLE_STORE,
  type ChangeOutcome,
  type CreateOutcome,
  type FieldResource,
  type NewTable,
  type StoredTable,
  type TableStore,
} from './table-store.port.js';
export { UniqueViews, type UniqueViewsOptions } from './unique-views.js';
