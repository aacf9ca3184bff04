import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { allRows, CloudError, type SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import type { AppendRow, RowAppender } from '../rows/row-appender.port.js';
import type { BigqueryTableStore } from '../schema-changes/bigquery-table-store.adapter.js';
import { TableReconciler } from '../schema-changes/table-reconciler.js';
import { HISTORY_TABLE } from '../history/history-row.js';
import { BigqueryStaging } from './bigquery-staging.js';
import type { PromotionSql } from './promote-day.js';
import { PROMOTIONS_TABLE } from './promotion-record.js';
import { column, rowOf, startPromotionDataset, type PromotionDataset } from './promotion.builder.js';
import { Promoter, type PromoterOptions, type PromotionRequest, type PromotionRun } from './promoter.js';
import type { StagingTables } from './staging.port.js';

const DAY = '2026-11-29';

let dataset: PromotionDataset;
let client: BigqueryClient;
let sql: BigquerySql;
let store: BigqueryTableStore;
let appender: RowAppender;
let reconciler: TableReconciler;
let staging: StagingTables;

beforeAll(async () => {
  dataset = await startPromotionDataset();
  ({ client, sql, store, appender } = dataset);
  reconciler = new TableReconciler({ store, pace: { replicas: 1 } });
  staging = new BigqueryStaging(client);
});

afterAll(async () => {
  await reconciler.stop();
  await dataset.stop();
});

const createTable = (tableId: string, columns: readonly Column[]): Promise<void> =>
  dataset.createTable(tableId, columns);

interface Stored {
  readonly messageId: string;
  readonly text: string;
  /** The columns that the writer knows. */
  readonly known: readonly Column[];
  readonly publishTime?: string;
}

const toRow = ({ messageId, text, known, publishTime = `${DAY}T10:00:00.123456Z` }: Stored): AppendRow =>
  rowOf({ messageId, publishTime }, text, [...PIPELINE_COLUMNS, ...known]);

/** Stores events as writers do that know some of the table's columns. */
async function append(tableId: string, ...rows: readonly Stored[]): Promise<void> {
  const answer = await appender.append(tableId, rows.map(toRow));
  expect(answer).toEqual({ kind: 'answered', errors: [] });
}

function aPromoter(options: Partial<PromoterOptions> = {}): Promoter {
  return new Promoter({
    sql,
    staging,
    store,
    ensure: (tableId, need) => reconciler.reconcile(tableId, need),
    maxBytes: 1e12,
    actor: 'spec',
    ...options,
  });
}

const promote = (
  tableId: string,
  request: Partial<PromotionRequest> = {},
  promoter: Promoter = aPromoter(),
): Promise<PromotionRun> =>
  promoter.run({
    tables: [tableId],
    changedSince: new Date(0),
    scope: 'waiting',
    publishedSince: new Date(0),
    isDryRun: false,
    endsAtMs: Infinity,
    ...request,
  });

const rowsOf = (tableId: string, columns: string): Promise<SqlRow[]> =>
  allRows(sql, {
    sql: `SELECT ${columns} FROM ${sql.name(tableId)} ORDER BY _message_id, _revision`,
  });

/** An event whose only value waits for the column `n`. */
const waiting = (messageId: string, n: number): Stored => ({ messageId, text: `{"n":${n}}`, known: [] });

const stateOf = (tableId: string): Promise<SqlRow[]> =>
  rowsOf(tableId, `_message_id, _revision, ${OVERFLOW}, _ingest_time`);

const recordsOf = (tableId: string): Promise<SqlRow[]> =>
  allRows(sql, {
    sql: `SELECT outcome, detail FROM ${sql.name(PROMOTIONS_TABLE)} WHERE table_name = @tableId`,
    parameters: { tableId },
  });

type Steps = { readonly [Step in keyof StagingTables]?: (run: () => Promise<void>) => Promise<void> };

/** Staging tables with something that happens around their steps. */
function wrapped(steps: Steps): StagingTables {
  const around = (step: keyof StagingTables, run: () => Promise<void>): Promise<void> =>
    steps[step]?.(run) ?? run();
  return {
    create: (table) => around('create', () => staging.create(table)),
    load: (tableId, avro) => around('load', () => staging.load(tableId, avro)),
    release: (tableId) => around('release', () => staging.release(tableId)),
  };
}

type Dml = BigquerySql['executeDml'];

/** The SQL client with something that happens around its MERGE. */
function withDml(
  around: (run: () => ReturnType<Dml>, query: Parameters<Dml>[0]) => ReturnType<Dml>,
): PromotionSql {
  return {
    name: (tableId) => sql.name(tableId),
    rows: (query) => sql.rows(query),
    execute: (query) => sql.execute(query),
    estimateBytes: (query) => sql.estimateBytes(query),
    executeDml: (query) => around(() => sql.executeDml(query), query),
  };
}

/** Resolves for all callers when so many have called. */
function meetingOf(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let present = 0;
  return async () => {
    if (++present === count) resolve(undefined);
    await promise;
  };
}

const OVERFLOW = 'TO_JSON_STRING(_overflow) AS overflow';

describe('promotion', () => {
  it('moves values of every type and place into the columns that have come, and adds one to the revision', async () => {
    const item = column('items', 'RECORD', { mode: 'REPEATED', columns: [column('sku', 'STRING')] });
    const known = [column('a', 'INT64'), item, column('r', 'RECORD', { columns: [column('x', 'INT64')] })];
    const all = [
      column('a', 'INT64'),
      { ...item, columns: [column('sku', 'STRING'), column('price', 'NUMERIC'), column('doc', 'JSON')] },
      column('r', 'RECORD', {
        columns: [
          column('x', 'INT64'),
          column('at', 'TIMESTAMP'),
          column('tags', 'STRING', { mode: 'REPEATED' }),
        ],
      }),
      column('big', 'BIGNUMERIC'),
      column('f', 'FLOAT64'),
      column('d', 'DATE'),
      column('dt', 'DATETIME'),
      column('j', 'JSON'),
      column('b', 'BOOL'),
      column('s', 'STRING'),
      column('n', 'INT64'),
    ];
    await createTable('typed', [...PIPELINE_COLUMNS, ...all]);
    const event = {
      a: 1,
      items: [{ sku: 'a', price: 9.99, doc: [1, [2]] }, {}, { sku: 'b', price: 10 }],
      r: { x: 1, at: '2026-11-29T10:00:00.000001+02:00', tags: ['x', 'ÿ'] },
      f: 1e-7,
      d: '2026-11-29',
      dt: '2026-11-29T10:00:00.5',
      b: true,
      s: 'it’s "quoted"\n',
    };
    const text = `${JSON.stringify(event).slice(0, -1)},"n":9007199254740993,"big":0.${'1'.repeat(30)},"j":{"u":18446744073709551615,"a":[1,"x"]}}`;
    await append('typed', { messageId: 'm1', text, known });
    await append('typed', { messageId: 'm2', text, known: all });

    const { days } = await promote('typed');

    expect(days).toMatchObject([
      { table: 'typed', day: DAY, outcome: 'promoted', rowsRead: 1, rowsChanged: 1 },
    ]);
    const columns = all.map(({ name, type }) =>
      type === 'JSON' || type === 'RECORD' ? `TO_JSON_STRING(${name}) AS ${name}` : name,
    );
    const [moved, written] = await rowsOf('typed', `${columns.join(', ')}, ${OVERFLOW}, _revision`);
    expect(written).toMatchObject({ overflow: 'null', _revision: null });
    expect(moved).toEqual({ ...written, _revision: 1 });
  });

  it('changes nothing the second time', async () => {
    await createTable('twice', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('twice', waiting('m1', 7));

    expect((await promote('twice')).days).toMatchObject([{ outcome: 'promoted', valuesMoved: 1 }]);
    expect(await promote('twice')).toMatchObject({ days: [], isComplete: true });
    expect(await promote('twice', { scope: 'all' })).toMatchObject({ days: [], isComplete: true });
    expect(await rowsOf('twice', `n, _revision, ${OVERFLOW}`)).toEqual([
      { n: 7, _revision: 1, overflow: 'null' },
    ]);
  });

  it('adds the columns that its rows lack, nested ones too, and moves the values in the same run', async () => {
    await createTable('lacking', PIPELINE_COLUMNS);
    await append('lacking', { messageId: 'm1', text: '{"n":1,"r":{"s":"x","deep":{"b":true}}}', known: [] });
    await append('lacking', { messageId: 'm2', text: '{"n":1.5}', known: [column('n', 'INT64')] });

    expect((await promote('lacking')).days).toMatchObject([{ outcome: 'promoted', rowsChanged: 2 }]);
    expect(await rowsOf('lacking', `CAST(n AS STRING) AS n, r.s, r.deep.b, ${OVERFLOW}`)).toEqual([
      { n: '1', s: 'x', b: true, overflow: 'null' },
      { n: '1.5', s: null, b: null, overflow: 'null' },
    ]);
  });

  it('leaves the rest of an overflow where it is', async () => {
    const n = column('n', 'INT64');
    await createTable('conflicts', [...PIPELINE_COLUMNS, n, column('s', 'STRING')]);
    await append('conflicts', { messageId: 'm1', text: '{"n":"x","s":"y"}', known: [n] });

    await promote('conflicts');

    expect(await rowsOf('conflicts', `n, s, ${OVERFLOW}`)).toEqual([
      { n: null, s: 'y', overflow: '{"/n":{"reason":"TYPE_CONFLICT","value":"x"}}' },
    ]);
  });

  it('empties a retired column, by days', async () => {
    const note = (fields: object): string => `pipeline:${JSON.stringify(fields)}`;
    const old = column('price', 'INT64', { description: note({ key: 'price', retired: true }) });
    const now = column('price__v2', 'NUMERIC', { description: note({ key: 'price' }) });
    await createTable('retired', [...PIPELINE_COLUMNS, old, now]);
    const before = [column('price', 'INT64')];
    await append(
      'retired',
      { messageId: 'm1', text: '{"price":10}', known: before },
      { messageId: 'm2', text: '{"price":9.99}', known: before },
      { messageId: 'm3', text: '{"price":11}', known: before, publishTime: '2026-11-28T23:59:59.999999Z' },
    );

    const { days } = await promote('retired', { scope: 'all' });

    expect(days.map(({ day, rowsChanged }) => [day, rowsChanged])).toEqual([
      [DAY, 2],
      ['2026-11-28', 1],
    ]);
    expect(await rowsOf('retired', `price, CAST(price__v2 AS STRING) AS v2, ${OVERFLOW}`)).toEqual([
      { price: null, v2: '10', overflow: 'null' },
      { price: null, v2: '9.99', overflow: 'null' },
      { price: null, v2: '11', overflow: 'null' },
    ]);
  });

  it('changes every copy of a message, each to its own content', async () => {
    await createTable('copies', [...PIPELINE_COLUMNS, column('n', 'INT64'), column('s', 'STRING')]);
    const text = '{"n":1,"s":"x"}';
    await append('copies', { messageId: 'm1', text, known: [] });
    await append('copies', { messageId: 'm1', text, known: [] });
    await append('copies', { messageId: 'm1', text, known: [column('n', 'INT64')] });
    await append('copies', { messageId: 'm1', text, known: [column('n', 'INT64'), column('s', 'STRING')] });

    expect((await promote('copies')).days).toMatchObject([{ rowsRead: 3, rowsChanged: 3 }]);
    const row = { n: 1, s: 'x', overflow: 'null' };
    expect(await rowsOf('copies', `n, s, _revision, ${OVERFLOW}`)).toEqual([
      { ...row, _revision: null },
      { ...row, _revision: 1 },
      { ...row, _revision: 1 },
      { ...row, _revision: 1 },
    ]);
  });

  it('takes the tables of the schema history, and records what it did', async () => {
    await createTable('discovered', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('discovered', waiting('m1', 7));
    await sql.execute({
      sql:
        `INSERT INTO ${sql.name(HISTORY_TABLE)} (change_id, table_name, version, kind, changed_at, actor) VALUES ` +
        `('c1', 'discovered', 1, 'ADD_COLUMN', CURRENT_TIMESTAMP(), 'spec'), ('c2', 'gone', 1, 'ADD_COLUMN', CURRENT_TIMESTAMP(), 'spec')`,
    });
    const promoter = aPromoter();
    const request = {
      scope: 'waiting',
      publishedSince: new Date(0),
      isDryRun: false,
      endsAtMs: Infinity,
    } as const;

    expect((await promoter.run({ ...request, changedSince: new Date(Date.now() + 60_000) })).days).toEqual(
      [],
    );
    const { runId, days } = await promoter.run({ ...request, changedSince: new Date(Date.now() - 60_000) });

    expect(days).toMatchObject([{ table: 'discovered', outcome: 'promoted' }]);
    const records = await allRows(sql, {
      sql: `SELECT table_name, publish_day, scope, outcome, rows_read, rows_changed, values_moved, actor FROM ${sql.name(PROMOTIONS_TABLE)} WHERE run_id = @runId`,
      parameters: { runId },
    });
    expect(records).toEqual([
      {
        table_name: 'discovered',
        publish_day: DAY,
        scope: 'waiting',
        outcome: 'promoted',
        rows_read: 1,
        rows_changed: 1,
        values_moved: 1,
        actor: 'spec',
      },
    ]);
  });

  it('counts what would move in a dry run and changes nothing', async () => {
    await createTable('dry', PIPELINE_COLUMNS);
    await append('dry', waiting('m1', 7));
    const before = await stateOf('dry');

    expect((await promote('dry', { isDryRun: true })).days).toMatchObject([
      { outcome: 'unchanged', rowsRead: 1 },
    ]);
    await sql.execute({ sql: `ALTER TABLE ${sql.name('dry')} ADD COLUMN n INT64` });
    expect((await promote('dry', { isDryRun: true })).days).toMatchObject([
      { outcome: 'planned', rowsRead: 1, rowsChanged: 1, valuesMoved: 1 },
    ]);
    expect(await stateOf('dry')).toEqual(before);
  });

  it('defers a table whose bytes of the day are spent, and says so', async () => {
    await createTable('costly', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('costly', waiting('m1', 7));
    const counting: PromotionSql = {
      ...withDml(async (run) => ({ ...(await run()), bytesProcessed: 600 })),
      estimateBytes: () => Promise.resolve(500),
    };
    const promoter = aPromoter({ sql: counting, maxBytes: 1_000 });

    expect((await promote('costly', {}, promoter)).days).toMatchObject([
      { outcome: 'promoted', bytesProcessed: 1_100 },
    ]);
    await append('costly', waiting('m2', 8));
    expect((await promote('costly', {}, promoter)).days).toMatchObject([
      { outcome: 'deferred', rowsRead: 0, detail: expect.stringContaining('PROMOTION_MAX_BYTES') },
    ]);
    expect((await promote('costly')).days).toMatchObject([{ outcome: 'promoted' }]);
  });

  it('begins no day after its time', async () => {
    await createTable('late', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('late', waiting('m1', 7));

    expect(await promote('late', { endsAtMs: 0 })).toMatchObject({ days: [], isComplete: false });
  });
});

describe('promotion beside accidents', () => {
  it('moves each value once if two promoters run at once', async () => {
    await createTable('two', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('two', ...Array.from({ length: 50 }, (_unused, index) => waiting(`m${index}`, index)));
    const meeting = meetingOf(2);
    const promoters = [0, 1].map(() =>
      aPromoter({
        staging: wrapped({
          load: async (load) => {
            await load();
            await meeting();
          },
        }),
      }),
    );

    const runs = await Promise.all(promoters.map((promoter) => promote('two', {}, promoter)));

    expect(runs.flatMap(({ days }) => days).reduce((sum, { rowsChanged }) => sum + rowsChanged, 0)).toBe(50);
    expect(
      await allRows(sql, {
        sql: `SELECT COUNT(*) AS c, SUM(n) AS s, MAX(_revision) AS r FROM ${sql.name('two')}`,
      }),
    ).toEqual([{ c: 50, s: 1_225, r: 1 }]);
  });

  it.each(['create', 'load', 'merge'] as const)(
    'is made up for by the next run if it is killed after the step %s',
    async (step) => {
      const tableId = `killed_${step}`;
      await createTable(tableId, [...PIPELINE_COLUMNS, column('n', 'INT64')]);
      await append(tableId, waiting('m1', 7));
      const dies = (): never => {
        throw new Error('killed');
      };
      const killed = aPromoter({
        staging: wrapped({
          ...(step === 'create' ? { create: async (create) => (await create(), dies()) } : {}),
          ...(step === 'load' ? { load: async (load) => (await load(), dies()) } : {}),
          release: () => dies(),
        }),
        sql: step === 'merge' ? withDml(async (run) => (await run(), dies())) : sql,
      });

      expect((await promote(tableId, {}, killed)).days).toMatchObject([{ outcome: 'failed' }]);
      await promote(tableId);

      expect(await rowsOf(tableId, `n, _revision, ${OVERFLOW}`)).toEqual([
        { n: 7, _revision: 1, overflow: 'null' },
      ]);
      const left = (await store.listTables()).filter((listed) =>
        listed.tableId.startsWith(`_staging_${tableId}`),
      );
      expect(left.length).toBeGreaterThan(0);
      for (const { tableId: stagingId } of left) {
        const path = ['datasets', 'events', 'tables', stagingId];
        const { expirationTime } = (await client.request({ method: 'GET', path })) as {
          expirationTime?: string;
        };
        expect(Number(expirationTime) - Date.now()).toBeLessThanOrEqual(3_600_000);
      }
    },
  );

  it('does not bring back a row that is deleted before the merge', async () => {
    await createTable('deleted', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('deleted', waiting('m1', 1), waiting('m2', 2));
    const promoter = aPromoter({
      staging: wrapped({
        load: async (load) => {
          await load();
          await sql.execute({ sql: `DELETE FROM ${sql.name('deleted')} WHERE _message_id = 'm1'` });
        },
      }),
    });

    expect((await promote('deleted', {}, promoter)).days).toMatchObject([{ rowsRead: 2, rowsChanged: 1 }]);
    expect(await rowsOf('deleted', '_message_id, n')).toEqual([{ _message_id: 'm2', n: 2 }]);
  });

  it('passes over a table that is deleted in the middle', async () => {
    await createTable('dropped', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('dropped', waiting('m1', 1));
    const promoter = aPromoter({
      staging: wrapped({
        load: async (load) => {
          await load();
          await sql.execute({ sql: `DROP TABLE ${sql.name('dropped')}` });
        },
      }),
    });

    expect((await promote('dropped', {}, promoter)).days).toMatchObject([
      { outcome: 'failed', detail: expect.stringContaining('TABLE_NOT_FOUND') },
    ]);
    expect(await store.read('dropped')).toBeNull();
  });

  it('fits the rows again if the table is altered by hand in the middle', async () => {
    await createTable('altered', [
      ...PIPELINE_COLUMNS,
      column('r', 'RECORD', { columns: [column('a', 'INT64')] }),
      column('n', 'INT64'),
    ]);
    await append('altered', { messageId: 'm1', text: '{"r":{"a":1},"n":2}', known: [] });
    let isFirst = true;
    const promoter = aPromoter({
      staging: wrapped({
        load: async (load) => {
          await load();
          if (!isFirst) return;
          isFirst = false;
          await sql.execute({ sql: `ALTER TABLE ${sql.name('altered')} RENAME COLUMN n TO m` });
        },
      }),
    });

    expect((await promote('altered', {}, promoter)).days).toMatchObject([
      { outcome: 'promoted', rowsChanged: 2 },
    ]);
    expect(await rowsOf('altered', `r.a, m, n, ${OVERFLOW}`)).toEqual([
      { a: 1, m: null, n: 2, overflow: 'null' },
    ]);
  });

  it('reports a refused permission as a setup problem, after it is recorded', async () => {
    await createTable('forbidden', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('forbidden', waiting('m1', 1));
    const refusal = new CloudError({
      code: 'PERMISSION_DENIED',
      message:
        'Access Denied: Table local-project:events.forbidden: User does not have bigquery.tables.updateData',
    });
    const promoter = aPromoter({ sql: withDml(() => Promise.reject(refusal)) });

    await expect(promote('forbidden', {}, promoter)).rejects.toBe(refusal);
    expect(await recordsOf('forbidden')).toMatchObject([
      { outcome: 'blocked', detail: expect.stringContaining('PERMISSION_DENIED: Access Denied') },
    ]);
    expect(await rowsOf('forbidden', '_revision')).toEqual([{ _revision: null }]);
  });

  it('records a spent quota and continues with the other tables', async () => {
    for (const tableId of ['quota_a', 'quota_b']) {
      await createTable(tableId, [...PIPELINE_COLUMNS, column('n', 'INT64')]);
      await append(tableId, waiting('m1', 1));
    }
    const quota = new CloudError({
      code: 'QUOTA_EXCEEDED',
      message: 'Quota exceeded: too many DML statements',
    });
    const promoter = aPromoter({
      sql: withDml((run, query) => (query.tableId === 'quota_a' ? Promise.reject(quota) : run())),
    });

    const { days } = await promote('', { tables: ['quota_a', 'quota_b'] }, promoter);

    expect(days).toMatchObject([
      {
        table: 'quota_a',
        outcome: 'deferred',
        detail: 'QUOTA_EXCEEDED: Quota exceeded: too many DML statements',
      },
      { table: 'quota_b', outcome: 'promoted' },
    ]);
  });

  it('finds the other tables of a query when one of them is gone', async () => {
    await createTable('present', [...PIPELINE_COLUMNS, column('n', 'INT64')]);
    await append('present', waiting('m1', 1));
    await createTable('vanishing', PIPELINE_COLUMNS);
    const promoter = aPromoter({
      store: {
        listTables: () => store.listTables(),
        read: async (tableId) => {
          const table = await store.read(tableId);
          if (tableId === 'vanishing' && table !== null)
            await sql.execute({ sql: `DROP TABLE ${sql.name('vanishing')}` });
          return table;
        },
      },
    });

    expect((await promote('', { tables: ['vanishing', 'present'] }, promoter)).days).toMatchObject([
      { table: 'present', outcome: 'promoted' },
    ]);
  });
});
