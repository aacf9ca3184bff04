/**
 * `GET /contracts/pending` with thousands of distinct asked paths: the first answer of a replica, answers from memory while the list is read
 * again behind them, and what the list costs in memory. A wrong list fails the benchmark.
 */
import { listContractTables, pendingApprovals } from '@pipeline/books';
import { withDataset } from '../local-cloud/dataset.mjs';
import { processorMs, residentMegabytes } from '../local-cloud/processes.mjs';
import { startTableManager } from '../table-manager/services.mjs';

const PATHS = Number(process.env.BENCH_PENDING_PATHS ?? 10_000);
const REQUESTS = 100;
const MAX_MS = 100;

/** Asks table-manager for a list of {@link PATHS} changes. */
export async function pendingList(context) {
  return withDataset(async ({ cloud, sql }) => {
    const empty = await startTableManager(cloud);
    await read(empty.url);
    const before = residentMegabytes(empty.pid);
    await empty.stop();
    context.log(`filling ${PATHS} paths`);
    await load(sql);
    const service = await startTableManager(cloud);
    try {
      const first = await timed(() => read(service.url));
      const reads = [];
      const processorBefore = processorMs(service.pid);
      for (let n = 0; n < REQUESTS; n++) reads.push(await timed(() => read(service.url)));
      const processor = (processorMs(service.pid) - processorBefore) / REQUESTS;
      const fresh = await timed(() => read(service.url, '?fresh=true'));
      const query = await timed(async () =>
        pendingApprovals(sql, await listContractTables(sql), { readSchema: () => null, limit: 50 }),
      );
      reads.sort((a, b) => a - b);
      const [median, p99] = [reads[REQUESTS / 2], reads[Math.ceil(REQUESTS * 0.99) - 1]];
      const name = `GET /contracts/pending, ${PATHS} paths`;
      return [
        { name: `${name}, from memory (median)`, value: median, unit: 'ms', ...target(median) },
        { name: `${name}, from memory (p99)`, value: p99, unit: 'ms', ...target(p99) },
        { name: `${name}, from memory, processor time`, value: processor, unit: 'ms' },
        { name: `${name}, the first right after the start of a replica`, value: first, unit: 'ms' },
        { name: `${name}, read at once (fresh=true)`, value: fresh, unit: 'ms' },
        { name: `the query of contracts pending, 50 of ${PATHS} paths`, value: query, unit: 'ms' },
        {
          name: `memory of table-manager after that, beside one without contracts`,
          value: residentMegabytes(service.pid) - before,
          unit: 'MB',
        },
      ];
    } finally {
      await service.stop();
    }
  });
}

const target = (ms) => ({ target: `≤ ${MAX_MS} ms`, met: ms <= MAX_MS });

async function timed(task) {
  const before = performance.now();
  await task();
  return performance.now() - before;
}

let expected = 0;

/** The whole answer as text, as a client receives it. */
async function read(url, query = '') {
  const text = await (await fetch(`${url}/contracts/pending${query}`)).text();
  const [, total] = /"total":(\d+)/.exec(text) ?? [];
  if (Number(total) !== expected) throw new Error(`${total} changes wait instead of ${expected}`);
}

async function load(sql) {
  await sql.execute({
    sql: `CREATE TABLE ${sql.name('asked')} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _attributes JSON, _overflow JSON) PARTITION BY DATE(_publish_time) OPTIONS(labels=[("pipeline_new_columns", "approve")])`,
  });
  const entry = `'":{"reason":"AWAITING_APPROVAL","value":"value ', CAST(n AS STRING), '"}}'`;
  await sql.execute({
    sql: `INSERT INTO ${sql.name('asked')} (_message_id, _publish_time, _attributes, _overflow) SELECT CONCAT('m', CAST(n AS STRING)), TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL MOD(n, 72) HOUR), JSON '{"producer":"shop","version":"1.2.3"}', PARSE_JSON(CONCAT('{"/field_', CAST(n AS STRING), ${entry})) FROM UNNEST(GENERATE_ARRAY(1, ${PATHS})) AS n`,
  });
  expected = PATHS;
}
