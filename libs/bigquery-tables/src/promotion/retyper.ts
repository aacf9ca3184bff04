import { allRows, CloudError, quoteName, type BigquerySql } from '@pipeline/google-clients';
import type { Column, TableSchema } from '@pipeline/schema-inference';
import { HISTORY_TABLE } from '../history/history-row.js';
import { ownChangeId, typeText, type Change } from '../schema-changes/change-record.js';
import type { StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { planRetype, type RetypePlan, type RetypeWish } from './plan-retype.js';
import type { Promoter, PromotionRun } from './promoter.js';

export interface RetyperOptions {
  readonly sql: Pick<BigquerySql, 'name' | 'rows' | 'execute'>;
  readonly store: Pick<TableStore, 'read' | 'patchSchema'>;
  readonly promoter: Pick<Promoter, 'run'>;
  /** Service and version, for the history. */
  readonly actor: string;
}

/**
 * `planned`: what would happen, by a dry run. `retyped`: the columns are changed and values moved; `left` rows still have a
 * value in the retired column, because a writer does not know of it yet or a day failed: run it again.
 */
export type RetypeResult =
  | Extract<RetypePlan, { kind: 'refused' | 'done' }>
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'planned' | 'retyped';
      readonly retired: string;
      readonly added: string;
      readonly run: PromotionRun;
      /** Rows with a value in the retired column: before a dry run, after a retype. */
      readonly left: number;
    };

const MAX_ATTEMPTS = 8;
const ALL_ROWS = {
  scope: 'all',
  publishedSince: new Date(0),
  changedSince: new Date(0),
  endsAtMs: Infinity,
} as const;

/**
 * Gives a column another type, by a second column for the same event key, and moves every value to it.
 *
 * No value is altered and no row waits: a value that the new type does not hold is in `_overflow`, like any other. Can be stopped at
 * any point; the next call continues. The retired column stays, empty.
 */
export class Retyper {
  constructor(private readonly options: RetyperOptions) {}

  /** @throws CloudError */
  async retype(tableId: string, wish: RetypeWish, isDryRun: boolean): Promise<RetypeResult> {
    const { store, promoter } = this.options;
    const table = await store.read(tableId);
    if (table === null) return { kind: 'missing' };
    const planned = planRetype(table.schema, wish);
    if (planned.kind === 'refused' || planned.kind === 'done') return planned;
    const { retired, added } = planned;
    if (isDryRun) {
      const schema = planned.kind === 'begin' ? { planned: { schema: planned.schema, absent: added } } : {};
      const run = await promoter.run({ ...ALL_ROWS, tables: [tableId], isDryRun, ...schema });
      return { kind: 'planned', retired, added, run, left: await this.#left(table, retired) };
    }
    const changed = planned.kind === 'begin' ? await this.#change(table, wish) : table;
    const run = await promoter.run({ ...ALL_ROWS, tables: [tableId], isDryRun });
    return { kind: 'retyped', retired, added, run, left: await this.#left(changed, retired) };
  }

  /** Changes both columns by one patch; another writer's change in between is planned again. */
  async #change(first: StoredTable, wish: RetypeWish): Promise<StoredTable> {
    const { store } = this.options;
    const { tableId } = first;
    let table: StoredTable | null = first;
    for (let attempt = 1; table !== null && attempt <= MAX_ATTEMPTS; attempt++) {
      const planned = planRetype(table.schema, wish);
      if (planned.kind !== 'begin') return table;
      const outcome = await store.patchSchema(table, planned.schema);
      if (outcome.kind === 'changed') {
        await this.#record(outcome.table, planned);
        return outcome.table;
      }
      if (outcome.kind === 'refused')
        throw new CloudError({ code: 'INVALID', message: outcome.message, tableId });
      table = outcome.kind === 'missing' ? null : await store.read(tableId);
    }
    const message = `The table was ${table === null ? 'deleted' : 'changed by others'} meanwhile: run the retype again`;
    throw new CloudError({ code: 'CONTENDED', message, tableId });
  }

  async #record(table: StoredTable, planned: Extract<RetypePlan, { kind: 'begin' }>): Promise<void> {
    const { sql, actor } = this.options;
    const { tableId, version } = table;
    const changedAtMs = Date.now();
    const shared = { fromType: null, messageId: null, sample: null, changedAtMs };
    const changes: readonly Change[] = [
      { ...shared, kind: 'RETIRE_COLUMN', path: planned.retired, toType: null },
      ...addedPaths(planned.schema, planned.added).map(({ path, column }): Change => ({
        ...shared,
        kind: 'ADD_COLUMN',
        path,
        toType: typeText(column),
      })),
    ];
    for (const change of changes) {
      await sql.execute({
        sql:
          `INSERT INTO ${sql.name(HISTORY_TABLE)} (change_id, table_name, version, path, kind, to_type, changed_at, actor)\n` +
          `VALUES (@id, @table, @version, @path, '${change.kind}', NULLIF(@type, ''), @at, @actor)`,
        parameters: {
          id: ownChangeId(tableId, change),
          table: tableId,
          version,
          path: change.path ?? '',
          type: change.toType ?? '',
          at: new Date(changedAtMs),
          actor,
        },
        tableId: HISTORY_TABLE,
      });
    }
  }

  async #left({ tableId, schema }: StoredTable, retired: string): Promise<number> {
    const column = schema.columns.find(({ name }) => name === retired);
    const name = quoteName(retired);
    const hasValue = column?.mode === 'REPEATED' ? `ARRAY_LENGTH(${name}) > 0` : `${name} IS NOT NULL`;
    const [row] = await allRows(this.options.sql, {
      sql: `SELECT COUNT(*) AS row_count FROM ${this.options.sql.name(tableId)} WHERE ${hasValue}`,
      tableId,
    });
    return Number(row?.['row_count'] ?? 0);
  }
}

function addedPaths(schema: TableSchema, added: string): readonly { path: string; column: Column }[] {
  const walk = (column: Column, path: string): readonly { path: string; column: Column }[] => [
    { path, column },
    ...(column.columns ?? []).flatMap((child) => walk(child, `${path}.${child.name}`)),
  ];
  return schema.columns.filter(({ name }) => name === added).flatMap((column) => walk(column, added));
}
