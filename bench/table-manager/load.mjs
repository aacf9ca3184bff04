import { processorMs } from '../local-cloud/processes.mjs';
import { Connection } from './connection.mjs';

const GOOD = 204;

/**
 * `amount` requests over `connections` as fast as they go, each connection waiting for its answer.
 *
 * The requests stand as bytes and answers are hardly looked at: a general load generator spends more on a request than
 * what is measured here spends on answering it. It never sleeps, because waking it would be counted as work of the server,
 * and the more of it the slower the server is.
 * `rate`: answers per second; `cpuUs`: the server's processor time per answer in µs, null if the system does not report it;
 * `busy`: the share of one core that the server had of the time.
 * Error: throws when one answer was not 204.
 */
export async function saturate({ port, pid, wires, connections, amount }) {
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const stayAwake = keepAwake();
  const before = processorMs(pid);
  const startedAtMs = performance.now();
  let sent = 0;
  await Promise.all(
    open.map(async (connection) => {
      while (sent < amount) {
        const status = await connection.request(wires[sent++ % wires.length]);
        if (status !== GOOD) throw new Error(`answered ${status}`);
      }
    }),
  );
  const elapsedMs = performance.now() - startedAtMs;
  const cpuMs = processorMs(pid) - before;
  stayAwake.end();
  for (const connection of open) connection.close();
  return {
    rate: (amount * 1000) / elapsedMs,
    cpuUs: before === null ? null : (cpuMs * 1000) / amount,
    busy: cpuMs / elapsedMs,
  };
}

function keepAwake() {
  let isOver = false;
  const turn = () => {
    if (!isOver) setImmediate(turn);
  };
  turn();
  return { end: () => (isOver = true) };
}

/**
 * Requests at a fixed rate, whether or not answers come: each is timed from when it was due, so that a stall meets all
 * that were due in it.
 *
 * @returns milliseconds `{p50, p99}`
 */
export async function pace({ port, wires, perSecond, seconds, connections }) {
  const idle = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const all = [...idle];
  const due = [];
  const latencies = [];
  const total = perSecond * seconds;
  const start = performance.now();
  let sent = 0;
  const serve = (connection, dueMs, wire) => {
    const answered = (status) => {
      if (status !== GOOD) throw new Error(`answered ${status}`);
      latencies.push(performance.now() - dueMs);
      const next = due.shift();
      if (next === undefined) idle.push(connection);
      else serve(connection, ...next);
    };
    connection.request(wire).then(answered).catch(fail);
  };
  let fail;
  const failed = new Promise((_, reject) => (fail = reject));
  const finished = (async () => {
    while (latencies.length < total) {
      const now = performance.now();
      for (; sent < total && start + (sent * 1000) / perSecond <= now; sent++) {
        const request = [start + (sent * 1000) / perSecond, wires[sent % wires.length]];
        const connection = idle.pop();
        if (connection === undefined) due.push(request);
        else serve(connection, ...request);
      }
      await new Promise(setImmediate);
    }
  })();
  await Promise.race([finished, failed]);
  for (const connection of all) connection.close();
  latencies.sort((a, b) => a - b);
  return { p50: latencies[Math.floor(total * 0.5)], p99: latencies[Math.floor(total * 0.99)] };
}

/** Sends each request once over `connections`; requests not answered 204 are sent again at the end, as Pub/Sub does. */
export async function deliverAll({ port, wires, connections }) {
  const queue = wires.slice().reverse();
  let redelivered = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const connection = await Connection.open(port);
      for (let wire = queue.pop(); wire !== undefined; wire = queue.pop()) {
        const status = await connection.request(wire);
        if (status === 503 || status === 429) {
          redelivered++;
          queue.unshift(wire);
        } else if (status !== GOOD) throw new Error(`answered ${status}`);
      }
      connection.close();
    }),
  );
  return { redelivered };
}
