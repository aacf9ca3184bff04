import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PubSub } from '@google-cloud/pubsub';
import { findFreePort, processorMs, startProgram } from '../local-cloud/processes.mjs';
import { median } from '../local-cloud/rounds.mjs';
import { startHandWrittenPeers } from './hand-written-peers.mjs';
import { buildBase } from '../base-build.mjs';
import { deliverAll } from './load.mjs';
import { mixedEvents, toWire } from './pushes.mjs';
import { countRows, DATASET, PROJECT, TOPIC, startProvisionedCloud, startTableManager } from './services.mjs';

const ROWS = 9_999;
/** Rows of a round for the peers that insert each row by a call of its own. */
const PEER_ROWS = 1_998;
const CONNECTIONS = 240;
const WARM_UP_ROWS = 999;
const ROUNDS = Math.max(3, Number(process.env['BENCH_ROUNDS'] ?? 5));
const PATIENCE_MS = 180_000;
const POLL_MS = 100;
const INSERT_LOOP = fileURLToPath(new URL('./insert-loop.mjs', import.meta.url));
const TABLES = ['orders', 'inventory', 'user_activity'];
// The client would look for a metadata server of Google's machines before its first request.
process.env['METADATA_SERVER_DETECTION'] ??= 'none';

const versionOf = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;

/**
 * `direct` mode from a push, and from a published message, to a row; beside services that a team would write, and beside a
 * loop of the official client's insert.
 */
export async function measureDirect(log) {
  log('direct mode end to end beside services written by hand and a loop of table.insert');
  const base = await buildBase(log);
  const port = await findFreePort();
  const cloud = await startProvisionedCloud(port);
  const service = await startTableManager(cloud, {
    PORT: String(port),
    DELIVERY_MODE: 'direct',
  });
  const peers = [];
  try {
    const stage = { cloud, service, events: mixedEvents(ROWS), next: 0 };
    await pushed(stage, WARM_UP_ROWS);
    peers.push(...(await startHandWrittenPeers(cloud, log)));
    if (base !== null) peers.push(await startBase(cloud, base));
    const running = peers.filter(({ program }) => program !== null);
    for (const { program } of running) await pushed(stage, WARM_UP_ROWS, program);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) {
      const byHand = {};
      for (const { name, program } of running) {
        byHand[name] = await pushed(stage, PEER_ROWS, program);
      }
      rounds.push({
        byHand,
        pushed: await pushed(stage, ROWS),
        inserted: await inserted(stage),
        published: await published(stage),
      });
    }
    return [...toPeerMeasures(rounds, peers), ...toMeasures(rounds)];
  } finally {
    for (const { program } of peers) await program?.stop();
    await service.stop();
    await cloud.stop();
  }
}

/** The build of `BENCH_BASE` beside this one: the same pushes, the same local cloud. */
async function startBase(cloud, { commit, main }) {
  const program = await startTableManager(cloud, { DELIVERY_MODE: 'direct' }, main);
  return { name: 'table-manager of BENCH_BASE', version: commit, target: null, program };
}

async function timed({ cloud, service }, rows, work) {
  const storedBefore = await countAll(cloud);
  const cpuBefore = processorMs(service.pid);
  const start = performance.now();
  await work(storedBefore + rows);
  const seconds = (performance.now() - start) / 1000;
  const cpuMs = processorMs(service.pid) - cpuBefore;
  const stored = (await countAll(cloud)) - storedBefore;
  if (stored < rows) throw new Error(`${stored} rows of ${rows} were stored`);
  return { rate: rows / seconds, cpuUs: cpuBefore === null ? null : (cpuMs * 1000) / rows };
}

/** Pushes as Eventarc sends them; each waits for its row. */
async function pushed(stage, rows, service = stage.service) {
  const wires = stage.events
    .slice(0, rows)
    .map((data) => toWire(data, `direct-${stage.next++}`, new Date().toISOString()));
  return timed({ cloud: stage.cloud, service }, rows, () =>
    deliverAll({ port: service.port, wires, connections: CONNECTIONS }),
  );
}

/** Messages published to the topic, through Pub/Sub and Eventarc, until the last row is there. */
async function published(stage) {
  const { cloud, events } = stage;
  const pubsub = new PubSub({
    projectId: PROJECT,
    apiEndpoint: `127.0.0.1:${cloud.pubsubPort}`,
    emulatorMode: true,
  });
  try {
    return await timed(stage, ROWS, async (expected) => {
      const topic = pubsub.topic(TOPIC, { batching: { maxMessages: 100, maxMilliseconds: 10 } });
      await Promise.all(events.map((data) => topic.publishMessage({ data })));
      await storedAll(cloud, expected);
    });
  } finally {
    await pubsub.close();
  }
}

async function storedAll(cloud, expected) {
  const deadline = performance.now() + PATIENCE_MS;
  while ((await countAll(cloud)) < expected) {
    if (performance.now() > deadline) throw new Error('not all published messages became rows');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function countAll(cloud) {
  let rows = 0;
  for (const table of TABLES) rows += await countRows(cloud, table);
  return rows;
}

/** The peer: the same events as rows that are ready, inserted by the official client, 500 a call. */
async function inserted({ cloud }) {
  const args = [INSERT_LOOP, String(cloud.bigqueryPort), PROJECT, DATASET, String(ROWS)];
  const program = await startProgram(process.execPath, args, (line) => line.startsWith('{'));
  await program.stop();
  return JSON.parse(program.lines.find((line) => line.startsWith('{')));
}

/** `direct` mode from a push to a row beside each service written by hand, in the same round. */
function toPeerMeasures(rounds, peers) {
  return peers.flatMap(({ name, version, target, program, reason }) => {
    const measure = (key, of, unit, isMore) => {
      const ratio = median(
        rounds.map(({ pushed: ours, byHand }) =>
          isMore ? ours[key] / byHand[name][key] : byHand[name][key] / ours[key],
        ),
      );
      return {
        name: `direct mode, push to row${of}`,
        value: median(rounds.map(({ pushed: ours }) => ours[key])),
        unit,
        peer: name,
        peerVersion: version,
        ratio,
        ...(target === null ? {} : { target: `≥ ${target} ×`, met: ratio >= target }),
      };
    };
    if (program === null)
      return [{ name: `direct mode beside ${name} (skipped: ${reason})`, value: null, unit: 'rows/s' }];
    return [measure('rate', '', 'rows/s', true), measure('cpuUs', ', processor time', 'µs/row', false)];
  });
}

function toMeasures(rounds) {
  const peer = { peer: 'loop of table.insert', peerVersion: versionOf('@google-cloud/bigquery') };
  const figure = (way, key) => median(rounds.map((round) => round[way][key]));
  const ratio = (way, key) => median(rounds.map((round) => round[way][key] / round.inserted[key]));
  const measures = [
    ['pushed', 'direct mode, push to row'],
    ['published', 'direct mode, publish to row'],
  ].flatMap(([way, name]) => [
    { name, value: figure(way, 'rate'), unit: 'rows/s', ...peer, ratio: ratio(way, 'rate') },
    {
      name: `${name}, table-manager's processor time`,
      value: figure(way, 'cpuUs'),
      unit: 'µs/row',
      ...peer,
      ratio: 1 / ratio(way, 'cpuUs'),
    },
  ]);
  const { rate, cpuUs } = { rate: figure('inserted', 'rate'), cpuUs: figure('inserted', 'cpuUs') };
  return [
    ...measures,
    { name: 'the loop of table.insert itself', value: rate, unit: 'rows/s' },
    { name: 'the loop of table.insert itself, processor time', value: cpuUs, unit: 'µs/row' },
  ];
}
