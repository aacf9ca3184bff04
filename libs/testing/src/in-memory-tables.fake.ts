import { CloudError } from '@pipeline/google-clients';
import { toChangeVerb, type ChangeVerb, type Column, type TableSchema } from '@pipeline/schema-inference';
import type {
  AppendAnswer,
  AppendRow,
  ChangeOutcome,
  CreateOutcome,
  ListedTable,
  NewTable,
  RowAppender,
  RowError,
  StoredTable,
  TableStore,
} from '@pipeline/bigquery-tables';

/** The calls of both ports by name. */
export type TableCall =
  | 'checkDataset'
  | 'read'
  | 'listTables'
  | 'setLabels'
  | 'removeClustering'
  | 'create'
  | 'patchSchema'
  | 'changeTypes'
  | 'createView'
  | 'readView'
  | 'replaceView'
  | 'append';

interface FakeTable {
  stored: StoredTable;
  readonly rows: Map<string, Readonly<Record<string, unknown>>>;
}

/**
 * Tables in memory with BigQuery's rules about etags, additions and unknown fields, for specs.
 *
 * Records every call in order (`calls`), returns a scripted failure (`failNext`), can hold a call
 * until it is released (`hold`), and lets a spec act as another writer (`put`, `drop`).
 */
export class InMemoryTables implements TableStore, RowAppender {
  readonly calls: string[] = [];
  readonly #tables = new Map<string, FakeTable>();
  readonly #views = new Map<string, string>();
  readonly #failures = new Map<TableCall, CloudError[]>();
  readonly #refusals: string[] = [];
  readonly #changeRefusals: string[] = [];
  readonly #holds = new Map<TableCall, Promise<void>>();
  #version = 0;
  /** Duration of a call, half of it before it reads the tables. Needs (fake) timers. */
  latencyMs = 0;

  /** The next calls of this name fail with these errors, in order, before anything happens. */
  failNext(call: TableCall, ...errors: readonly CloudError[]): void {
    this.#failures.set(call, [...(this.#failures.get(call) ?? []), ...errors]);
  }

  /** Refuses the next appended row with this message. */
  refuseNext(message: string): void {
    this.#refusals.push(message);
  }

  /** Refuses the next schema change with this message. */
  refuseChange(message: string): void {
    this.#changeRefusals.push(message);
  }

  /** Holds calls of this name until the returned function is called; they read the tables before. */
  hold(call: TableCall): () => void {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#holds.set(call, held);
    return () => {
      this.#holds.delete(call);
      release();
    };
  }

  /** Creates or changes the table as another writer would. */
  put(
    tableId: string,
    columns: readonly Column[],
    labels: Readonly<Record<string, string>> = {},
    {
      description,
      isPartitioned,
      kind = 'TABLE',
    }: { readonly description?: string; readonly isPartitioned?: boolean; readonly kind?: string } = {},
  ): StoredTable {
    const present = this.#tables.get(tableId);
    const rows = present?.rows ?? new Map<string, Readonly<Record<string, unknown>>>();
    const stored: StoredTable = {
      tableId,
      kind,
      etag: `etag-${++this.#version}`,
      version: Date.now(),
      createdAtMs: present?.stored.createdAtMs ?? Date.now(),
      bytes: 0,
      isPartitioned: isPartitioned ?? present?.stored.isPartitioned ?? true,
      description: description ?? present?.stored.description ?? '',
      labels,
      fields: columns.map(({ name, type, mode }) => ({ name, type, mode })),
      schema: {
        columns,
        closed: labels['pipeline_schema'] === 'closed',
        ...unlessEvolve('newColumns', labels['pipeline_new_columns']),
        ...unlessEvolve('typeChanges', labels['pipeline_type_changes']),
      },
    };
    this.#tables.set(tableId, { stored, rows });
    return stored;
  }

  /** Deletes the table as another writer would. */
  drop(tableId: string): void {
    this.#tables.delete(tableId);
    this.#views.delete(tableId);
  }

  columnNames(tableId: string): readonly string[] {
    return (this.#tables.get(tableId)?.stored.schema.columns ?? []).map((column) => column.name);
  }

  rows(tableId: string): readonly Readonly<Record<string, unknown>>[] {
    return [...(this.#tables.get(tableId)?.rows.values() ?? [])];
  }

  async checkDataset(): Promise<void> {
    await this.#answer('checkDataset', '', () => undefined);
  }

  read(tableId: string): Promise<StoredTable | null> {
    return this.#answer('read', tableId, () => this.#tables.get(tableId)?.stored ?? null);
  }

  create(table: NewTable): Promise<CreateOutcome> {
    return this.#answer<CreateOutcome>('create', `${table.tableId} ${namesOf(table.columns)}`, () =>
      this.#tables.has(table.tableId)
        ? { kind: 'exists' }
        : {
            kind: 'created',
            table: this.put(table.tableId, table.columns, table.labels, about(table.description)),
          },
    );
  }

  patchSchema(
    table: StoredTable,
    { columns, closed }: TableSchema,
    description?: string,
  ): Promise<ChangeOutcome> {
    const label = closed ? { pipeline_schema: 'closed' } : {};
    return this.#answer<ChangeOutcome>('patchSchema', `${table.tableId} ${namesOf(columns)}`, () => {
      const current = this.#tables.get(table.tableId)?.stored;
      if (current === undefined) {
        return { kind: 'missing' };
      }
      if (current.etag !== table.etag) {
        return { kind: 'stale' };
      }
      const problem = this.#changeRefusals.shift() ?? additionProblem(current.schema.columns, columns);
      return problem === null
        ? {
            kind: 'changed',
            table: this.put(table.tableId, columns, { ...current.labels, ...label }, about(description)),
          }
        : { kind: 'refused', message: problem };
    });
  }

  listTables(): Promise<readonly ListedTable[]> {
    return this.#answer('listTables', '', () => [
      ...[...this.#tables.values()].map(({ stored: { tableId, createdAtMs } }) => ({
        tableId,
        isView: false,
        createdAtMs,
      })),
      ...[...this.#views.keys()].map((tableId) => ({ tableId, isView: true, createdAtMs: 0 })),
    ]);
  }

  readView(viewId: string): Promise<string | null> {
    return this.#answer('readView', viewId, () => {
      if (!this.#tables.has(viewId)) return this.#views.get(viewId) ?? null;
      const message = `${viewId} is a table where a view is wanted: rename it`;
      throw new CloudError({ code: 'INVALID', message, tableId: viewId });
    });
  }

  replaceView({ viewId, query }: { readonly viewId: string; readonly query: string }): Promise<boolean> {
    return this.#answer('replaceView', viewId, () => {
      if (!this.#views.has(viewId)) return false;
      this.#views.set(viewId, query);
      return true;
    });
  }

  setLabels(tableId: string, labels: Readonly<Record<string, string>>): Promise<boolean> {
    return this.#answer('setLabels', `${tableId} ${JSON.stringify(labels)}`, () => {
      const stored = this.#tables.get(tableId)?.stored;
      if (stored === undefined) return false;
      this.put(tableId, stored.schema.columns, { ...stored.labels, ...labels });
      return true;
    });
  }

  removeClustering(tableId: string, column: string): Promise<void> {
    return this.#answer('removeClustering', `${tableId} ${column}`, () => undefined);
  }

  changeTypes(tableId: string, columns: readonly Column[]): Promise<ChangeOutcome> {
    const types = columns.map((column) => `${column.name} ${column.type}`).join(', ');
    return this.#answer<ChangeOutcome>('changeTypes', `${tableId} ${types}`, () => {
      const current = this.#tables.get(tableId)?.stored;
      if (current === undefined) {
        return { kind: 'missing' };
      }
      const changed = new Map(columns.map((column) => [column.name, column]));
      const after = current.schema.columns.map((column) => changed.get(column.name) ?? column);
      return { kind: 'changed', table: this.put(tableId, after, current.labels) };
    });
  }

  createView({ viewId, query }: { readonly viewId: string; readonly query: string }): Promise<CreateOutcome> {
    return this.#answer<CreateOutcome>('createView', viewId, () => {
      if (this.#tables.has(viewId) || this.#views.has(viewId)) return { kind: 'exists' };
      this.#views.set(viewId, query);
      return { kind: 'created', table: toView(viewId) };
    });
  }

  /** The queries of the views by id. */
  get views(): ReadonlyMap<string, string> {
    return this.#views;
  }

  append(tableId: string, rows: readonly AppendRow[]): Promise<AppendAnswer> {
    return this.#answer<AppendAnswer>(
      'append',
      `${tableId} ${rows.map((row) => row.insertId).join(',')}`,
      () => {
        const table = this.#tables.get(tableId);
        if (table === undefined) {
          return { kind: 'missing', message: `Not found: Table ${tableId}` };
        }
        const errors = rows.flatMap((row, index) => this.#storeRow(table, row, index));
        return { kind: 'answered', errors };
      },
    );
  }

  #storeRow(table: FakeTable, { insertId, row }: AppendRow, index: number): readonly RowError[] {
    const refusal = this.#refusals.shift();
    if (refusal !== undefined) {
      return [{ index, kind: 'invalid', message: refusal }];
    }
    const unknown = unknownField(row, table.stored.schema.columns);
    if (unknown !== null) {
      return [{ index, kind: 'unknown-field', message: `no such field: ${unknown}.` }];
    }
    table.rows.set(insertId, row);
    return [];
  }

  #halfWay(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.latencyMs / 2));
  }

  async #answer<T>(call: TableCall, subject: string, decide: () => T): Promise<T> {
    this.calls.push(subject === '' ? call : `${call} ${subject}`);
    if (this.latencyMs > 0) {
      await this.#halfWay();
    }
    const failure = this.#failures.get(call)?.shift();
    const outcome = failure === undefined ? decide() : null;
    if (this.latencyMs > 0) {
      await this.#halfWay();
    }
    await this.#holds.get(call);
    if (failure !== undefined) {
      throw failure;
    }
    return outcome as T;
  }
}

function about(description: string | undefined): { readonly description?: string } {
  return description === undefined ? {} : { description };
}

function namesOf(columns: readonly Column[]): string {
  const names = columns.map(({ name, columns: children }) =>
    children === undefined ? name : `${name}(${namesOf(children)})`,
  );
  return names.filter((name) => !name.startsWith('_')).join(' ');
}

/** Returns BigQuery's refusal of a patch, or null: columns may be added, not removed, and types must not change. */
function additionProblem(before: readonly Column[], after: readonly Column[]): string | null {
  for (const old of before) {
    const column = after.find(({ name }) => name.toLowerCase() === old.name.toLowerCase());
    if (column === undefined) {
      return `Field ${old.name} is missing in new schema`;
    }
    if (column.type !== old.type) {
      return `Field ${old.name} has changed type from ${old.type} to ${column.type}`;
    }
    const nested = additionProblem(old.columns ?? [], column.columns ?? []);
    if (nested !== null) {
      return nested;
    }
  }
  return null;
}

function unknownField(value: unknown, columns: readonly Column[]): string | null {
  if (Array.isArray(value)) {
    return value.map((element) => unknownField(element, columns)).find((name) => name !== null) ?? null;
  }
  if (typeof value !== 'object' || value === null) {
    return null;
  }
  for (const [name, child] of Object.entries(value)) {
    const column = columns.find((candidate) => candidate.name === name);
    const unknown = column === undefined ? name : unknownField(child, column.columns ?? []);
    if (unknown !== null) {
      return unknown;
    }
  }
  return null;
}

function toView(tableId: string): StoredTable {
  return {
    tableId,
    kind: 'VIEW',
    etag: '',
    version: 0,
    createdAtMs: 0,
    bytes: 0,
    isPartitioned: false,
    description: '',
    labels: {},
    fields: [],
    schema: { columns: [], closed: false },
  };
}

/** A verb as the store of tables reads it: absent if it is `evolve`. */
function unlessEvolve<Name extends string>(
  name: Name,
  label: string | undefined,
): Partial<Record<Name, ChangeVerb>> {
  const verb = toChangeVerb(label);
  return verb === 'evolve' ? {} : ({ [name]: verb } as Partial<Record<Name, ChangeVerb>>);
}
