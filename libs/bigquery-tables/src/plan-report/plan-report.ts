import type { NewTableRefusal } from '../schema-changes/new-types.js';
import type { CapacityWarning, OverflowReason, RejectionCode } from '@pipeline/schema-inference';

/**
 * The effect of a batch of events on the tables of a dataset, as JSON.
 *
 * Shape: `{"events":3,"rejected":{"count":1,…},"tables":[{"table":"orders","action":"create","changes":[…],…}]}`.
 */
export interface PlanReport {
  /** Lines that were events. */
  readonly events: number;
  readonly rejected: RejectedRows;
  /** In order of first sight. */
  readonly tables: readonly TableReport[];
  /** Events of tables beyond {@link MAX_PLANNED_TABLES}, which are not planned. */
  readonly unplanned: number;
}

/** Lines that would become dead letters. */
export interface RejectedRows {
  readonly count: number;
  readonly byCode: Readonly<Record<string, number>>;
  /** The first {@link MAX_REJECTED_SAMPLES} of them. */
  readonly samples: readonly RejectedRow[];
}

export interface RejectedRow {
  /** From 1. */
  readonly line: number;
  readonly code: 'ENVELOPE_INVALID' | RejectionCode;
  /** For people; holds no value of the event. */
  readonly detail: string;
}

export interface TableReport {
  readonly table: string;
  /** `unusable`: no event of the table becomes a row before `problem` is solved. */
  readonly action: 'create' | 'change' | 'unchanged' | 'unusable';
  /** The reason that the pipeline cannot write to the table, with the remedy; null if it can. */
  readonly problem: string | null;
  readonly events: number;
  /**
   * Only of a table that does not exist and that no event creates now: `AWAITING_APPROVAL` and `TABLE_GUARD`, its events go whole to
   * `_quarantine`; `TYPE_NOT_ALLOWED`, they are dead letters. `changes` are what an approval of the type would make.
   */
  readonly held?: NewTableRefusal;
  /** The event types that come to this table, the first {@link MAX_LISTED_TYPES}. */
  readonly eventTypes: readonly string[];
  readonly changes: readonly ReportedChange[];
  /** Statements that do the same, in order; what no statement can do is a comment that names the API method. */
  readonly ddl: readonly string[];
  /** Values that no column of the table as it is will take, and no change: they go to `_overflow`. */
  readonly conflicts: readonly Conflict[];
  readonly columns: {
    /** Leaf columns when all of it is done, the pipeline's own included. */
    readonly used: number;
    readonly budget: number;
  };
  readonly warnings: readonly CapacityWarning[];
}

export interface ReportedChange {
  /** As the schema history names it. */
  readonly kind:
    'CREATE_TABLE' | 'ADD_COLUMN' | 'RELAX_COLUMN' | 'WIDEN_COLUMN' | 'CLOSE_RECORD' | 'CLOSE_TABLE';
  /** Column names joined by dots; null for the table itself. */
  readonly path: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

/** Values of one place in the events that conflict for one reason; only `sample` has array indexes. */
export interface Conflict {
  readonly reason: OverflowReason;
  /** RFC 6901, with `*` for array indexes. */
  readonly at: string;
  readonly count: number;
  /** RFC 6901 pointer of the first such value, and its line. */
  readonly sample: { readonly pointer: string; readonly line: number };
}

/** Memory is for tables, whatever types producers invent. */
export const MAX_PLANNED_TABLES = 2_000;
export const MAX_REJECTED_SAMPLES = 100;
export const MAX_LISTED_TYPES = 20;
/** Of one table; further places are counted under the last one's reason, at `…`. */
export const MAX_CONFLICTS = 1_000;
