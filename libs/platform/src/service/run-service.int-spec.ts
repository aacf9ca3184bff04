import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';

/** A service of three routes, run from the built library: one that waits to be released, one that fails unheard. */
const SERVICE = `
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { runService, ServiceSettings } from '@pipeline/platform';
let release;
const released = new Promise((resolve) => { release = resolve; });
class Routes {
  wait() { console.log(JSON.stringify({ message: 'waiting' })); return released; }
  free() { return 'free'; }
  fail() { setImmediate(() => { void Promise.reject(new Error('not handled')); }); return 'failing'; }
}
process.on('SIGUSR2', () => release('released'));
class Root {}
const route = (path) => Get(path)(Routes.prototype, path, Object.getOwnPropertyDescriptor(Routes.prototype, path));
for (const path of ['wait', 'free', 'fail']) route(path);
Controller()(Routes);
Module({ controllers: [Routes] })(Root);
await runService('example', ServiceSettings, () => ({ module: Root }));
`;

interface Line {
  readonly severity?: string;
  readonly message: string;
  readonly url?: string;
}

const processes: ChildProcess[] = [];

/** Start the service; `sees` waits for a line that may have been written already. */
function start(): {
  process: ChildProcess;
  lines: Line[];
  sees: (message: string) => Promise<Line>;
  ended: Promise<unknown>;
} {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SERVICE], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: { HOST: '127.0.0.1', PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  processes.push(child);
  const lines: Line[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (text) => lines.push(JSON.parse(text) as Line));
  const sees = async (message: string): Promise<Line> => {
    for (;;) {
      const line = lines.find((candidate) => candidate.message === message);
      if (line !== undefined) {
        return line;
      }
      await once(output, 'line');
    }
  };
  const ended = once(child, 'close').then(([code]: unknown[]) => code);
  return { process: child, lines, sees, ended };
}

afterEach(() => {
  for (const child of processes.splice(0)) {
    child.kill('SIGKILL');
  }
});

describe('runService', () => {
  it('finishes the request under way after SIGTERM, takes no other, and ends with 0', async () => {
    const service = start();
    const { url = '' } = await service.sees('listening');
    const slow = fetch(`${url}/wait`);
    await service.sees('waiting');

    service.process.kill('SIGTERM');
    await service.sees('stopping');
    const late = await fetch(`${url}/free`).then(
      (response) => response.status,
      () => 'refused',
    );
    service.process.kill('SIGUSR2');

    expect(await (await slow).text()).toBe('released');
    expect([503, 'refused']).toContain(late);
    expect(await service.ended).toBe(0);
    expect(service.lines.at(-1)?.message).toBe('stopped');
  });

  it('logs an unhandled rejection and ends with 1', async () => {
    const service = start();
    const { url = '' } = await service.sees('listening');

    await fetch(`${url}/fail`).catch(() => undefined);

    expect(await service.ended).toBe(1);
    expect(service.lines.at(-1)).toMatchObject({
      severity: 'CRITICAL',
      message: 'unhandled rejection',
      err: { message: 'not handled' },
    });
  });
});
