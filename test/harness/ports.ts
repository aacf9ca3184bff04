import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * The ports below the ones that Linux (32768) and macOS (49152) give to outgoing connections and to servers that ask
 * for any port: no other process is given one between the check here and the moment at which a service listens.
 */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

/** Processes that start at the same moment begin at different places. */
let next = randomInt(FIRST_PORT, LAST_PORT);

/** Returns loopback ports on which nothing listens at the moment. A process is not given the same port twice. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = next;
    next = next === LAST_PORT ? FIRST_PORT : next + 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

/** Returns one such port. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** True if nothing listens on the loopback port. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
