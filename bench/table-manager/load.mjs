import autocannon from 'autocannon';
import { processorMs } from '../local-cloud/processes.mjs';
import { Connection } from './connection.mjs';

const GOOD = 204;

/** A machine that does other things may take its time; that is no error of the server. */
const PATIENCE_S = 120;

/**
 * `amount` requests over `connections` as fast as they go, each connection waiting for its answer.
 *
 * `rate`: answers per second; `cpuUs`: the server's processor time per answer in µs, null where the system does not tell.
 * Error: throws when one answer was not 204.
 */
export async function saturate({ url, pid, requests, connections, amount }) {
  const before = processorMs(pid);
  const result = await autocannon({ url, requests, connections, amount, timeout: PATIENCE_S });
  const cpuMs = processorMs(pid) - before;
  const count = result.requests.total;
  if (result['2xx'] !== count || result.errors + result.timeouts > 0 || count === 0) {
    throw new Error(`${url}: ${result['2xx']} good of ${count} answers, ${result.errors} errors`);
  }
  return { rate: count / result.duration, cpuUs: before === null ? null : (cpuMs * 1000) / count };
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

/** Send each request once over `connections`; what is not answered 204 comes again at the end, as Pub/Sub does it. */
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
