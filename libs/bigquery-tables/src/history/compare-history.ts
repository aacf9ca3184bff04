import { PIPELINE_COLUMNS, WIDENING, type Column } from '@pipeline/schema-inference';
import {
  driftChangeId,
  ownChangeId,
  typeText,
  UNKNOWN_ACTOR,
  type Change,
  type ChangeKind,
  type ChangeRecord,
} from '../schema-changes/change-record.js';
import { droppedBefore } from './history-writer.js';
import { readOrigins, type Origin } from '../schema-changes/origin.js';
import type { StoredTable } from '../schema-changes/table-store.port.js';
import { foldHistory, type RecordedState } from './recorded-state.js';

const PIPELINE_NAMES: ReadonlySet<string> = new Set(PIPELINE_COLUMNS.map(({ name }) => name));
/** BigQuery's and our clocks, and the time between a decision to create and the creation. */
const SAME_CREATION_MS = 60_000;

/**
 * Returns the changes that the history of a table lacks: changes by a process that ended before it recorded them, found by
 * the sentences in the descriptions, and drift, which only the schema shows.
 *
 * `table` must be read after `records`, so that it holds every recorded change. Several processes that compare the same
 * table produce the same ids.
 */
export function compareHistory(
  table: StoredTable,
  records: readonly ChangeRecord[],
  actor: string,
): readonly ChangeRecord[] {
  return new Comparison(table, foldHistory(records), actor).run();
}

class Comparison {
  readonly #missing: ChangeRecord[] = [];
  /** Columns that should be there; none of them when the table is another one than history knows. */
  #columns: ReadonlyMap<string, string | null>;

  constructor(
    private readonly table: StoredTable,
    private readonly recorded: RecordedState,
    private readonly actor: string,
  ) {
    this.#columns = recorded.columns;
  }

  run(): readonly ChangeRecord[] {
    this.#compareTable(readOrigins(this.table.description));
    const present = new Set<string>();
    this.#compareColumns(
      this.table.schema.columns.filter(({ name }) => !PIPELINE_NAMES.has(name)),
      '',
      present,
    );
    for (const [path, type] of this.#columns) {
      if (!present.has(path)) {
        this.#drift('DROP_COLUMN', path, { fromType: type });
      }
    }
    return this.#missing;
  }

  #compareTable(origins: readonly Origin[]): void {
    const { createdAtMs, schema } = this.table;
    const made = origins.filter(({ event }) => event === 'made' || event === 'made-again');
    for (const origin of made) {
      const isFirst = origin.event === 'made';
      if (!this.#own(isFirst ? 'CREATE_TABLE' : 'RECREATE_TABLE', null, origin) && isFirst) {
        this.#columns = new Map();
      }
    }
    const isKnown = [...this.recorded.madeAtMs, ...made.map(({ atMs }) => atMs)].some(
      (atMs) => Math.abs(atMs - createdAtMs) < SAME_CREATION_MS,
    );
    if (!isKnown) {
      this.#drift('CREATE_TABLE', null, { changedAtMs: createdAtMs });
      this.#columns = new Map();
    }
    const closings = origins.filter(({ event }) => event === 'closed');
    closings.forEach((origin) => this.#own('CLOSE_TABLE', null, origin));
    if (schema.closed && !this.recorded.isClosed && closings.length === 0) {
      this.#drift('CLOSE_TABLE', null);
    }
  }

  #compareColumns(columns: readonly Column[], prefix: string, present: Set<string>): void {
    for (const column of columns) {
      const path = `${prefix}${column.name}`;
      present.add(path);
      this.#compareColumn(column, path);
      this.#compareColumns(column.columns ?? [], `${path}.`, present);
    }
  }

  #compareColumn(column: Column, path: string): void {
    const origins = readOrigins(column.description);
    const actual = typeText(column);
    const isRenamed = this.recorded.renamed.has(path);
    const added = isRenamed ? undefined : origins.filter(({ event }) => event === 'added').at(-1);
    let known = this.#columns.get(path);
    if (added !== undefined) {
      const isRecorded = this.#own('ADD_COLUMN', path, added, { toType: firstType(origins, actual) });
      known = isRecorded ? known : firstType(origins, actual);
    } else if (!this.#columns.has(path)) {
      this.#drift('ADD_COLUMN', path, { toType: actual });
      known = actual;
    }
    for (const origin of origins) {
      known = widerOf(known, this.#compareOrigin(column, path, origin));
    }
    if (known !== undefined && known !== null && known !== actual) {
      this.#drift(kindOfDrift(known, actual), path, { fromType: known, toType: actual });
    }
  }

  /** @returns the type that this change of ours has given the column, null where it gave none */
  #compareOrigin(column: Column, path: string, origin: Origin): string | null {
    const { event, widening } = origin;
    if (event === 'closed') {
      this.#own('CLOSE_RECORD', path, origin);
    }
    if (event === 'relaxed' && column.mode !== 'REQUIRED') {
      const [fromType, toType] = [typeText({ ...column, mode: 'REQUIRED' }), typeText(column)];
      this.#own('RELAX_COLUMN', path, origin, { fromType, toType });
      return toType;
    }
    if (event !== 'widened' || widening === undefined || rank(column.type) < rank(widening.to)) {
      // An announced widening that was never made is none.
      return null;
    }
    const [fromType, toType] = [widening.from, widening.to].map((type) =>
      column.mode === 'REQUIRED' ? `${type} NOT NULL` : type,
    );
    this.#own('WIDEN_COLUMN', path, origin, { fromType: fromType ?? null, toType: toType ?? null });
    return toType ?? null;
  }

  /** @returns true if the change was recorded before */
  #own(kind: ChangeKind, path: string | null, origin: Origin, more: Partial<Change> = {}): boolean {
    const change = {
      ...emptyChange(kind, path),
      ...more,
      messageId: origin.messageId,
      changedAtMs: origin.atMs,
    };
    const changeId = ownChangeId(this.table.tableId, change);
    if (this.recorded.ids.has(changeId)) {
      return true;
    }
    const { tableId, version } = this.table;
    const record = { ...change, changeId, tableId, version, actor: this.actor };
    this.#missing.push(...(kind === 'RECREATE_TABLE' ? [droppedBefore(record), record] : [record]));
    return false;
  }

  #drift(kind: ChangeKind, path: string | null, more: Partial<Change> = {}): void {
    const { tableId, version } = this.table;
    const change = { ...emptyChange(kind, path), changedAtMs: version, ...more };
    // A table's own changes have no path; the time of creation distinguishes one creation from another.
    const previousId =
      path === null ? String(this.table.createdAtMs) : (this.recorded.lastIds.get(path) ?? null);
    const changeId = driftChangeId(tableId, change, previousId);
    if (!this.recorded.ids.has(changeId)) {
      this.#missing.push({ ...change, changeId, tableId, version, actor: UNKNOWN_ACTOR });
    }
  }
}

function emptyChange(kind: ChangeKind, path: string | null): Change {
  return { kind, path, fromType: null, toType: null, messageId: null, sample: null, changedAtMs: 0 };
}

/** The type a column was created with, although it is wider now. */
function firstType(origins: readonly Origin[], actual: string): string {
  return origins.find(({ event }) => event === 'widened')?.widening?.from ?? actual;
}

function rank(type: string): number {
  const bare = type.replace(' NOT NULL', '');
  return WIDENING.findIndex((candidate) => candidate === bare);
}

/** The recorded type of a column after a change by the pipeline: never narrower than the history says. */
function widerOf(known: string | null | undefined, changed: string | null): string | null | undefined {
  if (changed === null || known === undefined || known === null) {
    return changed ?? known;
  }
  return known === `${changed} NOT NULL` || rank(changed) > rank(known) ? changed : known;
}

function kindOfDrift(known: string, actual: string): ChangeKind {
  if (known === `${actual} NOT NULL`) {
    return 'RELAX_COLUMN';
  }
  return rank(known) >= 0 && rank(actual) > rank(known) ? 'WIDEN_COLUMN' : 'CHANGE_COLUMN';
}
