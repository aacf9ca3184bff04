import { PubSub } from '@google-cloud/pubsub';
import { scenarioMessages } from '../../apps/event-generator/dist/scenarios/scenarios.js';
import { findFreePort, processorMs } from '../local-cloud/processes.mjs';
import { DATASET, PROJECT, TOPIC, query, startProvisionedCloud, startTableManager } from './services.mjs';

const MESSAGES = 500;
const MAX_SECONDS = 15;
const PATIENCE_MS = 300_000;
const POLL_MS = 500;

/** The scenario `webhooks` through the whole pipeline in `direct` mode: from the first publish to the last row. */
export async function measureWebhooks(log) {
  log(`${MESSAGES} messages of the scenario webhooks, from Pub/Sub to rows`);
  const port = await findFreePort();
  const cloud = await startProvisionedCloud(port);
  const manager = await startTableManager(cloud, { DELIVERY_MODE: 'direct', PORT: String(port) });
  try {
    const messages = [...scenarioMessages({ name: 'webhooks', from: 0, count: MESSAGES, seed: 1 })];
    const seconds = await publishAndWait(cloud, messages);
    const busySeconds = [cloud.pid, manager.pid].map((pid) => (processorMs(pid) ?? 0) / 1_000);
    const { rows, distinct, overflowed } = await audit(cloud);
    const name = `${MESSAGES} webhooks of 60 types with 200 nested columns each`;
    return [
      {
        name: `${name}: first publish to last row`,
        value: seconds,
        unit: 's',
        target: `≤ ${MAX_SECONDS} s`,
        met: seconds <= MAX_SECONDS,
      },
      {
        name: `${name}: processor time of the local cloud, its start included`,
        value: busySeconds[0],
        unit: 's',
      },
      {
        name: `${name}: processor time of table-manager, its start included`,
        value: busySeconds[1],
        unit: 's',
      },
      {
        name: `${name}: duplicates`,
        value: rows - distinct,
        unit: 'rows',
        target: '0',
        met: rows === distinct,
      },
      { name: `${name}: rows with a value outside its column`, value: overflowed, unit: 'rows' },
    ];
  } finally {
    await manager.stop();
    await cloud.stop();
  }
}

/** @returns seconds from the first publish to the last row */
async function publishAndWait(cloud, messages) {
  const pubsub = new PubSub({
    projectId: PROJECT,
    apiEndpoint: `127.0.0.1:${cloud.pubsubPort}`,
    emulatorMode: true,
  });
  const topic = pubsub.topic(TOPIC, { batching: { maxMessages: 100, maxMilliseconds: 10 } });
  const start = performance.now();
  try {
    await Promise.all(
      messages.map(({ data, attributes }) => topic.publishMessage({ data, attributes: { ...attributes } })),
    );
    for (;;) {
      const { distinct: stored } = await audit(cloud);
      if (stored >= messages.length) return (performance.now() - start) / 1_000;
      if (performance.now() - start > PATIENCE_MS)
        throw new Error(`${stored} rows of ${messages.length} in time`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    await pubsub.close();
  }
}

async function audit(cloud) {
  const tables = await query(
    cloud,
    `SELECT table_id FROM \`${DATASET}.__TABLES__\` WHERE type = 1 AND STARTS_WITH(table_id, 'webhook_')`,
  );
  if (tables.length === 0) return { rows: 0, distinct: 0, overflowed: 0 };
  const selects = tables.map(
    ([table]) => `SELECT _message_id, _overflow IS NOT NULL AS has_overflow FROM \`${DATASET}.${table}\``,
  );
  const [[rows, distinct, overflowed]] = await query(
    cloud,
    `SELECT COUNT(*), COUNT(DISTINCT _message_id), COUNTIF(has_overflow) FROM (${selects.join(' UNION ALL ')})`,
  );
  return { rows: Number(rows), distinct: Number(distinct), overflowed: Number(overflowed) };
}
