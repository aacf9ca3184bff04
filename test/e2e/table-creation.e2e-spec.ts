import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

jest.setTimeout(300_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

let pipeline: Pipeline | null = null;
let swallowing: Server | null = null;

afterEach(async () => {
  await pipeline?.stop();
  swallowing?.close();
  pipeline = null;
  swallowing = null;
});

/** `scripts/test-table-creation.sh --local` against the suite's own pipeline. */
async function verify(
  { cloud }: Pipeline,
  patienceSeconds: number,
): Promise<{ exitCode: number | null; failed: readonly Check[]; checks: readonly Check[] }> {
  const child = spawn(
    'bash',
    ['scripts/test-table-creation.sh', '--local', '--json', '--patience', String(patienceSeconds)],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PUBSUB_EMULATOR_HOST: `127.0.0.1:${cloud.ports.pubsub}`,
        BIGQUERY_EMULATOR_HOST: cloud.urls.bigquery,
        STORAGE_EMULATOR_HOST: cloud.urls.storage,
      },
    },
  );
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [exitCode, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (output === '') throw new Error(`no result: ${errors}`);
  const { checks } = JSON.parse(output) as { readonly checks: readonly Check[] };
  return { exitCode, checks, failed: checks.filter(({ passed }) => !passed) };
}

/** A destination that hands everything on but what holds a text, which it acknowledges and drops. */
async function swallow(word: string, destination: string): Promise<string> {
  swallowing = createServer((request, response) => {
    void text(request).then(async (body) => {
      const { message } = JSON.parse(body) as { readonly message: { readonly data: string } };
      if (Buffer.from(message.data, 'base64').includes(word)) {
        response.writeHead(204).end();
        return;
      }
      // The new request sets its own length and connection.
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter(
          ([name]) => !['content-length', 'connection', 'host'].includes(name),
        ),
      );
      const answer = await fetch(destination, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body,
      });
      response.writeHead(answer.status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => swallowing?.once('listening', resolve));
  return `http://127.0.0.1:${(swallowing.address() as AddressInfo).port}/`;
}

/** The scripts are for bash, which Windows lacks. */
const describePosix = process.platform === 'win32' ? describe.skip : describe;

describePosix('scripts/test-table-creation.sh', () => {
  it('passes on a pipeline that works', async () => {
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();

    const { exitCode, failed, checks } = await verify(pipeline, 60);

    expect(failed).toEqual([]);
    expect(checks).toHaveLength(15);
    expect(exitCode).toBe(0);
  });

  it('fails when a type is wrong, and says which', async () => {
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    const messageId = await pipeline.publish({ event_type: 'inventory', quantity_change: 'three' });
    const running = pipeline;
    await eventually(() => running.row('inventory', messageId));

    const { exitCode, failed } = await verify(pipeline, 60);

    expect(failed.map(({ name, detail }) => [name, detail.slice(0, 60)])).toEqual([
      ['inventory: types', 'quantity_change is STRING, not INT64'],
      ['inventory: values', expect.stringMatching(/^\/quantity_change: /)],
    ]);
    expect(exitCode).toBe(1);
  });

  it('fails when table-manager is stopped, and says where to look', async () => {
    pipeline = await Pipeline.start();

    const { exitCode, failed } = await verify(pipeline, 6);

    expect(failed.map(({ name }) => name)).toEqual([
      'order: row',
      'inventory: row',
      'user_activity: row',
      'fresh field: row',
      'poison: dead letter',
      'books',
    ]);
    expect(failed[0]?.detail).toMatch(/is prod-table-manager running/);
    expect(exitCode).toBe(1);
  });

  it('fails when a row is lost, and names the message', async () => {
    pipeline = await Pipeline.start({ provision: false });
    await pipeline.provision(await swallow('inventory_id', `http://127.0.0.1:${pipeline.tableManagerPort}/`));
    await pipeline.startTableManager();

    const { exitCode, failed } = await verify(pipeline, 12);

    expect(failed.map(({ name }) => name)).toEqual(['inventory: row', 'books']);
    expect(failed[0]?.detail).toMatch(/^message \S+: /);
    expect(failed[1]?.detail).toBe('5 published, 5 archived = 3 rows + 1 dead letters + 1 unaccounted');
    expect(exitCode).toBe(1);
  });
});
