export { BigquerySchemaHistory } from './bigquery-schema-history.adapter.js';
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
export {
  UNKNOWN_ACTOR,
  type Change,
  type ChangeKind,
  type ChangeRecord,
  type SampleShape,
} from './change-record.js';
export { HistoryAuditor, type HistoryAuditorOptions } from './history-auditor.js';
export { HISTORY_COLUMNS, HISTORY_TABLE } from './history-row.js';
export { HistoryWriter, type HistoryWriterOptions } from './history-writer.js';
export { SCHEMA_HISTORY, type SchemaHistory } from './schema-history.port.js';
export type { KnownTable, RememberedTable } from './table-cache.js';
export type { TablePaceOptions } from './table-pace.js';
export type { ReconcilerObserver, ReconcilerOptions, TableChange, TableNeed } from './reconciler-options.js';
export { TableReconciler } from './table-reconciler.js';
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
export type {
  Conflict,
  PlanReport,
  RejectedRow,
  RejectedRows,
  ReportedChange,
  TableReport,
} from './plan-report.js';
export { readPlanLine, type PlanFormat, type PlanLine } from './plan-line.js';
export { PlanReporter, type PlanReporterOptions } from './plan-reporter.js';
