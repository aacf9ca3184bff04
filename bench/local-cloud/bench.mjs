import { measureAppendRows, measureInsertAll } from './bigquery-rates.mjs';
import { residentMegabytes, startGooglePubsub, startLocalCloud } from './processes.mjs';
import { measurePubsub } from './pubsub-rates.mjs';
import { ROUNDS, median, raceRates } from './rounds.mjs';

const PUBSUB_NAMES = {
  publish: 'Pub/Sub publish, requests of 100',
  pull: 'Pub/Sub pull by requests',
  stream: 'Pub/Sub pull by stream',
  push: 'Pub/Sub push',
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
  const ours = { port: cloud.pubsubPort };
  if (google.kind === 'missing') {
    log(`Pub/Sub alone: ${google.reason}`);
    const [rates] = await raceRates([ours], measurePubsub);
    return Object.entries(rates).map(([key, value]) => ({
      name: `${PUBSUB_NAMES[key]} (no peer: ${google.reason})`,
      value,
      unit: 'messages/s',
    }));
  }
  try {
    log(`Pub/Sub beside Google's emulator ${google.version}`);
    const [rates, theirs] = await raceRates([ours, { port: google.pubsubPort }], measurePubsub);
    return Object.entries(rates).map(([key, value]) => {
      const ratio = value / theirs[key];
      return {
        name: PUBSUB_NAMES[key],
        value,
        unit: 'messages/s',
        peer: "Google's Pub/Sub emulator",
        peerVersion: google.version,
        ratio,
        ...(PACED.has(key) ? { target: '≥ 1 ×', met: ratio >= 1 } : {}),
      };
    });
  } finally {
    await google.stop();
  }
}

async function measureBigquery(cloud, log) {
  log('BigQuery: insertAll and AppendRows');
  const [inserts] = await raceRates([cloud], async (contestant) => ({
    rate: await measureInsertAll(contestant),
  }));
  const measures = [{ name: 'BigQuery insertAll, requests of 500', value: inserts.rate, unit: 'rows/s' }];
  const first = await measureAppendRows(cloud);
  const name = 'BigQuery AppendRows, requests of 500';
  if (first.rate === null)
    return [...measures, { name: `${name} (skipped: ${first.reason})`, value: null, unit: 'rows/s' }];
  const [appends] = await raceRates([cloud], measureAppendRows);
  return [...measures, { name, value: appends.rate, unit: 'rows/s' }];
}
