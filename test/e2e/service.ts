import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../harness/ports.js';
import { eventually } from './eventually.js';

/** A built service as the process it is in production. */
export interface Service {
  readonly url: string;
  readonly pid: number;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  output(): string;
}

/** A start takes a second; a machine that runs many suites at once takes its time. */
const START_PATIENCE_MS = 90_000;

/** Start `apps/<app>/dist/main.js` and wait until it answers at all. */
export async function startApp(
  app: string,
  environment: Record<string, string>,
  port?: number,
): Promise<Service> {
  const chosen = port ?? (await freePort());
  const url = `http://127.0.0.1:${chosen}`;
  let output = '';
  const child = spawn(process.execPath, [`apps/${app}/dist/main.js`], {
    env: {
      PATH: process.env['PATH'] ?? '',
      TZ: 'UTC',
      HOST: '127.0.0.1',
      PORT: String(chosen),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await eventually(async () => {
    if (child.exitCode !== null) throw new Error(`${app} ended with ${child.exitCode}:\n${output}`);
    await fetch(`${url}/liveness`);
  }, START_PATIENCE_MS).catch(async (cause: unknown) => {
    await kill(child, 'SIGKILL');
    throw cause;
  });
  return { url, pid: child.pid ?? 0, output: () => output, kill: (signal) => kill(child, signal) };
}

async function kill(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
