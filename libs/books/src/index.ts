export {
  listActions,
  recordIntent,
  recordOutcome,
  type ActionAuthor,
  type ActionEnd,
  type ActionIntent,
  type ActionOutcome,
  type LoggedAction,
} from './action-log.js';
export {
  audit,
  DEFAULT_IN_PROGRESS_MS,
  estimateAudit,
  sumCounts,
  writeLedger,
  type AuditOptions,
  type Books,
  type BooksCounts,
  type BooksLine,
  type MistimedMessage,
  type UnaccountedMessage,
} from './audit.js';
export {
  BACKFILLS_TABLE,
  earlierBackfill,
  recordBackfill,
  updateBackfill,
  type BackfillOutcome,
  type BackfillProgress,
  type BackfillRun,
  type EarlierBackfill,
} from './backfills.js';
export { BooksError, type BooksErrorCode } from './books.errors.js';
export {
  countDeadLetters,
  deadLetterGroups,
  deadLetterTrend,
  listDeadLetters,
  type DeadLetterFilter,
  type DeadLetterGroup,
  type DeadLetterSummary,
  type DeadLetterTime,
} from './dead-letters.js';
export {
  deadLetterIds,
  dismissalOf,
  markDismissed,
  type Dismissal,
  type DismissalMark,
} from './dismissals.js';
export { columnFill, estimateColumnFill, type ColumnFill } from './column-fill.js';
export { columnLines, type ColumnLine } from './column-lines.js';
export {
  deepAudit,
  estimateDeepAudit,
  type AlteredValue,
  type DeepAudit,
  type DeepAuditOptions,
} from './deep-audit.js';
export type { EventRouting } from './event-routing.js';
export { listContractTables, listEventTables, namedEventTables, nearestName } from './event-tables.js';
export type { LeafExplanation } from './explain-leaf.js';
export { explainMessage, type MessageExplanation } from './explain-message.js';
export { findMessage } from './find-message.js';
export {
  findByColumn,
  findText,
  parseCondition,
  type FindEventsOptions,
  type FoundMessages,
} from './find-events.js';
export { KnownMessages, type KnownScope, type SourceMessage } from './known-messages.js';
export { ledgerHistory, type LedgerHour } from './ledger-history.js';
export { messageOutcomes, type FoundOutcome } from './message-outcomes.js';
export { FURTHER_VALUES, overflowGroups, type OverflowGroup } from './overflow.js';
export { waitingValues, waitingWords, type WaitingValues } from './waiting.js';
export { Forecaster, type Forecast } from './forecast.js';
export { createPace } from './pace.js';
export { readRawMessages, type RawMessage } from './raw-messages.js';
export {
  deadLetterCandidates,
  EDIT_OF,
  EDIT_PART,
  unaccountedCandidates,
  type ReplayCandidate,
  type ReplayFilter,
} from './replay-candidates.js';
export { editEvent, parseJsonPatch, splitEvents, type JsonPatch } from './edit-event.js';
export { quarantinedCandidates, type QuarantineFilter } from './quarantine-candidates.js';
export {
  REFUSED_ATTEMPT,
  REPLAY_OF,
  REPLAY_PUBLISH_TIME,
  replay,
  type ReplayStep,
  type Revision,
} from './replay.js';
export { exportLine, readMendedLine, type MendedLetter } from './exported-letter.js';
export { ReplayTally, type ReplayOutcome, type ReplaySummary } from './replay-tally.js';
export { REJECTION_REASONS } from './rejection-words.js';
export { parseTime, type Span } from './span.js';
export { tableActivity, type TableActivity } from './table-activity.js';
export { tableOverviews, tableVerbs, type TableOverview, type TableVerbs } from './table-overview.js';
export { sampleRows, type SampleRow } from './sample-rows.js';
export { tableStates, type TableState } from './table-states.js';
export { InFlight } from './in-flight.js';
export { countHeld, tableOfHeld, tablesOfHeld, type HeldCount, type HeldTypes } from './held-types.js';
export { withoutRejected } from './rejected-changes.js';
export { releaseTypes, type Release, type ReleaseOptions } from './release-types.js';
export {
  TypeApprover,
  type EarlierTypeDecision,
  type HeldEvent,
  type TypeApproverOptions,
  type TypeDecision,
  type TypeTables,
} from './type-approver.js';
export {
  pendingApprovals,
  type PendingApproval,
  type PendingApprovals,
  type PendingOptions,
} from './pending-approvals.js';
export type { PendingCost } from './pending-costs.js';
export { PendingList, type PendingAnswer, type PendingListOptions } from './pending-list.js';
export { joinPending, pendingTypes, type PendingTypesOptions } from './pending-types.js';
export type { Notice } from './notices/notice.js';
export { Notifier, type NoticeRun } from './notices/notifier.js';
export { HistoryFacts, LedgerFacts, PendingFacts } from './notices/sql-facts.js';
export { listNotices, type ListedNotice, type ListedNotices } from './notices/list-notices.js';
export { NOTICES_TABLE, SqlNoticeOutbox } from './notices/sql-notice-outbox.js';
