/**
 * Rows and values while BigQuery's writers learn each column two minutes late and producers add a field every five seconds: publish to row,
 * publish to value in its column, redeliveries. `direct` mode, everything else undisturbed; a lost or altered event fails the benchmark.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  call,
  countRows,
  DATASET,
  PROJECT,
  query,
  startProvisionedCloud,
  startTableManager,
  TOPIC,
} from '../table-manager/services.mjs';

const SECONDS = Number(process.env.BENCH_LAG_SECONDS ?? 150);
const LAG_MS = Number(process.env.BENCH_LAG_MS ?? 120_000);
const EVENTS_PORT = Number(process.env.BENCH_LAG_PORT ?? 18_081);
const PER_SECOND = 10;
const NEW_FIELD_EVERY_SECONDS = 5;
const LOOK_EVERY_MS = 1_000;
const TABLE = 'lagging';
const [MAX_ROW_SECONDS, MAX_VALUE_SECONDS, MAX_REDELIVERED] = [5, 60, 0.01];

export default async function writerLag(context) {
  const cloud = await startProvisionedCloud(EVENTS_PORT);
  const settings = { PORT: String(EVENTS_PORT), DELIVERY_MODE: 'direct', PROMOTION_INTERVAL_SECONDS: '5' };
  const manager = await startTableManager(cloud, settings);
  try {
    await publish(cloud, { n: -1 });
    while ((await countRows(cloud, TABLE)) === 0) await sleep(LOOK_EVERY_MS);
    const admin = await fetch(`http://127.0.0.1:${cloud.bigqueryPort}/admin/metadata-lag`, {
      method: 'PUT',
      body: JSON.stringify({ milliseconds: LAG_MS }),
    });
    if (!admin.ok) throw new Error(`metadata-lag: ${admin.status}`);
    context.log(`writers are ${LAG_MS / 1_000} s late; ${SECONDS} s of events begin`);
    const published = publishAll(cloud);
    const valueSeconds = await watchValues(cloud, SECONDS * PER_SECOND + 1);
    await published;
    const rowSeconds = await timesToRow(cloud);
    await check(cloud);
    const redelivered = await shareOfHeld(manager);
    const measure = (name, value, most) => ({
      name,
      value,
      unit: 's',
      target: `≤ ${most} s`,
      met: value <= most,
    });
    return [
      { name: 'publish to row, median', value: at(rowSeconds, 0.5), unit: 's' },
      measure('publish to row, 99th percentile', at(rowSeconds, 0.99), MAX_ROW_SECONDS),
      { name: 'publish to value in its column, median', value: at(valueSeconds, 0.5), unit: 's' },
      measure('publish to value in its column, 95th percentile', at(valueSeconds, 0.95), MAX_VALUE_SECONDS),
      {
        name: 'deliveries that were not acknowledged',
        value: redelivered * 100,
        unit: '%',
        target: `≤ ${MAX_REDELIVERED * 100} %`,
        met: redelivered <= MAX_REDELIVERED,
      },
    ];
  } finally {
    await manager.stop();
    await cloud.stop();
  }
}

/** A field of the root, of a record and of an array of records in turn, each first seen at its time. */
function fieldsOf(n) {
  const generation = Math.floor(n / (PER_SECOND * NEW_FIELD_EVERY_SECONDS));
  const fields = { n };
  const nested = {};
  const item = { n };
  for (let index = 0; index <= generation; index++) {
    const target = [fields, nested, item][index % 3];
    target[`f${index}`] = n;
  }
  return { ...fields, nested, items: [item] };
}

async function publish(cloud, event) {
  const data = Buffer.from(JSON.stringify({ event_type: TABLE, ...event })).toString('base64');
  await call(cloud.pubsubPort, 'POST', `v1/projects/${PROJECT}/topics/${TOPIC}:publish`, {
    messages: [{ data }],
  });
}

async function publishAll(cloud) {
  const startedAtMs = Date.now();
  for (let n = 0; n < SECONDS * PER_SECOND; n++) {
    await sleep(Math.max(0, startedAtMs + (n * 1_000) / PER_SECOND - Date.now()));
    await publish(cloud, fieldsOf(n));
  }
}

/** Looks until every event has a row without overflow. @returns the seconds from publishing to the look that saw it, in order */
async function watchValues(cloud, count) {
  const seconds = new Map();
  while (seconds.size < count) {
    await sleep(LOOK_EVERY_MS);
    const lookedAtMs = Date.now();
    const rows = await query(
      cloud,
      `SELECT _message_id, UNIX_MILLIS(MIN(_publish_time)) FROM \`${DATASET}.${TABLE}\` GROUP BY _message_id HAVING COUNTIF(_overflow IS NOT NULL) = 0`,
    );
    for (const [id, publishedAtMs] of rows)
      if (!seconds.has(id)) seconds.set(id, (lookedAtMs - Number(publishedAtMs)) / 1_000);
  }
  return [...seconds.values()].sort((a, b) => a - b);
}

async function timesToRow(cloud) {
  const rows = await query(
    cloud,
    `SELECT TIMESTAMP_DIFF(MIN(_ingest_time), MIN(_publish_time), MILLISECOND) FROM \`${DATASET}.${TABLE}\` GROUP BY _message_id`,
  );
  return rows.map(([ms]) => Number(ms) / 1_000).sort((a, b) => a - b);
}

async function check(cloud) {
  const [[messages, wrong]] = await query(
    cloud,
    `SELECT COUNT(DISTINCT n), COUNTIF(n >= 0 AND (f0 != n OR items[OFFSET(0)].n != n)) FROM \`${DATASET}.${TABLE}\``,
  );
  const expected = SECONDS * PER_SECOND + 1;
  if (Number(messages) !== expected || wrong !== '0')
    throw new Error(`${messages} of ${expected} events, ${wrong} of them altered`);
}

/** The share of deliveries that Pub/Sub had to repeat. */
async function shareOfHeld({ url }) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = [...text.matchAll(/^pipeline_events_total\{([^}]*)\} (\d+)/gm)];
  const sum = (of) => of.reduce((total, [, , count]) => total + Number(count), 0);
  return sum(counts.filter(([, labels]) => labels.includes('outcome="held"'))) / sum(counts);
}

function at(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
