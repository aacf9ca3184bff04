import { residentMegabytes } from '../local-cloud/processes.mjs';
import { Connection } from './connection.mjs';
import { deliverAll } from './load.mjs';
import { learnTables } from './many-tables-measures.mjs';
import { usedHeapBytes } from './profiler.mjs';
import { mixedEvents, toWire } from './pushes.mjs';
import { startProvisionedCloud, startTableManager } from './services.mjs';

const KIB = 1_024;
/** As many as Cloud Run gives an instance at most. Source: Cloud Run, maximum concurrent requests, read 2026-11-30. */
const IN_FLIGHT = 1_000;
const FEW_TABLES = 3;
const TABLES = Number(process.env['BENCH_MEMORY_TABLES'] ?? 500);
/** 1,000 events in flight within 32 MiB, 2,000 tables within 128 MiB. */
const EVENT_KIB = 32;
const TABLE_KIB = 64;
const POLL_MS = 20;
const PATIENCE_MS = 60_000;
const GOOD = 204;

/** Heap after a collection, and resident memory, of one event in flight and of one known table. */
export async function measureMemory(log) {
  const cloud = await startProvisionedCloud(1);
  try {
    return [...(await measureInFlight(cloud, log)), ...(await measureTables(cloud, log))];
  } finally {
    await cloud.stop();
  }
}

/** Events of known tables whose append waits, because the local cloud is stopped. */
async function measureInFlight(cloud, log) {
  log(`memory of ${IN_FLIGHT.toLocaleString('en-US')} events in flight`);
  const service = await startTableManager(cloud, { DELIVERY_MODE: 'direct', EVENT_DEADLINE_MS: '120000' });
  try {
    const wires = mixedEvents(IN_FLIGHT).map((data, index) => toWire(data, `memory-${index}`));
    await deliverAll({ port: service.port, wires: wires.slice(0, 30), connections: 1 });
    const connections = await Promise.all(wires.map(() => Connection.open(service.port)));
    const sendAll = () => wires.map((wire, index) => connections[index].request(wire));
    await Promise.all(sendAll());
    const before = await memoryOf(service);
    process.kill(cloud.pid, 'SIGSTOP');
    const answers = sendAll();
    let after;
    try {
      await untilInFlight(service, IN_FLIGHT);
      after = await memoryOf(service);
    } finally {
      process.kill(cloud.pid, 'SIGCONT');
    }
    const statuses = await Promise.all(answers);
    const bad = statuses.find((status) => status !== GOOD);
    if (bad !== undefined) throw new Error(`answered ${bad}`);
    for (const connection of connections) connection.close();
    const bytes = wires.reduce((sum, wire) => sum + wire.length, 0) / wires.length;
    const name = `an event in flight (direct mode, request of ${Math.round(bytes)} bytes, ${IN_FLIGHT.toLocaleString('en-US')} at a time)`;
    return perPiece({ name, pieces: IN_FLIGHT, targetKib: EVENT_KIB }, before, after);
  } finally {
    await service.stop();
  }
}

async function measureTables(cloud, log) {
  log(`memory of ${TABLES} known tables`);
  // A first process makes the tables; the one that is measured meets them as they are, as after a deployment.
  const maker = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  await learnTables(maker, TABLES);
  await maker.stop();
  const service = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  try {
    await learnTables(service, FEW_TABLES);
    const before = await memoryOf(service);
    await learnTables(service, TABLES);
    const after = await memoryOf(service);
    const name = `a known table of 100 columns (${TABLES} of them)`;
    return perPiece({ name, pieces: TABLES - FEW_TABLES, targetKib: TABLE_KIB }, before, after);
  } finally {
    await service.stop();
  }
}

async function memoryOf(service) {
  const heapBytes = await usedHeapBytes(service);
  return { heapBytes, residentBytes: residentMegabytes(service.pid) * 1e6 };
}

function perPiece({ name, pieces, targetKib }, before, after) {
  const measure = (what, key) => {
    const value = (after[key] - before[key]) / pieces / KIB;
    return {
      name: `${name}: ${what}`,
      value,
      unit: 'KiB',
      target: `≤ ${targetKib} KiB`,
      met: value <= targetKib,
    };
  };
  return [
    measure('heap after a collection, buffers included', 'heapBytes'),
    measure('resident memory', 'residentBytes'),
  ];
}

async function untilInFlight({ port }, count) {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const inFlight = Number(/^pipeline_in_flight_events (\d+)/m.exec(text)?.[1] ?? 0);
    if (inFlight >= count) return;
    if (performance.now() > endMs) throw new Error(`${inFlight} events in flight of ${count}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
