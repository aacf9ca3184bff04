import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { readFileSync } from 'node:fs';
import { vectorMessages } from '../harness/vector-messages.js';
import { runPipeline, startPipeline } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;
const TABLES = ['vector_0', 'vector_1'];
/** One vector in so many, to keep the suite short; with 1 also those of many columns. */
const EVERY = Number(process.env['E2E_PROMOTION_EVERY'] ?? 6);
const MAX_BYTES = EVERY === 1 ? Number.POSITIVE_INFINITY : 5_000;
const LIMIT_MS = 600_000;
/** Longer than the suite: BigQuery's writers never learn a column. */
const LAG_MS = 3_600_000;
/** The queries of the section on new values, which have no dataset there. */
const QUERIES = readFileSync('docs/SCHEMA.md', 'utf8')
  .split('```sql\n')
  .slice(1)
  .map((block) => block.slice(0, block.indexOf('```')).trim())
  .map((query) => query.replace(/FROM (\w+)/, `FROM ${dataset}.$1`));

/** A retyped column as readers of the view see it. */
const SHOWN = `SELECT DISTINCT discount AS v FROM ${dataset}.orders_unique WHERE order_id = 'a'`;

interface Answer {
  readonly totals: Readonly<Record<string, number>>;
  readonly deep: { readonly rows: number; readonly altered: number; readonly values: unknown };
}

interface Promoted {
  readonly days: readonly { readonly outcome: string; readonly valuesMoved: number }[];
}

let pipeline: Pipeline;

beforeAll(async () => {
  pipeline = await Pipeline.start();
  await pipeline.startTableManager(undefined, { SCHEMA_GRACE_MS: '0' });
  await pipeline.redeliverAfter(200, 2_000);
}, 300_000);

afterAll(() => pipeline.stop());

let published = 0;

function publish(...message: Parameters<Pipeline['publish']>): Promise<string> {
  published += 1;
  return pipeline.publish(...message);
}

/** Creates the tables, from then on with writers that do not learn their new columns. */
async function blindTables(types: readonly string[], tables: readonly string[]): Promise<void> {
  const ids = await Promise.all(types.map((type) => publish({ event_type: type })));
  await eventually(
    () => Promise.all(tables.map((table, index) => pipeline.row(table, ids[index] ?? ''))),
    LIMIT_MS,
  );
  for (const table of tables)
    await pipeline.admin('PUT', 'metadata-lag', {
      milliseconds: LAG_MS,
      table: `${projectId}.${dataset}.${table}`,
    });
}

async function command<T>(...words: readonly string[]): Promise<T> {
  const { stdout, stderr } = await runPipeline(pipeline.cloud, ...words, '--json');
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

/** The books, apart from the time at which they were taken. */
async function books(): Promise<Answer> {
  const { auditedAt, span, overflow, estimatedBytes, ...rest } = await command<
    Answer & { auditedAt: string; span: object; overflow: object; estimatedBytes: number }
  >('audit', '--deep', '--in-progress-seconds', '0');
  // Promotion is there to change the overflow, and with it the size of the rows.
  expect([auditedAt, span, overflow, estimatedBytes]).toEqual([
    expect.any(String),
    expect.any(Object),
    expect.any(Object),
    expect.any(Number),
  ]);
  return rest;
}

/** The books once the archive has every message that was published. */
function settledBooks(): Promise<Answer> {
  return eventually(async () => {
    const answer = await books();
    expect(answer.totals).toMatchObject({ received: published, unaccounted: 0 });
    return answer;
  }, LIMIT_MS / 2);
}

/** The waiting values of some tables, counted in SQL. */
async function waitingRows(): Promise<number> {
  const selects = TABLES.map(
    (table) =>
      `SELECT COUNT(*) AS c FROM ${dataset}.${table} WHERE STRPOS(TO_JSON_STRING(_overflow), '"reason":"AWAITING_COLUMN"') > 0`,
  );
  const rows = await pipeline.query<{ c: number }>(selects.join(' UNION ALL '));
  return rows.reduce((sum, { c }) => sum + c, 0);
}

async function stagingTables(): Promise<number> {
  return (await pipeline.tables.listTables()).filter(({ tableId }) => tableId.startsWith('_staging_')).length;
}

describe('promotion', () => {
  it(
    'leaves the books as they are before, during and after, whenever a promoter is killed',
    async () => {
      await blindTables(TABLES, TABLES);
      const messages = vectorMessages((index) => TABLES[(index / EVERY) % TABLES.length] ?? 'other').filter(
        ({ data }, index) => index % EVERY === 0 && data.byteLength <= MAX_BYTES,
      );
      for (const { data, attributes } of messages) await publish(data, attributes);
      const before = await settledBooks();
      const waited = await waitingRows();
      expect(before.deep).toMatchObject({ altered: 0, values: [] });
      expect(waited).toBeGreaterThan(20);

      for (let kills = 0; kills < 2; kills++) {
        const staged = await stagingTables();
        const promoter = startPipeline(pipeline.cloud, 'promote');
        const isOver = promoter.result.then(() => true);
        // At its next staging table, with the load and the MERGE before it.
        while ((await stagingTables()) === staged)
          if (await Promise.race([isOver, Promise.resolve(false)])) break;
        promoter.process.kill('SIGKILL');
        await promoter.result;
        expect(await books()).toEqual(before);
      }
      const { days } = await command<Promoted>('promote');
      expect(days.filter(({ outcome }) => outcome === 'failed')).toEqual([]);

      expect(await books()).toEqual(before);
      expect(await waitingRows()).toBe(0);
      const again = await command<Promoted>('promote', '--dry-run');
      expect(again.days.map(({ valuesMoved }) => valuesMoved)).toEqual(again.days.map(() => 0));
    },
    LIMIT_MS,
  );

  it(
    'gives the queries of docs/SCHEMA.md their rows, before and after',
    async () => {
      await blindTables(['order'], ['orders']);
      const id = await publish({ event_type: 'order', order_id: 'a', discount: 9.99 });
      await eventually(async () => {
        await pipeline.row('orders', id);
        expect(Object.keys(await pipeline.columnTypes('orders'))).toEqual(
          expect.arrayContaining(['order_id', 'discount']),
        );
      }, LIMIT_MS);
      const [values = '', records = ''] = QUERIES;
      // A message may be delivered, and so stored, twice.
      const asked = async (): Promise<ReadonlySet<string>> =>
        new Set(
          (await pipeline.query<{ discount: unknown }>(values)).map(({ discount }) => String(discount)),
        );
      const before = await asked();
      await command('promote', 'orders');

      expect(QUERIES).toHaveLength(2);
      expect([before.has('9.99'), (await asked()).has('9.99')]).toEqual([true, true]);
      expect(await pipeline.row('orders', id)).toMatchObject({ _overflow: null, _revision: 1 });
      expect(await pipeline.query(records)).toEqual(
        expect.arrayContaining([expect.objectContaining({ outcome: 'promoted' })]),
      );
    },
    LIMIT_MS,
  );

  it(
    'retypes a column, keeps the books, and explains what it refuses',
    async () => {
      const before = await settledBooks();
      const words = ['retype', 'orders', 'discount', 'STRING', '--numbers-as-text'];
      const planned = await command<{ kind: string; retired: string }>(...words, '--dry-run');
      const { left } = await command<{ left: number }>(...words);
      const refusal = await runPipeline(pipeline.cloud, 'retype', 'orders', 'discounts', 'STRING');
      const { exitCode, stderr } = await runPipeline(
        pipeline.cloud,
        'retype',
        'orders',
        'discount',
        'NUMBERS',
      );

      expect([planned.kind, planned.retired, left]).toEqual(['planned', 'discount', 0]);
      expect(
        await pipeline.query(`SELECT DISTINCT discount__v2 AS v FROM ${dataset}.orders WHERE order_id = 'a'`),
      ).toEqual([{ v: '9.99' }]);
      expect(await pipeline.query(SHOWN)).toEqual([{ v: '9.99' }]);
      expect(await books()).toEqual(before);
      expect([refusal.exitCode, refusal.stderr]).toEqual([
        2,
        expect.stringContaining('Did you mean discount?'),
      ]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean NUMERIC?')]);
    },
    LIMIT_MS,
  );

  it(
    'ends the retype when an hour has passed twice, with the books and the view as they were',
    async () => {
      const before = await settledBooks();
      const stages: string[] = [];
      for (let night = 0; night < 2; night++) {
        // As if it were an hour later.
        await pipeline.query(
          `UPDATE ${dataset}._schema_history SET changed_at = TIMESTAMP_SUB(changed_at, INTERVAL 1 HOUR) WHERE table_name = 'orders'`,
        );
        const { retypes } = await command<{ retypes: readonly { stage: string }[] }>('promote', 'orders');
        stages.push(...retypes.map(({ stage }) => stage));
        expect(await pipeline.query(SHOWN)).toEqual([{ v: '9.99' }]);
        expect(await books()).toEqual(before);
      }

      expect(stages).toEqual(['settling', 'ended']);
      const types = await pipeline.columnTypes('orders');
      expect(Object.entries(types).filter(([name]) => name.startsWith('discount'))).toEqual([
        ['discount', 'STRING'],
      ]);
      // The local cloud's writers take a table with a renamed column for a new one, which they learn as late.
      await pipeline.admin('PUT', 'metadata-lag', {
        milliseconds: 0,
        table: `${projectId}.${dataset}.orders`,
      });
      const id = await publish({ event_type: 'order', order_id: 'b', discount: 0.5 });
      await eventually(() => pipeline.row('orders', id), LIMIT_MS);
      expect(
        await pipeline.query(`SELECT DISTINCT discount AS v FROM ${dataset}.orders WHERE order_id = 'b'`),
      ).toEqual([{ v: '0.5' }]);
    },
    LIMIT_MS,
  );

  it('exits with 3 and the nearest name for a table that is none', async () => {
    const { exitCode, stderr } = await runPipeline(pipeline.cloud, 'promote', 'orderss');

    expect([exitCode, stderr.trim()]).toEqual([3, 'there is no event table orderss; did you mean orders?']);
  });
});
