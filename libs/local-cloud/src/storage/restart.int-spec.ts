import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startStorageEmulator } from './index.js';

const BLOCK = 256 * 1024;
/** Runs the sources as they are: types removed, and `./x.js` found as `./x.ts`. */
const HOOKS = `import { registerHooks } from 'node:module';
registerHooks({ resolve: (name, context, next) =>
  next(name.startsWith('.') && context.parentURL?.endsWith('.ts') ? name.replace(/\\.js$/, '.ts') : name, context) });`;
const SERVE = `const { startStorageEmulator } = await import(process.env.SOURCE);
const { port } = await startStorageEmulator({ host: '127.0.0.1', port: 0, dataDirectory: process.env.DATA, log: () => undefined });
console.log(port);`;

describe('Cloud Storage after kill -9', () => {
  let directory: string;
  let child: ChildProcess;

  const startChild = async (): Promise<string> => {
    child = spawn(
      process.execPath,
      [
        '--experimental-transform-types',
        '--disable-warning=ExperimentalWarning',
        '--import',
        `data:text/javascript,${encodeURIComponent(HOOKS)}`,
        '--input-type=module',
        '--eval',
        SERVE,
      ],
      {
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          SOURCE: new URL('index.ts', import.meta.url).href,
          DATA: directory,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    if (child.stdout === null) throw new Error('The child has no output.');
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    return `http://127.0.0.1:${port}`;
  };
  const kill = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const makeBucket = (root: string): Promise<Response> =>
    fetch(`${root}/storage/v1/b?project=p`, { method: 'POST', body: '{"name":"kept"}' });
  const upload = (root: string, name: string, body: string | Buffer): Promise<Response> =>
    fetch(`${root}/upload/storage/v1/b/kept/o?uploadType=media&name=${name}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'restart-'));
  });

  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) await kill();
    rmSync(directory, { recursive: true });
  });

  it('has every acknowledged write, and no half one', async () => {
    let root = await startChild();
    await makeBucket(root);
    const acknowledged = new Map<string, string | null>();
    const sent = new Map<string, Set<string>>();
    let answers = 0;
    let enough: () => void = () => undefined;
    const loaded = new Promise<void>((resolve) => {
      enough = resolve;
    });

    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; ; round++) {
        const name = `w${writer}-${round % 5}`;
        const text = `${name} round ${round} `.repeat(1 + ((round * 37) % 400));
        sent.set(name, (sent.get(name) ?? new Set<string>()).add(text));
        try {
          acknowledged.delete(name);
          await upload(root, name, text).then((response) => response.text());
          acknowledged.set(name, text);
          if (round % 7 === 6) {
            acknowledged.delete(name);
            const gone = await fetch(`${root}/storage/v1/b/kept/o/${name}`, { method: 'DELETE' });
            if (gone.status === 204) acknowledged.set(name, null);
          }
          if (++answers === 400) enough();
        } catch {
          return;
        }
      }
    });
    await loaded;
    await kill();
    await Promise.all(writers);
    root = await startChild();

    for (const [name, text] of acknowledged) {
      const response = await fetch(`${root}/kept/${name}`);
      expect([name, response.status === 200 ? await response.text() : null]).toEqual([name, text]);
    }
    const listed = (await (await fetch(`${root}/storage/v1/b/kept/o`)).json()) as {
      items?: { name: string }[];
    };
    for (const { name } of listed.items ?? []) {
      const text = await (await fetch(`${root}/kept/${name}`)).text();
      expect(acknowledged.get(name) === text || sent.get(name)?.has(text)).toBe(true);
    }
    expect(acknowledged.size).toBeGreaterThan(20);
    expect(readdirSync(join(directory, 'content'))).toHaveLength(listed.items?.length ?? 0);
  });

  it('goes on with a resumable upload from the bytes it had acknowledged', async () => {
    let root = await startChild();
    await makeBucket(root);
    const bytes = Buffer.from(Array.from({ length: 3 * BLOCK + 5 }, (_, at) => (at * 7) & 0xff));
    const started = await fetch(`${root}/upload/storage/v1/b/kept/o?uploadType=resumable&name=big`, {
      method: 'POST',
    });
    const session = new URL(started.headers.get('location') ?? '');
    const put = (range: string, body: Buffer): Promise<Response> =>
      fetch(`${root}${session.pathname}${session.search}`, {
        method: 'PUT',
        body: new Uint8Array(body),
        headers: { 'content-range': range },
      });
    const half = await put(`bytes 0-${2 * BLOCK - 1}/*`, bytes.subarray(0, 2 * BLOCK));
    expect(half.headers.get('range')).toBe(`bytes=0-${2 * BLOCK - 1}`);

    await kill();
    root = await startChild();

    const status = await put('bytes */*', Buffer.alloc(0));
    expect([status.status, status.headers.get('range')]).toEqual([308, `bytes=0-${2 * BLOCK - 1}`]);
    const last = await put(
      `bytes ${2 * BLOCK}-${bytes.length - 1}/${bytes.length}`,
      bytes.subarray(2 * BLOCK),
    );
    const finished = (await last.json()) as { generation: string };
    await kill();
    root = await startChild();

    const again = (await (await put(`bytes */${bytes.length}`, Buffer.alloc(0))).json()) as {
      generation: string;
    };
    expect(again.generation).toBe(finished.generation);
    const content = Buffer.from(await (await fetch(`${root}/kept/big`)).arrayBuffer());
    expect(content.equals(bytes)).toBe(true);
  });

  it('drops a line of the journal that was cut off, and rewrites a long journal', async () => {
    let root = await startChild();
    await makeBucket(root);
    for (let round = 0; round < 1_100; round++) await upload(root, 'same', `round ${round}`);
    await kill();
    const journal = join(directory, 'journal.jsonl');
    appendFileSync(journal, '[{"op":"object-gone","bucket":"kept","na');

    root = await startChild();

    expect(await (await fetch(`${root}/kept/same`)).text()).toBe('round 1099');
    expect(readFileSync(journal, 'utf8').trim().split('\n')).toHaveLength(2);
    await upload(root, 'other', 'after');
    await kill();
    root = await startChild();
    expect(await (await fetch(`${root}/kept/other`)).text()).toBe('after');
    expect(await (await fetch(`${root}/kept/same`)).text()).toBe('round 1099');
  }, 120_000);

  it('keeps its state over an orderly stop', async () => {
    await startChild();
    await kill();
    const options = { host: '127.0.0.1', port: 0, dataDirectory: directory, log: () => undefined };
    const first = await startStorageEmulator(options);
    await makeBucket(`http://127.0.0.1:${first.port}`);
    await upload(`http://127.0.0.1:${first.port}`, 'n', 'kept');
    await first.stop();
    const second = await startStorageEmulator(options);
    expect(await (await fetch(`http://127.0.0.1:${second.port}/kept/n`)).text()).toBe('kept');
    await second.stop();
  });
});
