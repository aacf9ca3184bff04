import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allRows, CloudError, type SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type TableSchema } from '@pipeline/schema-inference';
import { compareHistory } from '../history/compare-history.js';
import { BigquerySchemaHistory } from '../history/bigquery-schema-history.adapter.js';
import { uniqueView } from '../schema-changes/unique-views.js';
import { BigqueryStaging } from './bigquery-staging.js';
import { Promoter } from './promoter.js';
import { column, DATASET, rowOf, startPromotionDataset, type PromotionDataset } from './promotion.builder.js';
import { RetypeEnd, type RetypeEndOptions, type RetypeProgress } from './retype-end.js';
import { Retyper, type RetypeResult } from './retyper.js';

const HOUR_MS = 3_600_000;
const COLUMNS = [...PIPELINE_COLUMNS, column('price', 'STRING'), column('other', 'INT64')];
const WISH = { path: ['price'], type: 'JSON', isRepeated: false, numbersAsText: false } as const;

let dataset: PromotionDataset;

beforeAll(async () => {
  dataset = await startPromotionDataset();
});

afterAll(() => dataset.stop());

const end = (options: Partial<RetypeEndOptions> = {}): RetypeEnd =>
  new RetypeEnd({
    sql: dataset.sql,
    store: dataset.store,
    ...DATASET,
    actor: 'spec',
    settleMs: 0,
    ...options,
  });

function promoter(retypes?: RetypeEnd): Promoter {
  const { sql, store, client } = dataset;
  return new Promoter({
    sql,
    store,
    staging: new BigqueryStaging(client),
    ...(retypes === undefined ? {} : { retypes }),
    maxBytes: 1e12,
    actor: 'spec',
  });
}

/** The nightly sweep. */
async function sweep(tableId: string): Promise<readonly RetypeProgress[]> {
  const { days, retypes } = await promoter(end()).run({
    tables: [tableId],
    scope: 'all',
    publishedSince: new Date(0),
    changedSince: new Date(0),
    isDryRun: false,
    endsAtMs: Infinity,
  });
  expect(days.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  return retypes;
}

/** Retypes a column, up to the point at which its retired column is empty and nothing else has changed. */
function retype(tableId: string, settled: RetypeEnd = end({ settleMs: HOUR_MS })): Promise<RetypeResult> {
  const { sql, store } = dataset;
  return new Retyper({ sql, store, promoter: promoter(), end: settled, actor: 'spec' }).retype(tableId, WISH);
}

let messages = 0;

async function append(
  tableId: string,
  { columns }: Pick<TableSchema, 'columns'>,
  text: string,
): Promise<void> {
  const message = {
    messageId: `m${String(messages++).padStart(4, '0')}`,
    publishTime: '2026-11-29T10:00:00Z',
  };
  const answer = await dataset.appender.append(tableId, [rowOf(message, text, columns)]);
  expect(answer).toEqual({ kind: 'answered', errors: [] });
}

async function schemaOf(tableId: string): Promise<TableSchema> {
  const table = await dataset.store.read(tableId);
  if (table === null) throw new Error(`${tableId} is missing`);
  return table.schema;
}

async function namesOf(tableId: string): Promise<readonly string[]> {
  return (await schemaOf(tableId)).columns
    .slice(PIPELINE_COLUMNS.length)
    .map(({ name, type }) => `${name} ${type}`);
}

/** The rows of the stored view, with their column under its one name. */
function shown(tableId: string): Promise<SqlRow[]> {
  const { sql } = dataset;
  return allRows(sql, {
    sql: `SELECT other, TO_JSON_STRING(price) AS price, TO_JSON_STRING(_overflow) AS overflow FROM ${sql.name(`${tableId}_unique`)} ORDER BY _message_id`,
  });
}

/** A table with a view, as table-manager makes it, and three rows. */
async function start(tableId: string, clusterBy: readonly string[] = []): Promise<void> {
  await dataset.createTable(tableId, COLUMNS, clusterBy);
  await dataset.store.createView(uniqueView({ ...DATASET, tableId, columns: COLUMNS }));
  for (const text of ['{"price":"7","other":1}', '{"price":{"a":1},"other":2}', '{"other":3}'])
    await append(tableId, { columns: COLUMNS }, text);
}

const ROWS = [
  { other: 1, price: '"7"', overflow: 'null' },
  { other: 2, price: '{"a":1}', overflow: 'null' },
  { other: 3, price: 'null', overflow: 'null' },
];
const ENDED = ['other INT64', 'price JSON'];

/** Completes the history as the auditor does. @returns what was missing */
async function complete(tableId: string): Promise<readonly string[]> {
  const history = new BigquerySchemaHistory(dataset.client, dataset.appender);
  const records = await history.read([tableId]);
  const table = await dataset.store.read(tableId);
  if (table === null) throw new Error(`${tableId} is missing`);
  const missing = compareHistory(table, records, 'spec');
  if (missing.length > 0) await history.append(missing);
  return missing.map(({ kind, path }) => `${kind} ${path ?? ''}`);
}

describe('RetypeEnd', () => {
  it.each([
    ['free', false],
    ['reserved', true],
  ])(
    'ends a retype whether names of dropped columns are %s or not, on a clustered table too',
    async (name, reserved) => {
      await dataset.reserveDroppedColumns(reserved);
      const tableId = `circle_${name}`;
      await start(tableId, ['price', 'other']);
      const before = await retype(tableId);
      const retired = await namesOf(tableId);
      const [progress] = await sweep(tableId);

      expect(before).toMatchObject({
        kind: 'retyped',
        left: 0,
        progress: { stage: 'settling', column: 'price' },
      });
      expect(retired).toEqual(['price STRING', 'other INT64', 'price__v2 JSON']);
      expect(progress).toEqual({
        table: tableId,
        column: 'price',
        stage: 'ended',
        left: 0,
        untilMs: null,
        detail: null,
      });
      expect(await namesOf(tableId)).toEqual(ENDED);
      expect(await shown(tableId)).toEqual(ROWS);
      expect(await sweep(tableId)).toEqual([]);
      expect(await retype(tableId)).toEqual({ kind: 'done', progress: null });
    },
  );

  it('records each step, so that the history needs no completion', async () => {
    await dataset.reserveDroppedColumns(false);
    await start('recorded');
    expect(await complete('recorded')).toEqual(['CREATE_TABLE ', 'ADD_COLUMN price', 'ADD_COLUMN other']);
    await retype('recorded');
    expect(await complete('recorded')).toEqual([]);
    await sweep('recorded');
    const { sql } = dataset;

    expect(
      await allRows(sql, {
        sql: `SELECT kind, path, from_type FROM ${sql.name('_schema_history')} WHERE table_name = 'recorded' AND version > 0 AND actor = 'spec' ORDER BY changed_at, kind DESC`,
      }),
    ).toEqual([
      { kind: 'RETIRE_COLUMN', path: 'price', from_type: null },
      { kind: 'ADD_COLUMN', path: 'price__v2', from_type: null },
      { kind: 'RENAME_COLUMN', path: 'price__retired', from_type: 'price' },
      { kind: 'DROP_COLUMN', path: 'price__retired', from_type: 'STRING' },
      { kind: 'RENAME_COLUMN', path: 'price', from_type: 'price__v2' },
    ]);
    expect(await complete('recorded')).toEqual([]);
  });

  it('waits before each step until every writer knows of the one before', async () => {
    await start('settling');
    await retype('settling');
    let nowMs = Date.now();
    const finish = async (): Promise<RetypeProgress | undefined> =>
      (await end({ settleMs: HOUR_MS, now: () => nowMs }).finish('settling'))[0];

    const first = await finish();
    expect(first).toMatchObject({ stage: 'settling', left: 0 });
    nowMs = first?.untilMs ?? 0;
    expect(await finish()).toMatchObject({ stage: 'settling' });
    expect(await namesOf('settling')).toEqual(['price__retired STRING', 'other INT64', 'price__v2 JSON']);
    nowMs += HOUR_MS + 60_000;
    expect(await finish()).toMatchObject({ stage: 'ended' });
    expect(await namesOf('settling')).toEqual(ENDED);
  });

  it('keeps a value that lands in the retired column between the count and the step', async () => {
    await start('landing');
    await retype('landing');
    let isFirst = true;
    const { sql } = dataset;
    const racing = end({
      sql: {
        name: (tableId) => sql.name(tableId),
        rows: (query) => sql.rows(query),
        execute: async (query) => {
          if (isFirst && query.sql.startsWith('ALTER')) {
            isFirst = false;
            await append('landing', { columns: COLUMNS }, '{"price":"late","other":4}');
          }
          await sql.execute(query);
        },
      },
    });

    expect(await racing.finish('landing')).toMatchObject([{ stage: 'moving', left: 1 }]);
    expect(await shown('landing')).toEqual([...ROWS, { other: 4, price: '"late"', overflow: 'null' }]);
    expect(await sweep('landing')).toMatchObject([{ stage: 'ended' }]);
    expect(await namesOf('landing')).toEqual(ENDED);
    expect(await shown('landing')).toEqual([...ROWS, { other: 4, price: '"late"', overflow: 'null' }]);
  });

  it('stays where it is while BigQuery refuses the name, and ends once it does not', async () => {
    await dataset.reserveDroppedColumns(true);
    await start('by_hand');
    await retype('by_hand');
    await dataset.sql.execute({ sql: `ALTER TABLE ${dataset.sql.name('by_hand')} DROP COLUMN price` });
    const refused = await sweep('by_hand');
    await dataset.reserveDroppedColumns(false);

    expect(refused.map(({ stage }) => stage)).toEqual(['refused']);
    expect(refused[0]?.detail).toContain('recently deleted');
    expect(await sweep('by_hand')).toMatchObject([{ stage: 'ended' }]);
    expect(await namesOf('by_hand')).toEqual(ENDED);
    expect(await shown('by_hand')).toEqual(ROWS);
  });

  it('replaces the view by itself if the statement for it is refused', async () => {
    await start('no_view_right');
    await retype('no_view_right');
    const { sql } = dataset;
    const refused = end({
      sql: {
        name: (tableId) => sql.name(tableId),
        rows: (query) => sql.rows(query),
        execute: async (query) => {
          const [first = '', second] = query.sql.split(';\nCREATE OR REPLACE VIEW');
          await sql.execute({ ...query, sql: first });
          if (second !== undefined) throw new CloudError({ code: 'PERMISSION_DENIED', message: 'no' });
        },
      },
    });

    expect(await refused.finish('no_view_right')).toMatchObject([{ stage: 'ended' }]);
    expect(await namesOf('no_view_right')).toEqual(ENDED);
    expect(await shown('no_view_right')).toEqual(ROWS);
  });

  it('may run twice at once', async () => {
    await start('twice');
    await retype('twice');

    const all = await Promise.all([end().finish('twice'), end().finish('twice'), end().finish('twice')]);
    expect(all.flat().filter(({ stage }) => stage !== 'ended')).toEqual([]);
    expect(await namesOf('twice')).toEqual(ENDED);
    expect(await shown('twice')).toEqual(ROWS);
  });

  it.each(['before', 'after'] as const)(
    'continues after a kill %s any of its calls, and the view is right in between',
    async (side) => {
      let kills = 0;
      for (let atCall = 0; kills === atCall; atCall++) {
        const tableId = `killed_${side}_${atCall}`;
        await start(tableId, ['price']);
        await retype(tableId);
        let calls = 0;
        let isDead = false;
        const alive = <T>(work: () => Promise<T>): Promise<T> =>
          isDead ? Promise.reject(new Error('killed')) : work();
        const mortal = async (work: () => Promise<void>): Promise<void> => {
          const isLast = calls++ === atCall;
          if (!isLast || side === 'after') await alive(work);
          isDead ||= isLast;
          await alive(() => Promise.resolve());
        };
        const { sql, store } = dataset;
        const killed = end({
          sql: {
            name: (name) => sql.name(name),
            rows: (query) => sql.rows(query),
            execute: (query) => mortal(() => sql.execute(query)),
          },
          store: {
            read: (name) => alive(() => store.read(name)),
            readView: (name) => alive(() => store.readView(name)),
            replaceView: (view) => alive(() => store.replaceView(view)),
            createView: (view) => alive(() => store.createView(view)),
            removeClustering: (name, of) => mortal(() => store.removeClustering(name, of)),
          },
        });
        await killed.finish(tableId).catch((cause: unknown) => {
          expect(CloudError.from(cause).message).toBe('killed');
          kills++;
        });
        expect(await shown(tableId)).toEqual(ROWS);
        await append(tableId, await schemaOf(tableId), '{"price":[1],"other":4}');
        await end().finish(tableId);
        expect(await namesOf(tableId)).toEqual(ENDED);
        expect(await shown(tableId)).toEqual([...ROWS, { other: 4, price: '[1]', overflow: 'null' }]);
      }

      // Three steps of three calls.
      expect(kills).toBe(9);
    },
  );
});
