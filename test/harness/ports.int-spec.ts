import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { freePort, freePorts } from './ports.js';

const FIRST_EPHEMERAL_PORT = 32_768;

describe('free ports', () => {
  const servers: Server[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.close();
      await once(server, 'close');
    }
  });

  it('are different, also when they are asked for one at a time', async () => {
    const ports = [...(await freePorts(20))];
    for (let call = 0; call < 20; call++) ports.push(await freePort());

    expect(new Set(ports).size).toBe(40);
  });

  it('are not among those that the system gives to others', async () => {
    expect((await freePorts(50)).filter((port) => port >= FIRST_EPHEMERAL_PORT)).toEqual([]);
  });

  it('leave out a port in use', async () => {
    const last = await freePort();
    const server = createServer().listen(last + 1, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);

    expect(await freePorts(3)).not.toContain(last + 1);
  });
});
