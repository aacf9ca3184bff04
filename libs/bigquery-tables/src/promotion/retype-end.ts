import { allRows, CloudError, quoteName, type BigquerySql } from '@pipeline/google-clients';
import type { Column, TableSchema } from '@pipeline/schema-inference';
import { HISTORY_TABLE } from '../history/history-row.js';
import { typeText } from '../schema-changes/change-record.js';
import {
  isSetAside,
  retypedColumns,
  setAsideName,
  type RetypedColumn,
} from '../schema-changes/retyped-columns.js';
import type { StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { uniqueView } from '../schema-changes/unique-views.js';
import { recordChanges, type RetypeChange } from './record-changes.js';

export interface RetypeEndOptions {
  readonly sql: Pick<BigquerySql, 'name' | 'rows' | 'execute'>;
  readonly store: Pick<TableStore, 'read' | 'removeClustering' | 'readView' | 'replaceView' | 'createView'>;
  readonly projectId: string;
  readonly datasetId: string;
  /** Service and version, for the history. */
  readonly actor: string;
  /** Time without a value in a retired column before the next step; every process reads the schema of a table again within it. */
  readonly settleMs?: number;
  /** The time in milliseconds. */
  readonly now?: () => number;
}

/**
 * `moving`: rows still have a value in a retired column. `settling`: none has, and the next step waits, because a process may not know the
 * new schema yet. `refused`: BigQuery refuses the next step for now. `ended`: one column is left, under the name of before.
 */
export type RetypeStage = 'moving' | 'settling' | 'refused' | 'ended';

/** The state of one retyped column. */
export interface RetypeProgress {
  readonly table: string;
  /** The name of the column for readers. */
  readonly column: string;
  readonly stage: RetypeStage;
  /** Rows with a value in a retired column. */
  readonly left: number;
  /** The earliest time of the next step, while it is `settling`. */
  readonly untilMs: number | null;
  /** BigQuery's words, if it refused. */
  readonly detail: string | null;
}

/** One change of names: of a retired column, or at last of the active one. */
type Step =
  | { readonly kind: 'rename'; readonly column: Column; readonly name: string }
  | { readonly kind: 'drop'; readonly column: Column };

/** An hour: a hundred times what BigQuery's writers need, and twice the age at which a schema in memory is not used any more. */
const SETTLE_MS = 3_600_000;
/** Steps of one column in one call; more would be a table that others change all the time. */
const MAX_STEPS = 12;

/**
 * Ends retypes: takes an emptied retired column away, and gives the column that replaced it the name of before.
 *
 * The retired column is renamed first and dropped later. So a row that lands between the count and the change keeps its value, BigQuery
 * refuses writers that still know the old column, and the name of before is never one of a dropped column, which BigQuery may reserve.
 * Each step replaces the view in the same job. Can be stopped at any point and run by many; the next call continues from the table's schema.
 * Source: BigQuery, ALTER TABLE RENAME COLUMN and DROP COLUMN (several in one statement, a name used again at once), read 2026-11-29.
 */
export class RetypeEnd {
  constructor(private readonly options: RetypeEndOptions) {}

  /** Takes every step that is possible now, of every retyped column of the table. @throws CloudError */
  async finish(tableId: string): Promise<readonly RetypeProgress[]> {
    const table = await this.options.store.read(tableId);
    const retyped = table === null ? [] : retypedColumns(table.schema);
    if (table !== null && retyped.length > 0) await this.showColumns(table);
    const progress: RetypeProgress[] = [];
    for (const { key } of retyped) progress.push(await this.#finishColumn(tableId, key));
    return progress;
  }

  /** Makes the table's view show its retyped columns under their one name. @throws CloudError */
  async showColumns({ tableId, schema: { columns } }: StoredTable): Promise<void> {
    const { store, projectId, datasetId } = this.options;
    const view = uniqueView({ projectId, datasetId, tableId, columns });
    const present = await store.readView(view.viewId);
    if (present === null) await store.createView(view);
    else if (present !== view.query) await store.replaceView(view);
  }

  async #finishColumn(table: string, key: string): Promise<RetypeProgress> {
    const base = { table, column: key, left: 0, untilMs: null, detail: null };
    let last: RetypeProgress = { ...base, stage: 'ended' };
    for (let step = 0; step < MAX_STEPS; step++) {
      const stored = await this.options.store.read(table);
      const retyped = stored === null ? undefined : retypedOf(stored, key);
      if (stored === null || retyped === undefined) return { ...last, stage: 'ended', detail: null };
      last = { ...base, column: retyped.name, stage: 'refused' };
      const next = await this.#next(stored, retyped);
      if (!('kind' in next)) return { ...last, ...next };
      const refusal = await this.#take(stored, next);
      // Another process may have taken the step.
      if (refusal !== null && namesOf(await this.options.store.read(table)) === namesOf(stored))
        return { ...last, detail: refusal };
    }
    return { ...last, detail: 'The table kept changing' };
  }

  /** The next step, or what it waits for. */
  async #next(
    table: StoredTable,
    { key, name, active, retired }: RetypedColumn,
  ): Promise<Step | Pick<RetypeProgress, 'stage' | 'left' | 'untilMs'>> {
    for (const column of retired) {
      const left = await this.countLeft(table, column.name);
      if (left > 0) return { stage: 'moving', left, untilMs: null };
    }
    const settled = await this.#settledAtMs(table, retired.length === 0 ? [active] : retired);
    if (settled > this.#nowMs()) return { stage: 'settling', left: 0, untilMs: settled };
    const present = retired.find((column) => !isSetAside(column, key));
    if (present !== undefined)
      return { kind: 'rename', column: present, name: setAsideName(table.schema, name) };
    const [empty] = retired;
    return empty === undefined ? { kind: 'rename', column: active, name } : { kind: 'drop', column: empty };
  }

  /** Counts the rows with a value in a column. @throws CloudError */
  async countLeft({ tableId, schema }: StoredTable, name: string): Promise<number> {
    const { sql } = this.options;
    const isRepeated = schema.columns.find((column) => column.name === name)?.mode === 'REPEATED';
    const quoted = quoteName(name);
    const [row] = await allRows(sql, {
      sql: `SELECT COUNT(*) AS row_count FROM ${sql.name(tableId)} WHERE ${isRepeated ? `ARRAY_LENGTH(${quoted}) > 0` : `${quoted} IS NOT NULL`}`,
      tableId,
    });
    return Number(row?.['row_count'] ?? 0);
  }

  /** The history has the time of the last change of a column. One that was killed before it recorded its change is recorded now. */
  async #settledAtMs(table: StoredTable, columns: readonly Column[]): Promise<number> {
    const { sql, actor, settleMs = SETTLE_MS } = this.options;
    const { tableId, version } = table;
    const rows = await allRows(sql, {
      sql:
        `SELECT path, UNIX_MILLIS(MAX(changed_at)) AS changed_at_ms FROM ${sql.name(HISTORY_TABLE)}\n` +
        `WHERE table_name = @table AND path IN UNNEST(@paths) AND kind IN ('RETIRE_COLUMN', 'RENAME_COLUMN', 'ADD_COLUMN') GROUP BY path`,
      parameters: { table: tableId, paths: columns.map(({ name }) => name) },
      tableId: HISTORY_TABLE,
    });
    const changedAtMs = new Map(rows.map((row) => [row['path'], Number(row['changed_at_ms'])]));
    const unknown = columns.filter(({ name }) => !changedAtMs.has(name));
    await recordChanges(
      sql,
      { tableId, version, actor },
      unknown.map(({ name }): RetypeChange => ({ kind: 'RETIRE_COLUMN', path: name })),
    );
    const latest = Math.max(...changedAtMs.values(), unknown.length > 0 ? this.#nowMs() : 0);
    return latest + settleMs;
  }

  /** @returns BigQuery's words if it refuses the step */
  async #take(table: StoredTable, step: Step): Promise<string | null> {
    const { sql, store, actor } = this.options;
    const { tableId, version } = table;
    const { column } = step;
    try {
      await store.removeClustering(tableId, column.name);
      await sql.execute({ sql: this.#script(table, step), tableId });
    } catch (cause) {
      const error = CloudError.from(cause);
      const now = await store.read(tableId);
      if (now === null || !isTaken(now, step)) {
        if (error.code !== 'INVALID') throw error;
        return error.message;
      }
      // The first statement succeeded; replacing the view by REST needs fewer permissions than the second.
      await this.showColumns(now);
    }
    await recordChanges(sql, { tableId, version, actor }, [
      step.kind === 'drop'
        ? { kind: 'DROP_COLUMN', path: column.name, fromType: typeText(column) }
        : { kind: 'RENAME_COLUMN', path: step.name, fromType: column.name },
    ]);
    return null;
  }

  /** Both statements are one job, which goes on if this process is killed. */
  #script({ tableId, schema }: StoredTable, step: Step): string {
    const { sql, projectId, datasetId } = this.options;
    const name = quoteName(step.column.name);
    const action =
      step.kind === 'drop' ? `DROP COLUMN ${name}` : `RENAME COLUMN ${name} TO ${quoteName(step.name)}`;
    const { columns } = after(schema, step);
    const { viewId, query } = uniqueView({ projectId, datasetId, tableId, columns });
    return (
      `ALTER TABLE ${sql.name(tableId)} ${action};\n` +
      `CREATE OR REPLACE VIEW ${sql.name(viewId)} OPTIONS(labels=[("managed_by", "pipeline")]) AS\n${query};`
    );
  }

  #nowMs(): number {
    return (this.options.now ?? Date.now)();
  }
}

function isTaken({ schema }: StoredTable, { column, ...step }: Step): boolean {
  const has = (name: string): boolean => schema.columns.some((present) => present.name === name);
  return !has(column.name) && (step.kind === 'drop' || has(step.name));
}

function namesOf(table: StoredTable | null): string {
  return JSON.stringify(table?.schema.columns.map(({ name }) => name));
}

function retypedOf({ schema }: StoredTable, key: string): RetypedColumn | undefined {
  return retypedColumns(schema).find((retyped) => retyped.key === key);
}

function after(schema: TableSchema, step: Step): TableSchema {
  const columns = schema.columns.flatMap((column) => {
    if (column.name !== step.column.name) return [column];
    return step.kind === 'drop' ? [] : [{ ...column, name: step.name }];
  });
  return { ...schema, columns };
}
