import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The built service as a process of its own. */
interface Running {
  readonly process: ChildProcess;
  readonly lines: { readonly message: string; readonly url?: string; readonly code?: string }[];
  /** Exit code, `null` after a signal. */
  readonly exited: Promise<number | null>;
  /** Resolves with the first line of that message. */
  sees(message: string): Promise<{ readonly url?: string }>;
}

const started: Running[] = [];

function start(env: Record<string, string>): Running {
  if (!existsSync(MAIN)) {
    throw new Error(`${MAIN} is not there; build first (npx nest build event-generator)`);
  }
  const child = spawn(process.execPath, [MAIN], {
    env: { HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Running['lines'] = [];
  const waiting = new Map<string, (line: { readonly url?: string }) => void>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Running['lines'][number];
    lines.push(line);
    waiting.get(line.message)?.(line);
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const running: Running = {
    process: child,
    lines,
    exited,
    sees: (message) =>
      new Promise((resolve, reject) => {
        waiting.set(message, resolve);
        void exited.then((code) => {
          reject(new Error(`Ended with ${code ?? 'a signal'} before "${message}": ${JSON.stringify(lines)}`));
        });
      }),
  };
  started.push(running);
  return running;
}

function occupyPort(): Promise<{ server: Server; port: number }> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      resolve({ server, port: (server.address() as AddressInfo).port });
    });
  });
}

afterEach(async () => {
  for (const { process: child, exited } of started.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
});

describe('the process', () => {
  it('continues when its log is no longer read, and still stops on SIGTERM', async () => {
    const service = start({});
    const { url } = await service.sees('listening');
    service.process.stdout?.destroy();

    const wrongRequest = await fetch(`${url ?? ''}/generate/nothing`, { method: 'POST' });
    const alive = await fetch(`${url ?? ''}/liveness`);
    service.process.kill('SIGTERM');

    expect(wrongRequest.status).toBe(400);
    expect(alive.status).toBe(200);
    expect(await service.exited).toBe(0);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('answers until %s, then ends with 0', async (signal) => {
    const service = start({});
    const { url } = await service.sees('listening');

    const response = await fetch(`${url ?? ''}/liveness`);
    service.process.kill(signal);

    expect(response.status).toBe(200);
    expect(await service.exited).toBe(0);
    expect(service.lines.at(-1)?.message).toBe('stopped');
  });

  it('ends with 1 and names port and setting when the port is in use', async () => {
    const { server, port } = await occupyPort();

    const service = start({ PORT: String(port) });
    const code = await service.exited;
    await new Promise((resolve) => server.close(resolve));

    expect(code).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({
      severity: 'CRITICAL',
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`Port ${port} on 127.0.0.1 is in use. Set PORT to`),
    });
  });

  it('ends with 1 and says what to set when a setting is wrong', async () => {
    const service = start({ TOPIC: 'projects/p/topics/t', PUBLISH_TIMEOUT_MS: 'soon' });

    expect(await service.exited).toBe(1);
    expect(service.lines).toEqual([
      expect.objectContaining({
        severity: 'CRITICAL',
        code: 'SETTINGS_INVALID',
        message: expect.stringMatching(
          /Set PUBLISH_TIMEOUT_MS to a whole number.*\n.*Set TOPIC to the name/s,
        ),
      }),
    ]);
  });
});
