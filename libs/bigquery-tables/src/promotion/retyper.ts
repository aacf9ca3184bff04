import { CloudError, type BigquerySql } from '@pipeline/google-clients';
import type { Column, TableSchema } from '@pipeline/schema-inference';
import { typeText } from '../schema-changes/change-record.js';
import { isSameName } from '../schema-changes/retyped-columns.js';
import type { StoredTable, TableStore } from '../schema-changes/table-store.port.js';
import { planRetype, type RetypePlan, type RetypeWish } from './plan-retype.js';
import { ALL_ROWS, type Promoter, type PromotionRun } from './promoter.js';
import { recordChanges, type RetypeChange } from './record-changes.js';
import type { RetypeEnd, RetypeProgress } from './retype-end.js';

export interface RetyperOptions {
  readonly sql: Pick<BigquerySql, 'name' | 'execute'>;
  readonly store: Pick<TableStore, 'read' | 'patchSchema'>;
  readonly promoter: Pick<Promoter, 'run'>;
  readonly end: Pick<RetypeEnd, 'finish' | 'countLeft' | 'showColumns'>;
  /** Service and version, for the history. */
  readonly actor: string;
}

/**
 * `planned`: what would happen, by a dry run. `retyped`: the columns are changed and values moved; `left` rows still have a
 * value in the retired column, because a writer does not know of it yet or a day failed: run it again. `progress` says what is
 * left to do, which the nightly promotion does as well.
 */
export type RetypeResult =
  | Extract<RetypePlan, { kind: 'refused' }>
  | { readonly kind: 'missing' }
  /** The column has the type; `progress` is null unless a column that it replaced, or its name, still has to go. */
  | { readonly kind: 'done'; readonly progress: RetypeProgress | null }
  | {
      readonly kind: 'planned' | 'retyped';
      /** The state after a retype; null for a dry run. */
      readonly progress: RetypeProgress | null;
      readonly retired: string;
      readonly added: string;
      readonly run: PromotionRun;
      /** Rows with a value in the retired column: before a dry run, after a retype. */
      readonly left: number;
    };

const MAX_ATTEMPTS = 8;

/**
 * Gives a column another type, by a second column for the same event key, and moves every value to it.
 *
 * No value is altered and no row waits: a value that the new type does not hold is in `_overflow`, like any other. Can be stopped at
 * any point; the next call continues, and ends the retype once the retired column has been empty for a while (`RetypeEnd`).
 */
export class Retyper {
  constructor(private readonly options: RetyperOptions) {}

  /** `endsAtMs`: no day is begun after it; the next call continues. @throws CloudError */
  async retype(
    tableId: string,
    wish: RetypeWish,
    {
      isDryRun = false,
      endsAtMs = Infinity,
    }: { readonly isDryRun?: boolean; readonly endsAtMs?: number } = {},
  ): Promise<RetypeResult> {
    const { store, promoter, end } = this.options;
    const table = await store.read(tableId);
    if (table === null) return { kind: 'missing' };
    const planned = planRetype(table.schema, wish);
    if (planned.kind === 'refused') return planned;
    if (planned.kind === 'done')
      return { kind: 'done', progress: isDryRun ? null : await this.#finish(tableId, wish) };
    const { retired, added } = planned;
    if (isDryRun) {
      const schema = planned.kind === 'begin' ? { planned: { schema: planned.schema, absent: added } } : {};
      const run = await promoter.run({ ...ALL_ROWS, tables: [tableId], isDryRun, endsAtMs, ...schema });
      const left = await end.countLeft(table, retired);
      return { kind: 'planned', retired, added, run, left, progress: null };
    }
    const changed = planned.kind === 'begin' ? await this.#change(table, wish) : table;
    // Before new rows use the new column, so that readers of the view see no gap.
    await end.showColumns(changed);
    const run = await promoter.run({ ...ALL_ROWS, tables: [tableId], isDryRun, endsAtMs });
    const progress = await this.#finish(tableId, wish);
    return { kind: 'retyped', retired, added, run, left: progress?.left ?? 0, progress };
  }

  /** @returns the state of the wished column; null if it has no other column */
  async #finish(tableId: string, { path: [name = ''] }: RetypeWish): Promise<RetypeProgress | null> {
    const finished = await this.options.end.finish(tableId);
    const bare = name.replace(/__v\d+$/, '');
    return finished.find(({ column }) => isSameName(column, name) || isSameName(column, bare)) ?? null;
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
    await recordChanges(sql, { tableId, version, actor }, [
      { kind: 'RETIRE_COLUMN', path: planned.retired },
      ...addedPaths(planned.schema, planned.added).map(({ path, column }): RetypeChange => ({
        kind: 'ADD_COLUMN',
        path,
        toType: typeText(column),
      })),
    ]);
  }
}

function addedPaths(schema: TableSchema, added: string): readonly { path: string; column: Column }[] {
  const walk = (column: Column, path: string): readonly { path: string; column: Column }[] => [
    { path, column },
    ...(column.columns ?? []).flatMap((child) => walk(child, `${path}.${child.name}`)),
  ];
  return schema.columns.filter(({ name }) => name === added).flatMap((column) => walk(column, added));
}
