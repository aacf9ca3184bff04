import { once } from 'node:events';
import { createServer } from 'node:net';
import { PORT_SETTINGS, type StartOptions } from './start.options.js';

const HOST = '127.0.0.1';

/** The ports of `options` that something else listens on, each as a sentence that says what to do. */
export async function describeTakenPorts(options: StartOptions): Promise<string[]> {
  const sentences: string[] = [];
  const firstUse = new Map<number, string>();
  for (const { key, service, flag, variable } of PORT_SETTINGS) {
    const port = options[key];
    const other = firstUse.get(port);
    firstUse.set(port, service);
    if (other !== undefined) {
      sentences.push(
        `Port ${port} is given to both ${other} and ${service}: change one with ${flag} or ${variable}.`,
      );
    } else if (await isTaken(port)) {
      sentences.push(
        `Port ${port} (${service}) is in use: stop what listens there, or choose another with ${flag} or ${variable}.`,
      );
    }
  }
  return sentences;
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return true;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return false;
}
