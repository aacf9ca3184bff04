import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** Google's own Pub/Sub emulator, where the Google Cloud CLI has it and Java is there; undefined elsewhere. */
export function findGoogleEmulator(): string | undefined {
  if (findOnPath('java').length === 0) return undefined;
  const onPath = findOnPath('gcloud').map((file) => dirname(dirname(realpathSync(file))));
  const roots = [process.env['CLOUDSDK_ROOT'] ?? '', '/usr/lib/google-cloud-sdk', ...onPath];
  for (const root of roots.filter((folder) => folder !== '')) {
    const folder = join(root, 'platform', 'pubsub-emulator', 'lib');
    const jar = existsSync(folder)
      ? readdirSync(folder).find((name) => name.endsWith('-all.jar'))
      : undefined;
    if (jar !== undefined) return join(folder, jar);
  }
  return undefined;
}

function findOnPath(program: string): string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .filter((file) => existsSync(file));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/** Start it and wait until it answers. */
export async function startGoogleEmulator(jar: string): Promise<{ port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'google-pubsub-'));
  const child = spawn('java', ['-jar', jar, '--host=127.0.0.1', `--port=${port}`, `--data-dir=${folder}`], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  const endMs = Date.now() + 25_000;
  while (!(await answers(port))) {
    if (Date.now() > endMs || child.exitCode !== null)
      throw new Error('The Pub/Sub emulator of Google did not start.');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/v1/projects/probe/topics`)).ok;
  } catch {
    return false;
  }
}
