import { Injectable } from '@nestjs/common';
import type { ChangeRecord, StoredTable } from '@pipeline/bigquery-tables';
import {
  BooksError,
  columnFill,
  columnLines,
  estimateColumnFill,
  listEventTables,
  namedEventTables,
  overflowGroups,
  sampleRows,
  tableActivity,
  tableOverviews,
  tableVerbs,
  waitingValues,
  type ColumnLine,
  type Span,
  type TableActivity,
} from '@pipeline/books';
import { DEFAULT_LIMITS } from '@pipeline/schema-inference';
import { toSpan, type LimitedSpanQuery, type SpanQuery } from '../api/span.query.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { cut } from '../events/to-event-view.js';
import type {
  ColumnView,
  FillView,
  LastChangeView,
  SampleQuery,
  SampleView,
  TablesView,
  TableView,
} from './tables.dto.js';

const DAY_MS = 86_400_000;
/** The days that promotion looks at every minute. */
const WAITING_MS = 2 * DAY_MS;
const SAMPLE_ROWS = 10;
const SAMPLE_COLUMNS = 50;
/** Columns that head each row of a sample. */
const SAMPLE_HEADS = new Set(['_message_id', '_publish_time']);
const MAX_CELL_CHARACTERS = 500;
const COLUMN_BUDGET = DEFAULT_LIMITS.maxLeafColumns;

const NO_CONTRACT = { newColumns: 'evolve', typeChanges: 'evolve' } as const;

/** Reads the event tables. */
@Injectable()
export class TablesService {
  readonly #warehouse: Warehouse;

  constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  async list(): Promise<TablesView> {
    const { sql, history } = this.#warehouse;
    const names = await listEventTables(sql);
    if (names.length === 0) return { columnBudget: COLUMN_BUDGET, tables: [] };
    const now = this.#warehouse.now();
    const lastDays = { from: new Date(now.getTime() - WAITING_MS), to: now };
    const [overviews, verbs, waitingOf, activity, changes] = await Promise.all([
      tableOverviews(sql, names),
      tableVerbs(sql, names),
      overflowGroups(sql, names, lastDays).then(async (groups) => {
        const waiting = await waitingValues(sql, groups, now);
        return new Map(waiting.map((values) => [values.table, values]));
      }),
      tableActivity(sql, names, { span: this.#lastDay(), by: 'HOUR' }),
      history.read(names),
    ]);
    const sums = sumByTable(activity);
    const last = lastChanges(changes);
    const tables = overviews.map((overview) => ({
      ...overview,
      ...(sums.get(overview.table) ?? NO_ROWS),
      ...(verbs.get(overview.table) ?? NO_CONTRACT),
      waiting: waitingOf.get(overview.table) ?? null,
      lastChange: last.get(overview.table) ?? null,
    }));
    return { columnBudget: COLUMN_BUDGET, tables };
  }

  async read(table: string): Promise<TableView> {
    const { sql, history } = this.#warehouse;
    const stored = await this.#stored(table);
    const span = this.#lastDay();
    const [activity, overflow, changes] = await Promise.all([
      tableActivity(sql, [table], { span, by: 'HOUR' }),
      overflowGroups(sql, [table], span),
      history.read([table]),
    ]);
    return {
      table,
      closed: stored.schema.closed,
      newColumns: stored.schema.newColumns ?? 'evolve',
      typeChanges: stored.schema.typeChanges ?? 'evolve',
      createdAt: new Date(stored.createdAtMs).toISOString(),
      columnBudget: COLUMN_BUDGET,
      columns: withFirstMessages(columnLines(stored.schema.columns), changes),
      activity,
      overflow,
    };
  }

  async fill(
    table: string,
    { maxBytes = this.#warehouse.maxBytes, ...query }: LimitedSpanQuery,
  ): Promise<FillView> {
    const { sql } = this.#warehouse;
    const scope = await this.#fillScope(table, query);
    const bytes = await estimateColumnFill(sql, table, scope);
    if (bytes > maxBytes) {
      throw new BooksError({
        code: 'TOO_EXPENSIVE',
        message: `the count would read ${bytes} bytes, more than the ${maxBytes} allowed: choose a shorter span`,
      });
    }
    return columnFill(sql, table, scope);
  }

  /** The newest rows of a span, by default of the last day. Without `values` only their ids and times are read. */
  async sample(
    table: string,
    { values, maxBytes = this.#warehouse.maxBytes, ...query }: SampleQuery,
  ): Promise<SampleView> {
    const span = toSpan(query, this.#warehouse.now(), '24h');
    const { schema } = await this.#stored(table);
    const columns = schema.columns
      .map(({ name }) => name)
      .filter((name) => !SAMPLE_HEADS.has(name))
      .slice(0, SAMPLE_COLUMNS);
    const rows = await sampleRows(this.#warehouse.sql, table, {
      columns: values ? columns : [],
      span,
      limit: SAMPLE_ROWS,
      maxBytes,
    });
    return {
      columns,
      rows: rows.map(({ cells, ...row }) => ({ ...row, cells: values ? cutAll(cells) : null })),
    };
  }

  async estimateFill(table: string, query: SpanQuery): Promise<number> {
    return estimateColumnFill(this.#warehouse.sql, table, await this.#fillScope(table, query));
  }

  async #fillScope(table: string, query: SpanQuery): Promise<{ columns: readonly ColumnLine[]; span: Span }> {
    const span = toSpan(query, this.#warehouse.now(), '24h');
    const { schema } = await this.#stored(table);
    return { columns: columnLines(schema.columns), span };
  }

  /** @throws BooksError `NO_SUCH_TABLE` with the nearest name */
  async #stored(table: string): Promise<StoredTable> {
    await namedEventTables(this.#warehouse.sql, [table]);
    const stored = await this.#warehouse.store.read(table);
    if (stored !== null) return stored;
    throw new BooksError({ code: 'NO_SUCH_TABLE', message: `the table ${table} was deleted just now` });
  }

  #lastDay(): Span {
    const to = this.#warehouse.now();
    return { from: new Date(to.getTime() - DAY_MS), to };
  }
}

function cutAll(cells: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(cells).map(([name, json]) => {
      const shown = cut(json, MAX_CELL_CHARACTERS);
      return [name, shown.length < json.length ? `${shown}…` : shown];
    }),
  );
}

interface RowSums {
  readonly rows: number;
  readonly overflowedRows: number;
  readonly lastPublishedAt: string | null;
}

const NO_ROWS: RowSums = { rows: 0, overflowedRows: 0, lastPublishedAt: null };

function sumByTable(activity: readonly TableActivity[]): ReadonlyMap<string, RowSums> {
  const sums = new Map<string, RowSums>();
  for (const { table, rows, overflowedRows, lastPublishedAt } of activity) {
    const sum = sums.get(table) ?? NO_ROWS;
    // Activity is in the order of time.
    sums.set(table, {
      rows: sum.rows + rows,
      overflowedRows: sum.overflowedRows + overflowedRows,
      lastPublishedAt,
    });
  }
  return sums;
}

function lastChanges(changes: readonly ChangeRecord[]): ReadonlyMap<string, LastChangeView> {
  return new Map(
    changes.map(({ tableId, kind, path, changedAtMs, actor }) => [
      tableId,
      { kind, path, changedAtMs, actor },
    ]),
  );
}

/** The change that brought each column: the first of its path, unless the column was dropped since. */
function withFirstMessages(columns: readonly ColumnLine[], changes: readonly ChangeRecord[]): ColumnView[] {
  const added = new Map<string, ChangeRecord>();
  for (const change of changes) {
    if (change.path === null) continue;
    if (change.kind === 'DROP_COLUMN') added.delete(change.path);
    else if (!added.has(change.path)) added.set(change.path, change);
  }
  return columns.map((column) => {
    const first = added.get(column.path);
    return {
      ...column,
      firstMessageId: first?.messageId ?? null,
      addedAtMs: first?.changedAtMs ?? null,
    };
  });
}
