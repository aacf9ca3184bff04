/** The peer of `direct` mode: `insert-loop.mjs PORT PROJECT DATASET ROWS` inserts rows that are ready, 500 a call, one call at a time. */
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { makeEvents } from '../inference/fixtures.mjs';
import { KINDS } from './pushes.mjs';

const BATCH = 500;
const TABLES = { order: 'orders', inventory: 'inventory', user_activity: 'user_activity' };
const [port, projectId, dataset, count] = process.argv.slice(2);

const bigquery = new BigQuery({
  projectId,
  apiEndpoint: `http://127.0.0.1:${port}`,
  authClient: new PassThroughClient(),
});
const batches = KINDS.flatMap((kind) => {
  const rows = makeEvents(kind, Math.floor(Number(count) / KINDS.length)).map((event, index) => ({
    _message_id: `insert-${kind}-${index}`,
    _publish_time: '2026-11-23T00:00:00Z',
    _event_type: kind,
    ...JSON.parse(event),
  }));
  return Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, index) => ({
    table: bigquery.dataset(dataset).table(TABLES[kind]),
    rows: rows.slice(index * BATCH, (index + 1) * BATCH),
  }));
});

const inserted = batches.reduce((sum, { rows }) => sum + rows.length, 0);
const start = performance.now();
const before = process.cpuUsage();
for (const { table, rows } of batches) await table.insert(rows);
const { user, system } = process.cpuUsage(before);
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ rate: inserted / seconds, cpuUs: (user + system) / inserted }));
// Runs until it is stopped, like every program of a benchmark.
setInterval(() => undefined, 1 << 30);
