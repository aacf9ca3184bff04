import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { startStorageEmulator } from './index.js';

const missing = ['gcloud', 'gsutil'].filter((command) => spawnSync(command, ['version']).error !== undefined);
const README = readFileSync(new URL('README.md', import.meta.url), 'utf8');

describe("Google's command lines", () => {
  const test = missing.length === 0 ? it : it.skip;

  test(`run the README's examples (needs gcloud and gsutil; missing: ${missing.join(', ') || 'none'})`, async () => {
    const [, examples = ''] = /```sh\n([^]*?)```/.exec(README) ?? [];
    const emulator = await startStorageEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    const directory = mkdtempSync(join(tmpdir(), 'gcloud-'));
    try {
      const script = `set -euo pipefail\n${examples.replaceAll('4443', String(emulator.port))}`;
      const { stdout } = await promisify(execFile)('bash', ['-c', script], {
        cwd: directory,
        env: { ...process.env, CLOUDSDK_CONFIG: join(directory, 'config') },
      });
      expect(stdout).toContain('gs://example-bucket/notes/note.txt');
      expect(stdout).toContain('one line');
    } finally {
      await emulator.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  }, 240_000);
});
