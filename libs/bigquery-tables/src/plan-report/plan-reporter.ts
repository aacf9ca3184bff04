import { toSqlType } from '@pipeline/google-clients';
import {
  BatchPlanner,
  buildRow,
  compileSchema,
  decodeEvent,
  DEFAULT_LIMITS,
  fit,
  PIPELINE_COLUMNS,
  routeEventType,
  type Column,
  type DecodedEvent,
  type EventSource,
  type EventTypeSources,
  type Limits,
  type OverflowReason,
  type Plan,
  type PlannedChange,
} from '@pipeline/schema-inference';
import { LRUCache } from 'lru-cache';
import { ConflictTally } from './plan-report-conflicts.js';
import { toDdl } from './plan-report-ddl.js';
import {
  MAX_LISTED_TYPES,
  MAX_PLANNED_TABLES,
  MAX_REJECTED_SAMPLES,
  type PlanReport,
  type RejectedRow,
  type ReportedChange,
  type TableReport,
} from './plan-report.js';
import { joinedNeed } from '../schema-changes/joined-need.js';
import type { NewTableRefusal } from '../schema-changes/new-types.js';
import type { TableNeed } from '../schema-changes/reconciler-options.js';
import { completeSchema, tableProblem, type UsableTable } from '../schema-changes/pipeline-columns.js';

export interface PlanReporterOptions {
  readonly projectId: string;
  readonly datasetId: string;
  /** Event type → table, where the rule does not name it. */
  readonly routes: Readonly<Record<string, string>>;
  /** Places of the event type; default: field and attribute `event_type`, then a CloudEvent's type. */
  readonly eventTypeFrom?: EventTypeSources;
  /** The table as BigQuery has it, null where there is none; asked once for each table. Offline: always null. */
  readonly readTable: (tableId: string) => Promise<UsableTable | null>;
  /** The reason for which no table is created for a new event type; asked once if there is one. Absent: tables are created. */
  readonly newTableRefusal?: () => Promise<NewTableRefusal | null>;
  readonly limits?: Partial<Limits>;
}

/** The changes that a plan makes to one table. */
export interface PlannedNeed {
  readonly tableId: string;
  readonly need: TableNeed;
}

/** One table that events of the batch come to. */
interface PlannedTable {
  readonly stored: UsableTable | null;
  /** The reason for which no event creates it. */
  readonly held: NewTableRefusal | null;
  /** The pipeline's columns that a hand-made table lacks. */
  readonly added: readonly Column[];
  readonly planner: BatchPlanner;
  readonly conflicts: ConflictTally;
  readonly eventTypes: Set<string>;
  events: number;
}

/** A row is at most a few times as long as its event, so that only long events are built to be measured. */
const MAYBE_TOO_LARGE_SHARE = 4;
const TYPES_REMEMBERED = 10_000;

/**
 * Says what a batch of events would do, without doing it: `take` each line, then `finish`.
 *
 * Memory grows with tables and their columns, not with events. What it plans is what table-manager does when it gets all
 * of them at once: both are `plan` of schema-inference over the same `fit`.
 */
export class PlanReporter {
  readonly #tables = new Map<string, PlannedTable>();
  readonly #tableOf = new LRUCache<string, string>({ max: TYPES_REMEMBERED });
  readonly #limits: Limits;
  readonly #byCode: Record<string, number> = {};
  readonly #samples: RejectedRow[] = [];
  #events = 0;
  #rejected = 0;
  #unplanned = 0;
  #refusal: Promise<NewTableRefusal | null> | null = null;

  constructor(private readonly options: PlanReporterOptions) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  /** @param line its number, from 1 */
  async take(message: EventSource, line: number): Promise<void> {
    const schemaOf = (eventType: string): BatchPlanner['expected'] | undefined =>
      this.#tables.get(this.#route(eventType))?.planner.expected;
    const decoded = decodeEvent(message, {
      ...(this.options.eventTypeFrom && { eventTypeFrom: this.options.eventTypeFrom }),
      schemaOf,
    });
    if (decoded.kind === 'rejected') {
      this.reject({ line, code: decoded.code, detail: decoded.detail });
      return;
    }
    const { event } = decoded;
    const table = await this.#tableFor(this.#route(event.eventType));
    if (table === null) {
      this.#events++;
      this.#unplanned++;
    } else {
      this.#plan(table, event, { line, bytes: message.data.length });
    }
  }

  /** A line that is no message at all. */
  reject(row: RejectedRow): void {
    this.#rejected++;
    this.#byCode[row.code] = (this.#byCode[row.code] ?? 0) + 1;
    if (this.#samples.length < MAX_REJECTED_SAMPLES) {
      this.#samples.push(row);
    }
  }

  finish(): PlanReport {
    return {
      events: this.#events,
      rejected: { count: this.#rejected, byCode: this.#byCode, samples: this.#samples },
      tables: [...this.#tables].map(([tableId, table]) => this.#report(tableId, table)),
      unplanned: this.#unplanned,
    };
  }

  /**
   * Returns the needs of the tables that the plan creates or changes, for {@link applyPlanned}; without tables that a contract or the guard
   * holds back.
   *
   * @param cause the id of the run, for the history of the tables
   */
  needs(cause: string): readonly PlannedNeed[] {
    return [...this.#tables].flatMap(([tableId, { stored, held, added, planner }]) => {
      const isUnusable = stored !== null && tableProblem(stored) !== null;
      const isUnchanged = stored !== null && added.length === 0 && planner.plan().changes.length === 0;
      return isUnusable || isUnchanged || held !== null
        ? []
        : [{ tableId, need: joinedNeed(planner.changes(), cause) }];
    });
  }

  #plan(table: PlannedTable, event: DecodedEvent, { line, bytes }: { line: number; bytes: number }): void {
    const conflicts: { pointer: string; reason: OverflowReason }[] = [];
    table.planner.add(event, (reason, pointer) => conflicts.push({ reason, pointer: pointer() }));
    if (bytes * MAYBE_TOO_LARGE_SHARE > this.#limits.maxRowBytes) {
      const detail = tooLarge(event, table.planner.plan(), this.#limits);
      if (detail !== null) {
        this.reject({ line, code: 'TOO_LARGE', detail });
        return;
      }
    }
    this.#events++;
    table.events++;
    if (table.eventTypes.size < MAX_LISTED_TYPES) {
      table.eventTypes.add(event.eventType);
    }
    table.conflicts.add(conflicts, line);
  }

  async #tableFor(tableId: string): Promise<PlannedTable | null> {
    const present = this.#tables.get(tableId);
    if (present !== undefined || this.#tables.size >= MAX_PLANNED_TABLES) {
      return present ?? null;
    }
    const stored = await this.options.readTable(tableId);
    const { schema, added } = completeSchema(stored?.schema ?? { columns: PIPELINE_COLUMNS, closed: false });
    const table: PlannedTable = {
      stored,
      held: stored === null ? await this.#heldBy() : null,
      added,
      planner: new BatchPlanner(schema, this.#limits),
      conflicts: new ConflictTally(),
      eventTypes: new Set(),
      events: 0,
    };
    this.#tables.set(tableId, table);
    return table;
  }

  #heldBy(): Promise<NewTableRefusal | null> {
    this.#refusal ??= this.options.newTableRefusal?.() ?? Promise.resolve(null);
    return this.#refusal;
  }

  #route(eventType: string): string {
    const known = this.#tableOf.get(eventType);
    if (known !== undefined) {
      return known;
    }
    const table = routeEventType(eventType, this.options.routes);
    this.#tableOf.set(eventType, table);
    return table;
  }

  #report(tableId: string, table: PlannedTable): TableReport {
    const { stored, held, added, planner, conflicts, eventTypes, events } = table;
    const problem = stored === null ? null : tableProblem(stored);
    const all = withAdded(planner.plan(), added);
    const planned = problem === null ? all : { ...all, changes: [], schema: stored?.schema ?? all.schema };
    const { projectId, datasetId } = this.options;
    const changes = planned.changes.map(toReported);
    const isNew = stored === null;
    return {
      table: tableId,
      action: problem !== null ? 'unusable' : isNew ? 'create' : changes.length > 0 ? 'change' : 'unchanged',
      problem,
      events,
      ...(held === null ? {} : { held }),
      eventTypes: [...eventTypes],
      changes: isNew ? [{ kind: 'CREATE_TABLE', path: null, from: null, to: null }, ...changes] : changes,
      ddl: toDdl({ projectId, datasetId, tableId }, stored?.schema ?? null, planned),
      conflicts: conflicts.list(),
      columns: { used: countLeaves(planned.schema.columns), budget: this.#limits.maxLeafColumns },
      warnings: planned.warnings,
    };
  }
}

/** Returns the reason if the event's row is too large for the planned table, else null. Its changes are made nevertheless. */
function tooLarge(event: DecodedEvent, planned: Plan, limits: Limits): string | null {
  const fitted = fit(event, compileSchema(planned.schema, limits));
  const built = buildRow({ messageId: '', publishTime: '' }, event, fitted, '', limits.maxRowBytes);
  return built.kind === 'rejected' ? built.detail : null;
}

function withAdded(planned: Plan, added: readonly Column[]): Plan {
  const additions = added.map(
    (column) => ({ kind: 'ADD_COLUMN', path: [column.name], column, via: 'patch' }) as const,
  );
  return { ...planned, changes: [...additions, ...planned.changes] };
}

function countLeaves(columns: Plan['schema']['columns']): number {
  return columns.reduce((sum, { columns: children }) => sum + (children ? countLeaves(children) : 1), 0);
}

function toReported(change: PlannedChange): ReportedChange {
  const path = change.path.join('.');
  switch (change.kind) {
    case 'ADD_COLUMN':
      return { kind: 'ADD_COLUMN', path, from: null, to: toSqlType(change.column) };
    case 'RELAX':
      return { kind: 'RELAX_COLUMN', path, from: 'REQUIRED', to: 'NULLABLE' };
    case 'WIDEN':
      return { kind: 'WIDEN_COLUMN', path, from: change.from, to: change.to };
    case 'CLOSE_RECORD':
      return { kind: 'CLOSE_RECORD', path, from: null, to: null };
    case 'CLOSE_TABLE':
      return { kind: 'CLOSE_TABLE', path: null, from: null, to: null };
  }
}
