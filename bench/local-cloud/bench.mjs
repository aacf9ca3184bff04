import { measureAppendRows, measureInsertAll } from './bigquery-rates.mjs';
import { residentMegabytes, startGooglePubsub, startLocalCloud } from './processes.mjs';
import { PUBSUB_PHASES, beginPubsubRound } from './pubsub-rates.mjs';
import { measureSchemaChanges } from './schema-change-measures.mjs';
import { ROUNDS, median, race } from './rounds.mjs';

const PUBSUB_NAMES = {
  publish: 'Pub/Sub publish, requests of 100',
  pull: 'Pub/Sub pull by requests',
  stream: 'Pub/Sub pull by stream',
  push: 'Pub/Sub push',
};
const BIGQUERY_MEASURES = {
  'BigQuery insertAll, requests of 500': measureInsertAll,
  'BigQuery AppendRows, requests of 500': measureAppendRows,
};
const PACED = new Set(['publish', 'pull', 'stream']);
const READY_MS = 1_000;
const RESIDENT_MB = 250;
const REST_MS = 2_000;

/** The local cloud in a process of its own: start and memory, then its rates beside the peers that can be started. */
export default async function benchLocalCloud({ log }) {
  const measures = await measureStart(log);
  const cloud = await startLocalCloud();
  try {
    measures.push(...(await measurePubsubBesideGoogle(cloud, log)));
    measures.push(...(await measureBigquery(cloud, log)));
    measures.push(...(await measureSchemaChanges(cloud, log)));
  } finally {
    await cloud.stop();
  }
  return measures;
}

async function measureStart(log) {
  log('start to ready, memory at rest');
  const readyMs = [];
  const megabytes = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cloud = await startLocalCloud();
    readyMs.push(cloud.readyMs);
    // At rest is when what the start left behind has been collected: a time, for want of an event that says so.
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    megabytes.push(residentMegabytes(cloud.pid));
    await cloud.stop();
  }
  const [ready, resident] = [median(readyMs), median(megabytes)];
  return [
    { name: 'start to ready', value: ready, unit: 'ms', target: `< ${READY_MS} ms`, met: ready < READY_MS },
    {
      name: 'memory at rest',
      value: resident,
      unit: 'MB',
      target: `< ${RESIDENT_MB} MB`,
      met: resident < RESIDENT_MB,
    },
  ];
}

async function measurePubsubBesideGoogle(cloud, log) {
  const google = await startGooglePubsub();
  const contestants = [{ port: cloud.pubsubPort, pid: cloud.pid }];
  if (google.kind === 'missing') log(`Pub/Sub alone: ${google.reason}`);
  else {
    log(`Pub/Sub beside Google's emulator ${google.version}`);
    contestants.push({ port: google.pubsubPort, pid: google.pid });
  }
  try {
    const results = await race(contestants, PUBSUB_PHASES, beginPubsubRound);
    return PUBSUB_PHASES.flatMap((phase) => toPubsubMeasures(phase, results[phase], google));
  } finally {
    if (google.kind === 'started') await google.stop();
  }
}

function toPubsubMeasures(phase, { rate, cpuUs }, google) {
  const name = PUBSUB_NAMES[phase];
  const peer =
    google.kind === 'missing' ? {} : { peer: "Google's Pub/Sub emulator", peerVersion: google.version };
  const suffix = google.kind === 'missing' ? ` (no peer: ${google.reason})` : '';
  const target = PACED.has(phase) && rate.ratio !== null ? { target: '≥ 1 ×', met: rate.ratio >= 1 } : {};
  const measures = [
    {
      name: `${name}${suffix}`,
      value: rate.value,
      unit: 'messages/s',
      ...peer,
      ratio: rate.ratio,
      ...target,
    },
  ];
  // Less time than the peer takes is more than 1 ×.
  const ratio = cpuUs.ratio === null ? null : 1 / cpuUs.ratio;
  if (cpuUs.value !== null) {
    measures.push({
      name: `${name}, server's processor time`,
      value: cpuUs.value,
      unit: 'µs',
      ...peer,
      ratio,
    });
  }
  return measures;
}

async function measureBigquery(cloud, log) {
  log('BigQuery: insertAll and AppendRows');
  const measures = [];
  for (const [name, measure] of Object.entries(BIGQUERY_MEASURES)) {
    const first = await measure(cloud);
    if (first.rate === null) {
      measures.push({ name: `${name} (skipped: ${first.reason})`, value: null, unit: 'rows/s' });
      continue;
    }
    const round = { rows: () => measure(cloud), end: () => undefined };
    const { rows } = await race([cloud], ['rows'], () => round);
    measures.push({ name, value: rows.rate.value, unit: 'rows/s' });
  }
  return measures;
}
