import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AppendRow,
  type NewTable,
  type RowAppender,
  type StoredTable,
  type TableStore,
} from '@pipeline/bigquery-tables';
import { CloudError } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column, type TableSchema } from '@pipeline/schema-inference';

/** The implementation under test. `rows` reads a table back in any order; `labels` are those set by the suite. */
export interface TablesUnderTest {
  readonly store: TableStore;
  readonly appender: RowAppender;
  rows(tableId: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** A query over a table, for a view. */
  viewQuery(tableId: string): string;
  /** The same store with a dataset that does not exist; null if the implementation has none. */
  readonly storeWithoutDataset: TableStore | null;
  stop(): Promise<void>;
}

const EVENT_COLUMNS: readonly Column[] = [
  { name: 'order_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'quantity', type: 'INT64', mode: 'NULLABLE', description: 'pipeline:{"key":"{{projectId}}"}' },
  {
    name: 'customer',
    type: 'RECORD',
    mode: 'NULLABLE',
    columns: [{ name: 'id', type: 'STRING', mode: 'NULLABLE' }],
  },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    columns: [{ name: 'sku', type: 'STRING', mode: 'NULLABLE' }],
  },
];
const COLUMNS = [...PIPELINE_COLUMNS, ...EVENT_COLUMNS];
const EXTRA: Column = { name: 'extra', type: 'NUMERIC', mode: 'NULLABLE' };
/** A column that no table of the suite has. */
const NOPE: Column = { name: 'nope', type: 'INT64', mode: 'NULLABLE' };
const LABELS = { managed_by: 'pipeline' };

function aTable(tableId: string): NewTable {
  return {
    tableId,
    columns: COLUMNS,
    partitionBy: '_publish_time',
    clusterBy: [],
    labels: LABELS,
    description: 'd',
  };
}

const open = (columns: readonly Column[]): TableSchema => ({ columns, closed: false });

function aRow(id: string, more: Readonly<Record<string, unknown>> = {}): AppendRow {
  const row = { _message_id: id, _publish_time: '2026-11-22T23:05:00Z', order_id: id, ...more };
  return { insertId: id, row, columns: 'nope' in more ? [...COLUMNS, NOPE] : COLUMNS };
}

/**
 * Contract of every pair of TableStore and RowAppender, the fake and BigQuery alike.
 *
 * Tables are named after the test that makes them, so an implementation may keep them between tests.
 */
export function describeTablesContract(name: string, start: () => Promise<TablesUnderTest>): void {
  describe(`${name} as tables`, () => {
    let tables: TablesUnderTest;

    beforeAll(async () => {
      tables = await start();
    });

    afterAll(async () => {
      await tables.stop();
    });

    async function create(tableId: string): Promise<StoredTable> {
      const outcome = await tables.store.create(aTable(tableId));
      if (outcome.kind !== 'created') {
        throw new Error(`${tableId} exists already`);
      }
      return outcome.table;
    }

    it('finds no table where none was made', async () => {
      expect(await tables.store.read('nowhere')).toBeNull();
    });

    it('finds the dataset', async () => {
      await expect(tables.store.checkDataset()).resolves.toBeUndefined();
    });

    it('reports a missing dataset as a setup error, apart from a missing table', async () => {
      const store = tables.storeWithoutDataset;
      if (store === null) {
        return;
      }
      const failures = await Promise.all(
        [store.checkDataset(), store.read('t'), store.create(aTable('t'))].map((call) =>
          (call as Promise<unknown>).then(
            () => null,
            (error: unknown) => error,
          ),
        ),
      );

      expect(
        failures.map((error) => error instanceof CloudError && `${error.code} ${error.disposition}`),
      ).toEqual(Array(3).fill('DATASET_NOT_FOUND setup'));
    });

    it('reads a table back as it was made', async () => {
      const made = await create('made');
      const read = await tables.store.read('made');

      expect(read?.schema).toEqual({ columns: COLUMNS, closed: false });
      expect(read?.labels).toMatchObject(LABELS);
      expect(read?.etag).toBe(made.etag);
    });

    it('says when a table was made and last changed, how it is partitioned, and what is said of it', async () => {
      const startMs = Date.now();
      const made = await create('described');
      const changed = await tables.store.patchSchema(made, open([...COLUMNS, EXTRA]), 'd\nand more');
      const read = await tables.store.read('described');

      expect(made).toMatchObject({ isPartitioned: true, description: 'd' });
      expect(changed).toMatchObject({ kind: 'changed', table: { description: 'd\nand more' } });
      expect(read).toMatchObject({ createdAtMs: made.createdAtMs, description: 'd\nand more' });
      expect(made.createdAtMs).toBeGreaterThanOrEqual(startMs - 1_000);
      expect(read?.version).toBeGreaterThanOrEqual(made.version);
    });

    it('keeps what is said of a table where a patch says nothing', async () => {
      await tables.store.patchSchema(await create('silent'), open([...COLUMNS, EXTRA]));

      expect((await tables.store.read('silent'))?.description).toBe('d');
    });

    it('makes a table once', async () => {
      await create('once');

      expect(await tables.store.create(aTable('once'))).toEqual({ kind: 'exists' });
    });

    it('makes a table once although two ask at the same time', async () => {
      const outcomes = await Promise.all([1, 2].map(() => tables.store.create(aTable('raced'))));

      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['created', 'exists']);
    });

    it('adds columns and nested fields and gives the table a new etag', async () => {
      const before = await create('grown');
      const grown = COLUMNS.map((column) =>
        column.columns === undefined ? column : { ...column, columns: [...column.columns, EXTRA] },
      );

      const outcome = await tables.store.patchSchema(before, open([...grown, EXTRA]));
      const after = await tables.store.read('grown');

      expect(outcome.kind).toBe('changed');
      expect(after?.schema.columns).toEqual([...grown, EXTRA]);
      expect(after?.etag).not.toBe(before.etag);
    });

    it('closes a table', async () => {
      const before = await create('closed');

      const outcome = await tables.store.patchSchema(before, { columns: [...COLUMNS, EXTRA], closed: true });
      const after = await tables.store.read('closed');

      expect(outcome.kind).toBe('changed');
      expect(after?.schema).toEqual({ columns: [...COLUMNS, EXTRA], closed: true });
      expect(after?.labels).toMatchObject(LABELS);
    });

    it('keeps earlier rows when columns are added', async () => {
      const before = await create('kept');
      await tables.appender.append('kept', [aRow('1', { items: [{ sku: 'a' }] })]);
      await tables.store.patchSchema(before, open([...COLUMNS, EXTRA]));

      expect(await tables.rows('kept')).toMatchObject([{ order_id: '1', items: [{ sku: 'a' }] }]);
    });

    it('changes nothing with an old etag', async () => {
      const before = await create('stale');
      await tables.store.patchSchema(before, open([...COLUMNS, EXTRA]));
      const outcome = await tables.store.patchSchema(before, open([...COLUMNS, { ...EXTRA, name: 'other' }]));

      expect(outcome).toEqual({ kind: 'stale' });
      expect((await tables.store.read('stale'))?.schema.columns).toEqual([...COLUMNS, EXTRA]);
    });

    it('takes one of two changes that are asked for at the same time', async () => {
      const before = await create('contended');
      const outcomes = await Promise.all(
        ['a', 'b'].map((added) =>
          tables.store.patchSchema(before, open([...COLUMNS, { ...EXTRA, name: added }])),
        ),
      );

      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['changed', 'stale']);
      expect((await tables.store.read('contended'))?.schema.columns).toHaveLength(COLUMNS.length + 1);
    });

    it('refuses to change a type by a patch', async () => {
      const before = await create('typed');
      const columns = COLUMNS.map((column) =>
        column.name === 'quantity' ? { ...column, type: 'STRING' as const } : column,
      );
      const outcome = await tables.store.patchSchema(before, open(columns));

      // The adapter never sends a type it did not read, so for it this patch changes nothing.
      expect(['refused', 'changed']).toContain(outcome.kind);
      expect((await tables.store.read('typed'))?.schema.columns).toEqual(COLUMNS);
    });

    it('says that a table to change is missing', async () => {
      const made = await create('model');

      expect(await tables.store.patchSchema({ ...made, tableId: 'gone' }, open(COLUMNS))).toEqual({
        kind: 'missing',
      });
    });

    it('widens a top-level column and keeps its values', async () => {
      await create('widened');
      await tables.appender.append('widened', [aRow('1', { quantity: 7 })]);
      const quantity: Column = { name: 'quantity', type: 'NUMERIC', mode: 'NULLABLE' };

      const outcome = await tables.store.changeTypes('widened', [quantity]);
      const after = await tables.store.read('widened');

      expect(outcome.kind).toBe('changed');
      expect(after?.schema.columns.find(({ name: columnName }) => columnName === 'quantity')?.type).toBe(
        'NUMERIC',
      );
      expect((await tables.rows('widened')).map((row) => Number(row['quantity']))).toEqual([7]);
    });

    it('stores rows as they are, whatever a text in them looks like', async () => {
      await create('stored');
      const rows = [
        aRow('1', { order_id: '{{projectId}}', quantity: 5 }),
        aRow('2', { customer: { id: 'ß"\\\n' } }),
      ];

      expect(await tables.appender.append('stored', rows)).toEqual({ kind: 'answered', errors: [] });
      const read = await tables.rows('stored');
      expect(read).toHaveLength(2);
      expect(read).toContainEqual(expect.objectContaining({ _message_id: '1', order_id: '{{projectId}}' }));
      expect(read).toContainEqual(
        expect.objectContaining({
          _message_id: '2',
          customer: expect.objectContaining({ id: 'ß"\\\n' }) as unknown,
        }),
      );
    });

    it('stores the good rows and names the field of the bad one', async () => {
      await create('partly');
      const answer = await tables.appender.append('partly', [aRow('1'), aRow('2', { nope: 1 }), aRow('3')]);

      expect(answer).toMatchObject({
        kind: 'answered',
        errors: [{ index: 1, kind: 'unknown-field', message: expect.stringContaining('nope') as unknown }],
      });
      expect((await tables.rows('partly')).map((row) => row['_message_id']).sort()).toEqual(['1', '3']);
    });

    it('says that the table of a row is missing', async () => {
      expect(await tables.appender.append('missing', [aRow('1')])).toMatchObject({ kind: 'missing' });
    });

    it('lists tables and views', async () => {
      const startMs = Date.now();
      await create('listed');
      await tables.store.createView({ viewId: 'listed_unique', query: tables.viewQuery('listed') });
      const listed = (await tables.store.listTables()).filter(({ tableId }) => tableId.startsWith('listed'));

      expect(listed.map(({ tableId, isView }) => `${tableId} ${isView}`).sort()).toEqual([
        'listed false',
        'listed_unique true',
      ]);
      expect(listed.find(({ isView }) => !isView)?.createdAtMs).toBeGreaterThanOrEqual(startMs - 1_000);
    });

    it('replaces the query of a view', async () => {
      await create('seen');
      const [viewId, query] = ['seen_unique', tables.viewQuery('seen')];

      expect(await tables.store.readView(viewId)).toBeNull();
      expect(await tables.store.replaceView({ viewId, query })).toBe(false);
      await tables.store.createView({ viewId, query });
      expect(await tables.store.replaceView({ viewId, query: `-- again\n${query}` })).toBe(true);
      expect(await tables.store.readView(viewId)).toBe(`-- again\n${query}`);
    });

    it('finds no view in a table', async () => {
      await create('table_unique');

      await expect(tables.store.readView('table_unique')).rejects.toMatchObject({ code: 'INVALID' });
    });

    it('sets labels and keeps the others', async () => {
      await create('labelled');

      expect(await tables.store.setLabels('labelled', { pipeline_table_guard: 'on' })).toBe(true);
      expect((await tables.store.read('labelled'))?.labels).toMatchObject({
        ...LABELS,
        pipeline_table_guard: 'on',
      });
      expect(await tables.store.setLabels('nowhere', { a: 'b' })).toBe(false);
    });

    it('makes a view once', async () => {
      await create('viewed');
      const view = { viewId: 'viewed_unique', query: tables.viewQuery('viewed') };

      expect((await tables.store.createView(view)).kind).toBe('created');
      expect((await tables.store.createView(view)).kind).toBe('exists');
    });
  });
}
