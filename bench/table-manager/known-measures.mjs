import { createRequire } from 'node:module';
import { ROUNDS, median } from '../local-cloud/rounds.mjs';
import { deliverAll, pace, saturate } from './load.mjs';
import { profileWhile } from './profiler.mjs';
import { sharesOfStages } from './stages.mjs';
import { KINDS, mixedEvents, toWire } from './pushes.mjs';
import {
  countRows,
  startBareFastify,
  startBareNest,
  startProvisionedCloud,
  startTableManager,
} from './services.mjs';

const EVENTS = 999;
const CONNECTIONS = 50;
const AMOUNT = 20_000;
const SECONDS = 2;
const WARM_UP_ROUNDS = 4;
/** Share of the slowest contestant's rate at which latencies are compared. */
const LOAD = 0.5;
const RATE_RATIO = 0.9;
const P99_RATIO = 1.5;
const TABLES = { order: 'orders', inventory: 'inventory', user_activity: 'user_activity' };

const versionOf = (name) => createRequire(import.meta.url)(`${name}/package.json`).version;

/** Events of known types in `dataflow` mode, beside bare handlers that decode and parse the same bodies. */
export async function measureKnown(log) {
  log('known schemas in dataflow mode beside bare handlers');
  const cloud = await startProvisionedCloud(1);
  const ours = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  const contestants = { ours, fastify: await startBareFastify(), nest: await startBareNest() };
  try {
    const wires = mixedEvents(EVENTS).map((data, index) => toWire(data, `known-${index}`));
    await deliverAll({ port: ours.port, wires: wires.slice(0, 30), connections: 1 });
    const rates = await raceRates(contestants, wires);
    const perSecond = Math.round(LOAD * Math.min(...Object.values(rates).map(({ rate }) => rate)));
    const latencies = await raceLatencies(contestants, wires, perSecond);
    await checkNothingWritten(cloud);
    return [...toMeasures(rates, latencies, perSecond), ...(await measureStages(contestants, wires, rates))];
  } finally {
    await Promise.all(Object.values(contestants).map((program) => program.stop()));
    await cloud.stop();
  }
}

async function interleaved(contestants, measure) {
  const order = Object.keys(contestants);
  const figures = Object.fromEntries(order.map((name) => [name, []]));
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of order) {
      const figure = await measure(contestants[name]);
      if (round >= 0) figures[name].push(figure);
    }
    order.push(order.shift());
  }
  return figures;
}

/** Medians of every figure, and of its ratio to the same figure of `fastify` in the same round. */
function summarize(figures) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, rounds]) => [
      name,
      {
        ...Object.fromEntries(
          Object.keys(rounds[0]).map((key) => [key, median(rounds.map((figure) => figure[key]))]),
        ),
        ratios: Object.fromEntries(
          Object.keys(rounds[0]).map((key) => [
            key,
            median(rounds.map((figure, round) => figure[key] / figures.fastify[round][key])),
          ]),
        ),
      },
    ]),
  );
}

async function raceRates(contestants, wires) {
  return summarize(
    await interleaved(contestants, ({ port, pid }) =>
      saturate({ port, pid, wires, connections: CONNECTIONS, amount: AMOUNT }),
    ),
  );
}

async function raceLatencies(contestants, wires, perSecond) {
  return summarize(
    await interleaved(contestants, ({ port }) =>
      pace({ port, wires, perSecond, seconds: SECONDS, connections: CONNECTIONS }),
    ),
  );
}

/** Processor time of each stage of a request: the time of the race, divided by the samples of a profile under the same load. */
async function measureStages({ ours, fastify }, wires, rates) {
  const work = (program) =>
    profileWhile(program, () =>
      saturate({ port: program.port, pid: program.pid, wires, connections: CONNECTIONS, amount: AMOUNT }),
    );
  const stages = sharesOfStages(await work(ours));
  const theirs = sharesOfStages(await work(fastify));
  return [...stages].map(([stage, share]) => {
    const value = share * rates.ours.cpuUs;
    const peerUs = theirs.get(stage) * rates.fastify.cpuUs;
    const peer = { peer: `bare Fastify handler, ${peerUs.toFixed(1)} µs`, peerVersion: versionOf('fastify') };
    return { name: `known schemas, dataflow mode, stage: ${stage}`, value, unit: 'µs/request', ...peer };
  });
}

/** In `dataflow` mode the job writes the rows; were they written here, something else would have been measured. */
async function checkNothingWritten(cloud) {
  for (const kind of KINDS) {
    const rows = await countRows(cloud, TABLES[kind]);
    if (rows > 0) throw new Error(`${TABLES[kind]} holds ${rows} rows: this is not dataflow mode`);
  }
}

function toMeasures(rates, latencies, perSecond) {
  const peer = { peer: 'bare Fastify handler', peerVersion: versionOf('fastify') };
  const measure = (name, contestant, hasTarget) => {
    const { rate, cpuUs, ratios } = rates[contestant];
    const { p99 } = latencies[contestant];
    const cpuRatio = 1 / ratios.cpuUs;
    const p99Ratio = latencies[contestant].ratios.p99;
    const target = (text, met) => (hasTarget ? { target: text, met } : {});
    const atLeast = (ratio) => target(`≥ ${RATE_RATIO.toFixed(2)} ×`, ratio >= RATE_RATIO);
    return [
      { name, value: rate, unit: 'requests/s', ...peer, ratio: ratios.rate, ...atLeast(ratios.rate) },
      {
        name: `${name}, by processor time`,
        value: cpuUs,
        unit: 'µs/request',
        ...peer,
        ratio: cpuRatio,
        ...atLeast(cpuRatio),
      },
      {
        name: `${name}, p99 at ${perSecond} requests/s`,
        value: p99,
        unit: 'ms',
        ...peer,
        ratio: p99Ratio,
        ...target(`≤ ${P99_RATIO} ×`, p99Ratio <= P99_RATIO),
      },
    ];
  };
  return [
    ...measure('known schemas, dataflow mode', 'ours', true),
    ...measure(`a bare Nest ${versionOf('@nestjs/core')} handler`, 'nest', false),
  ];
}
