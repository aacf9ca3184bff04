import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const execute = promisify(execFile);
const WORKSPACE = fileURLToPath(new URL('..', import.meta.url));
const REPOSITORY = join(WORKSPACE, '..', '..');
const ENTRY = join('package', 'dist', 'main.js');

/** `PACK_INSTALL=1` has npm install the package with its dependencies from a registry; without it, those of here serve. */
const INSTALLS = process.env['PACK_INSTALL'] === '1';
const TIMEOUT_MS = 300_000;

describe('the package of npm pack', () => {
  let folder: string;
  let entry: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-cloud-pack-'));
    const packed = await execute('npm', ['pack', '--json', '--pack-destination', folder], { cwd: WORKSPACE });
    const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
    if (INSTALLS) {
      await execute('npm', ['install', '--prefix', folder, join(folder, filename)]);
      entry = join(folder, 'node_modules', '@pipeline', 'local-cloud', 'dist', 'main.js');
      return;
    }
    await execute('tar', ['-xzf', filename], { cwd: folder });
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
    entry = join(folder, ENTRY);
  }, TIMEOUT_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints its options', async () => {
    const { stdout } = await execute(process.execPath, [entry, '--help']);
    expect(stdout).toContain('--bigquery-port <port>');
  });

  it(
    'starts without the rest of the repository and stops on Ctrl-C',
    async () => {
      const services = ['pubsub', 'bigquery', 'bigquery-storage', 'storage', 'eventarc'];
      const ports = services.flatMap((service) => [`--${service}-port`, '0']);
      const child = spawn(process.execPath, [entry, ...ports], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        text += chunk.toString();
        if (text.includes('ready')) break;
      }
      const url = /BIGQUERY_EMULATOR_HOST=(\S+)/.exec(text)?.[1] ?? '';
      const answer = await fetch(`${url}/bigquery/v2/projects/local-project/queries`, {
        method: 'POST',
        body: JSON.stringify({ query: 'SELECT 1', useLegacySql: false }),
      });
      child.kill('SIGINT');

      expect(answer.status).toBe(200);
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
    TIMEOUT_MS,
  );
});
