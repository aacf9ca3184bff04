/**
 * `pipeline retype` of a column of a large table while rows arrive, killed again and again: how long it takes from the first start to the
 * end, and how much memory. Every value is checked afterwards, and a wrong answer fails the benchmark.
 */
import { BigqueryTableStore, createRowAppender } from '@pipeline/bigquery-tables';
import { allRows } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { buildRow, compileSchema, decodeEvent, fit, PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDataset } from '../local-cloud/dataset.mjs';
import { measuredCommand } from '../promotion/measured-command.mjs';

const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;
const ROWS = Number(process.env.BENCH_RETYPE_ROWS ?? 1_000_000);
const KILLS = Number(process.env.BENCH_RETYPE_KILLS ?? 10);
const DAYS = 10;
const TABLE = 'orders';
/** A table whose retype nothing interrupts, by which the bytes are measured. */
const QUIET = { table: 'prices', rows: 100_000, maxMerges: 2.5 };
const ROWS_PER_SECOND = 200;
const APPEND_EVERY_MS = 250;
/** Appends with one reading of the schema: five seconds. */
const APPENDS_PER_SCHEMA = 20;
/** The command is killed after at most so long, the earlier the more often it was killed. */
const LONGEST_LIFE_MS = 20_000;
const MAX_MEGABYTES = 512;
/** `pipeline` found something to look at: rows that landed in the retired column meanwhile. */
const EXIT_CODES = [0, 1];
const COLUMNS = [
  { name: 'order_id', type: 'STRING', mode: 'NULLABLE' },
  { name: 'price', type: 'INT64', mode: 'NULLABLE' },
];

export default async function retype(context) {
  return withDataset(async ({ cloud, endpoint, client, sql }) => {
    const store = new BigqueryTableStore(client);
    await load(store, sql, TABLE, ROWS);
    context.log(`${ROWS} rows are there`);
    const writer = startWriter(store, `127.0.0.1:${cloud.storageWritePort}`);
    const before = performance.now();
    const words = ['retype', TABLE, 'price', 'STRING', '--numbers-as-text'];
    let peakMegabytes = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const killAfterMs = (LONGEST_LIFE_MS * (kill + 1)) / KILLS;
      const used = await measuredCommand(endpoint, words, { killAfterMs, exitCodes: EXIT_CODES });
      peakMegabytes = Math.max(peakMegabytes, used.peakMegabytes);
      context.log(`kill ${kill + 1} after ${killAfterMs / 1_000} s`);
    }
    let left = 1;
    let processorSeconds = 0;
    while (left > 0) {
      const used = await measuredCommand(endpoint, words, { exitCodes: EXIT_CODES });
      peakMegabytes = Math.max(peakMegabytes, used.peakMegabytes);
      processorSeconds = Math.max(processorSeconds, used.processorSeconds);
      ({ left } = JSON.parse(used.output));
    }
    const seconds = (performance.now() - before) / 1_000;
    const appended = await writer.stop();
    await check(sql, appended);
    return [
      {
        name: `pipeline retype of ${ROWS} rows of ${DAYS} days, killed ${KILLS} times, while ${appended} rows arrived`,
        value: seconds,
        unit: 's',
      },
      { name: 'processor time of one run of the command, at most', value: processorSeconds, unit: 's' },
      {
        name: 'memory of the command at its peak',
        value: peakMegabytes,
        unit: 'MB',
        target: `≤ ${MAX_MEGABYTES} MB`,
        met: peakMegabytes <= MAX_MEGABYTES,
      },
      await measureBytes(store, sql, endpoint),
    ];
  });
}

/** Bytes of a retype that nothing interrupts, and of one MERGE over the whole table by a dry run. */
async function measureBytes(store, sql, endpoint) {
  const { table, rows, maxMerges } = QUIET;
  await load(store, sql, table, rows);
  const merge = await sql.estimateBytes({
    sql: `MERGE ${sql.name(table)} AS t USING (SELECT _message_id, CAST(price AS STRING) AS price FROM ${sql.name(table)}) AS s
ON t._message_id = s._message_id WHEN MATCHED THEN UPDATE SET order_id = s.price`,
  });
  const { output } = await measuredCommand(
    endpoint,
    ['retype', table, 'price', 'STRING', '--numbers-as-text'],
    { exitCodes: EXIT_CODES },
  );
  const bytes = JSON.parse(output).run.days.reduce((sum, { bytesProcessed }) => sum + bytesProcessed, 0);
  return {
    name: `bytes of a retype of ${rows} rows of ${DAYS} days, beside one MERGE over the table by dry run`,
    value: bytes / 1e6,
    unit: 'MB',
    peer: `one MERGE, ${(merge / 1e6).toFixed(1)} MB`,
    ratio: bytes / merge,
    target: `≤ ${maxMerges} ×`,
    met: bytes <= maxMerges * merge,
  };
}

async function load(store, sql, tableId, rows) {
  await store.create({
    tableId,
    columns: [...PIPELINE_COLUMNS, ...COLUMNS],
    partitionBy: '_publish_time',
    clusterBy: [],
    labels: {},
    description: '',
  });
  const perDay = rows / DAYS;
  for (let day = 0; day < DAYS; day++) {
    await sql.execute({
      sql: `INSERT INTO ${sql.name(tableId)} (_message_id, _publish_time, _event_type, order_id, price)
SELECT CAST(n AS STRING), TIMESTAMP_ADD(TIMESTAMP '2026-11-${10 + day}', INTERVAL MOD(n, 86400) SECOND), 'order', CONCAT('order-', CAST(n AS STRING)), n
FROM UNNEST(GENERATE_ARRAY(${day * perDay}, ${(day + 1) * perDay - 1})) AS n`,
    });
  }
}

/** Appends rows of one day by a schema of a while ago, as replicas and BigQuery's writers do. */
function startWriter(store, endpoint) {
  const appender = createRowAppender({ projectId, datasetId: dataset, endpoint });
  let isStopping = false;
  let next = ROWS;
  const count = (ROWS_PER_SECOND * APPEND_EVERY_MS) / 1_000;
  const work = (async () => {
    let { schema } = await store.read(TABLE);
    for (let appends = 1; !isStopping; appends++) {
      const rows = Array.from({ length: count }, (_, index) => toRow(next + index, schema));
      const answer = await appender.append(TABLE, rows).catch((cause) => ({ kind: 'failed', cause }));
      if (answer.kind === 'answered' && answer.errors.length === 0) next += count;
      if (appends % APPENDS_PER_SCHEMA === 0) ({ schema } = await store.read(TABLE));
      await sleep(APPEND_EVERY_MS);
    }
    await appender.close?.();
  })();
  return {
    stop: async () => {
      isStopping = true;
      await work;
      return next - ROWS;
    },
  };
}

function toRow(n, schema) {
  const data = Buffer.from(`{"order_id":"order-${n}","price":${n}}`);
  const { event } = decodeEvent({ data, attributes: { event_type: 'order' } });
  const fitted = fit(event, compileSchema(schema), { pending: 'overflow' });
  const message = { messageId: String(n), publishTime: '2026-11-25T10:00:00Z' };
  const { row } = buildRow(message, event, fitted, new Date().toISOString());
  return { insertId: String(n), row, columns: schema.columns };
}

async function check(sql, appended) {
  const query = `SELECT COUNT(*) AS row_count, COUNT(DISTINCT _message_id) AS messages, COUNTIF(price IS NOT NULL) AS retired,
  COUNTIF(price__v2 = _message_id) AS exact, COUNTIF(_overflow IS NOT NULL) AS overflowed FROM ${sql.name(TABLE)}`;
  const [found] = await allRows(sql, { sql: query });
  const total = ROWS + appended;
  // Rows that landed in the retired column after the last run are whole as well.
  const isRight =
    found.row_count === total &&
    found.messages === total &&
    found.exact + found.retired === total &&
    found.overflowed === 0;
  if (!isRight) throw new Error(`found ${JSON.stringify(found)} of ${total} rows`);
}
