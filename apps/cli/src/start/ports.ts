import { once } from 'node:events';
import { createServer } from 'node:net';
import { describeRun, type PipelineRun } from './run-files.js';
import { PORT_SETTINGS, type StartOptions } from './start.options.js';

const HOST = '127.0.0.1';
/** Far from the default ports. */
const FREE_BASE = 20_000;

/**
 * Says that the pipeline runs already, if one of this clone has ports of `options`; undefined otherwise.
 */
export function describeRunningPipeline(
  options: StartOptions,
  runs: readonly PipelineRun[],
): string | undefined {
  const wanted = new Set(PORT_SETTINGS.map(({ key }) => options[key]));
  const other = runs.find(({ ports }) => Object.values(ports).some((port) => wanted.has(port)));
  if (other === undefined) return undefined;
  return [
    `The pipeline is already running: ${describeRun(other, new Date())}.`,
    `Stop it with kill ${other.pid}, or start another beside it: npm start -- --port-base ${FREE_BASE}`,
  ].join('\n');
}

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
