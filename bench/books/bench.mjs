/**
 * `audit` over a million events in the local cloud: how long, and how much memory while it runs. What it must find is
 * known, and a wrong answer fails the benchmark.
 */
import { audit } from '@pipeline/books';
import { readFileSync } from 'node:fs';
import { withDataset } from '../local-cloud/dataset.mjs';
import { manyTypes } from './many-types.mjs';
import { pendingList } from './pending-list.mjs';

const EVENTS = Number(process.env.BENCH_AUDIT_EVENTS ?? 1_000_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const TABLES = ['orders', 'inventory', 'user_activity'];
const FROM = new Date('2026-11-22T00:00:00Z');
const TO = new Date('2026-11-23T00:00:00Z');
const DAY_MS = 86_400_000;
/** One event in so many is a dead letter, is nowhere, or has two rows. */
const DEAD = 1_000;
const LOST = 10_007;
const TWICE = 2_003;
const MAX_SECONDS = 60;
const MAX_MEGABYTES = 1_000;

export default async function books(context) {
  return [...(await manyEvents(context)), await manyTypes(context), ...(await pendingList(context))];
}

async function manyEvents(context) {
  return withDataset(async ({ cloud, sql }) => {
    context.log(`loading ${EVENTS} events`);
    await load(sql);
    const loadedMegabytes = resident(cloud.pid, 'VmRSS');
    const seconds = [];
    let peakMegabytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const before = performance.now();
      const { books: taken, peak } = await withPeak(cloud.pid, () => take(sql));
      seconds.push((performance.now() - before) / 1_000);
      peakMegabytes = Math.max(peakMegabytes, peak);
      check(taken.totals);
      context.log(`round ${round + 1}: ${seconds.at(-1).toFixed(1)} s`);
    }
    const median = seconds.sort((a, b) => a - b)[Math.floor(seconds.length / 2)];
    return [
      {
        name: `audit of ${EVENTS} events, 3 tables, cold query included`,
        value: median,
        unit: 's',
        target: `≤ ${MAX_SECONDS} s`,
        met: median <= MAX_SECONDS,
      },
      {
        name: 'memory that the audit adds to the local cloud, the command included',
        value: peakMegabytes - loadedMegabytes,
        unit: 'MB',
        target: `≤ ${MAX_MEGABYTES} MB`,
        met: peakMegabytes - loadedMegabytes <= MAX_MEGABYTES,
      },
      { name: 'memory of the local cloud with the events in it, before', value: loadedMegabytes, unit: 'MB' },
    ];
  });
}

const take = (sql) => audit(sql, { span: { from: FROM, to: TO }, now: TO, inProgressMs: 0 });

function count(every) {
  return Math.floor(EVENTS / every);
}

function check({ received, rows, deadLetters, unaccounted, duplicates, inProgress, unarchived }) {
  const found = { received, rows, deadLetters, unaccounted, duplicates, inProgress, unarchived };
  // A number that is a multiple of several is taken by the first rule.
  const lost = count(LOST) - count(LOST * DEAD);
  const expected = {
    received: EVENTS,
    rows: EVENTS - count(DEAD) - lost,
    deadLetters: count(DEAD),
    unaccounted: lost,
    duplicates: count(TWICE) - count(TWICE * DEAD) - count(TWICE * LOST) + count(TWICE * DEAD * LOST),
    inProgress: 0,
    unarchived: 0,
  };
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`the books are wrong: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`);
}

async function load(sql) {
  const stepMicros = Math.floor((DAY_MS * 1_000) / EVENTS);
  const id = "CONCAT('10000000000', LPAD(CAST(n AS STRING), 8, '0'))";
  const at = `TIMESTAMP_MICROS(${FROM.getTime() * 1_000} + (n - 1) * ${stepMicros})`;
  const event = `CONCAT('{"event_type":"order","order_id":"order-', CAST(n AS STRING), '","customer_id":"customer-', CAST(MOD(n, 977) AS STRING), '","total_amount":', CAST(MOD(n, 10000) AS STRING), ',"currency":"EUR","status":"created"}')`;
  const numbers = `UNNEST(GENERATE_ARRAY(1, ${EVENTS})) AS n`;
  const isDead = `MOD(n, ${DEAD}) = 0`;
  const isLost = `MOD(n, ${LOST}) = 0`;
  const run = (statement) => sql.execute({ sql: statement });
  await run(
    `INSERT INTO ${sql.archiveName('_raw_events')} (subscription_name, message_id, publish_time, data, attributes) SELECT 'archive', ${id}, ${at}, CAST(${event} AS BYTES), JSON '{"event_type":"order"}' FROM ${numbers}`,
  );
  await run(
    `INSERT INTO ${sql.name('_dead_letters')} (subscription_name, message_id, publish_time, data, attributes) SELECT 'dead', ${id}, ${at}, PARSE_JSON(CONCAT('{"message_id":"', ${id}, '","table":"orders","reason":"TOO_LARGE"}')), JSON '{}' FROM ${numbers} WHERE ${isDead}`,
  );
  for (const [index, table] of TABLES.entries()) {
    await run(
      `CREATE TABLE ${sql.name(table)} (_message_id STRING NOT NULL, _publish_time TIMESTAMP NOT NULL, _event_type STRING, _overflow JSON, order_id STRING, customer_id STRING, total_amount NUMERIC, currency STRING, status STRING) PARTITION BY DATE(_publish_time)`,
    );
    const columns = `(_message_id, _publish_time, _event_type, order_id, customer_id, total_amount, currency, status)`;
    const row = `SELECT ${id}, ${at}, 'order', CONCAT('order-', CAST(n AS STRING)), CONCAT('customer-', CAST(MOD(n, 977) AS STRING)), CAST(MOD(n, 10000) AS NUMERIC), 'EUR', 'created' FROM ${numbers} WHERE MOD(n, 3) = ${index} AND NOT ${isDead} AND NOT ${isLost}`;
    await run(`INSERT INTO ${sql.name(table)} ${columns} ${row}`);
    await run(`INSERT INTO ${sql.name(table)} ${columns} ${row} AND MOD(n, ${TWICE}) = 0`);
  }
}

/** Memory of both processes, looked at while `task` runs. */
async function withPeak(pid, task) {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, resident(pid, 'VmRSS') + process.memoryUsage.rss() / 1e6);
  };
  const timer = setInterval(look, 20);
  const taken = await task();
  look();
  clearInterval(timer);
  return { books: taken, peak };
}

/** Resident memory of a process in MB (10⁶ bytes); 0 where there is no /proc. */
function resident(pid, field) {
  try {
    const [, kilobytes = '0'] =
      new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return (Number(kilobytes) * 1_024) / 1e6;
  } catch {
    return 0;
  }
}
