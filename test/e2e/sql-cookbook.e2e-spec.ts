import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const QUERIES = readFileSync('docs/SQL-COOKBOOK.md', 'utf8')
  .split('```sql\n')
  .slice(1)
  .map((block) => block.slice(0, block.indexOf('```')).trim());

/** Ends of the queries that may find nothing in a pipeline that runs since a moment and writes each message once. */
const MAY_BE_EMPTY = ['HAVING copies > 1', 'INTERVAL 1 DAY)\nORDER BY changed_at'];

describe('the SQL cookbook', () => {
  let pipeline: Pipeline;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    const order = {
      event_type: 'order',
      order_id: 'order-1',
      total_amount: 99.5,
      items: [{ product_id: 'a', quantity: 1 }],
    };
    const first = await pipeline.publish(order, { source: 'shop' });
    // Events that arrive together decide a column together; the first one alone makes it.
    await eventually(() => pipeline.row('orders', first), 300_000);
    await pipeline.publish({ ...order, order_id: 2, items: [{ product_id: 'b', quantity: 'two' }] });
    await pipeline.publish('{"event_type":"order",}');
    await eventually(async () => {
      const [rows, deadLetters, archived] = await Promise.all([
        pipeline.query('SELECT 1 FROM prod_events_dataset.orders WHERE _overflow IS NOT NULL'),
        pipeline.query('SELECT 1 FROM prod_events_dataset.dead_letters'),
        pipeline.query('SELECT 1 FROM prod_events_archive._raw_events'),
      ]);
      expect([rows.length, deadLetters.length, archived.length]).toEqual([1, 1, 3]);
    }, 300_000);
  }, 600_000);

  afterAll(() => pipeline.stop());

  it('has queries', () => {
    expect(QUERIES.length).toBeGreaterThan(10);
  });

  it.each(QUERIES)('answers: %s', async (query) => {
    const rows = await pipeline.query(query);

    const leastRows = MAY_BE_EMPTY.some((end) => query.includes(end)) ? 0 : 1;
    expect(rows.length).toBeGreaterThanOrEqual(leastRows);
  });

  it('counts what overflows by path, whatever the position in an array', async () => {
    const query = QUERIES.find((text) => text.includes('JSON_KEYS'));

    const rows = await pipeline.query<{ path: string; reason: string; leaves: number }>(query ?? '');

    expect(rows.map(({ path, reason, leaves }) => ({ path, reason, leaves }))).toEqual(
      expect.arrayContaining([
        { path: '/order_id', reason: 'TYPE_CONFLICT', leaves: 1 },
        { path: '/items/*/quantity', reason: 'TYPE_CONFLICT', leaves: 1 },
      ]),
    );
    expect(rows).toHaveLength(2);
  });
});
