export { BigquerySchemaHistory } from './history/bigquery-schema-history.adapter.js';
export { BigqueryTableStore } from './schema-changes/bigquery-table-store.adapter.js';
export { BigqueryTablesModule } from './bigquery-tables.module.js';
export type { BigqueryTablesOptions } from './bigquery-tables.module-definition.js';
export { createRowAppender } from './rows/create-row-appender.js';
export {
  ROW_APPENDER,
  type AppendAnswer,
  type AppendRow,
  type RowAppender,
  type RowError,
  type RowErrorKind,
} from './rows/row-appender.port.js';
export type { AppendReport, RetryCause, WriteOutcome, WriteRow } from './rows/row-write.js';
export { RowWriter, type RowWriterOptions } from './rows/row-writer.js';
export {
  UNKNOWN_ACTOR,
  type Change,
  type ChangeKind,
  type ChangeRecord,
  type SampleShape,
} from './schema-changes/change-record.js';
export {
  QUARANTINE_COLUMNS,
  QUARANTINE_TABLE,
  toQuarantineRow,
  type QuarantinedMessage,
  type QuarantineReason,
} from './rows/quarantine-row.js';
export { GUARD_LABEL, newTypeVerbOf, refusalOf, type NewTableRefusal } from './schema-changes/new-types.js';
export {
  TableGuard,
  type TableGuardOptions,
  type TableLimit,
  type TableUse,
} from './schema-changes/table-guard.js';
export { HistoryAuditor, type HistoryAuditorOptions } from './history/history-auditor.js';
export { HISTORY_COLUMNS, HISTORY_TABLE, namedRecord } from './history/history-row.js';
export { HistoryWriter, type HistoryWriterOptions } from './history/history-writer.js';
export { SCHEMA_HISTORY, type SchemaHistory } from './history/schema-history.port.js';
export type { KnownTable, RememberedTable } from './schema-changes/table-cache.js';
export type { TablePaceOptions } from './schema-changes/table-pace.js';
export type {
  ReconcilerObserver,
  ReconcilerOptions,
  TableChange,
  TableNeed,
} from './schema-changes/reconciler-options.js';
export { TableReconciler } from './schema-changes/table-reconciler.js';
export {
  TABLE_STORE,
  type ChangeOutcome,
  type CreateOutcome,
  type FieldResource,
  type ListedTable,
  type NewTable,
  type StoredTable,
  type TableStore,
} from './schema-changes/table-store.port.js';
export { UniqueViews, type UniqueViewsOptions } from './schema-changes/unique-views.js';
export type {
  Conflict,
  PlanReport,
  RejectedRow,
  RejectedRows,
  ReportedChange,
  TableReport,
} from './plan-report/plan-report.js';
export { readPlanLine, type PlanFormat, type PlanLine } from './plan-report/plan-line.js';
export { readNewTableRefusal } from './schema-changes/new-types.js';
export { applyPlanned, type ApplyPlannedOptions } from './plan-report/apply-planned.js';
export { PlanReporter, type PlannedNeed, type PlanReporterOptions } from './plan-report/plan-reporter.js';
export { BigqueryStaging } from './promotion/bigquery-staging.js';
export {
  PROMOTIONS_COLUMNS,
  PROMOTIONS_TABLE,
  type PromotedDay,
  type PromotionOutcome,
} from './promotion/promotion-record.js';
export type { PromotionScope } from './promotion/promotion-sql.js';
export {
  ALL_ROWS,
  Promoter,
  type PromoterOptions,
  type PromotionRequest,
  type PromotionRun,
} from './promotion/promoter.js';
export {
  parseRetypeType,
  RETYPE_TYPES,
  type RetypeRefusal,
  type RetypeWish,
} from './promotion/plan-retype.js';
export { Retyper, type RetyperOptions, type RetypeResult } from './promotion/retyper.js';
export {
  RetypeEnd,
  type RetypeEndOptions,
  type RetypeProgress,
  type RetypeStage,
} from './promotion/retype-end.js';
export { AutoRetyper, type AutoRetype, type AutoRetyperOptions } from './promotion/auto-retyper.js';
export { refusalText } from './promotion/refusal-text.js';
export {
  approvalCosts,
  MAX_COST_TABLES,
  type ApprovalCost,
  type ApprovalCostOptions,
} from './approval/approval-costs.js';
export { Approver, type ApproverOptions, type DecisionResult } from './approval/approver.js';
export type { EarlierDecision } from './approval/earlier-decision.js';
export { NewTypeTables, type NewTypesStep, type NewTypeTablesOptions } from './approval/new-type-tables.js';
export {
  ContractApplier,
  type ContractApplierOptions,
  type ContractResult,
} from './approval/contract-applier.js';
export type { ContractStep } from './approval/plan-contract.js';
export { createTableTools, type TableTools, type TableToolsOptions } from './approval/table-tools.js';
export { proposedSchema } from './approval/proposed-schema.js';
export { countWaiting as countWaitingValues } from './approval/waiting-values.js';
