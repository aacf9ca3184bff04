import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import { startPubsubEmulator, type PubsubEmulator } from './index.js';

const isInstalled = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'gcloud')));

/** The examples of the README, by Google's own command line. */
(isInstalled ? describe : describe.skip)('gcloud pubsub (skipped where gcloud is not installed)', () => {
  let emulator: PubsubEmulator;
  let settings: string;

  beforeAll(async () => {
    emulator = await startPubsubEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    settings = mkdtempSync(join(tmpdir(), 'gcloud-'));
  });

  afterAll(async () => {
    await emulator.stop();
    rmSync(settings, { recursive: true });
  });

  async function gcloud(...words: readonly string[]): Promise<unknown> {
    const environment = {
      ...process.env,
      CLOUDSDK_CONFIG: settings,
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_API_ENDPOINT_OVERRIDES_PUBSUB: `http://127.0.0.1:${emulator.port}/`,
      CLOUDSDK_CORE_PROJECT: 'local-project',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    };
    const { stdout } = await promisify(execFile)('gcloud', ['pubsub', ...words, '--format=json'], {
      env: environment,
    });
    return stdout.trim() === '' ? null : (JSON.parse(stdout) as unknown);
  }

  it('creates, publishes, pulls, updates, lists and deletes', async () => {
    await gcloud('topics', 'create', 'cli-topic');
    await gcloud('subscriptions', 'create', 'cli-sub', '--topic=cli-topic', '--ack-deadline=20');
    await gcloud('topics', 'publish', 'cli-topic', '--message=hello', '--attribute=kind=greeting');
    const pulled = await gcloud('subscriptions', 'pull', 'cli-sub', '--auto-ack', '--limit=5');
    await gcloud('subscriptions', 'update', 'cli-sub', '--ack-deadline=60');
    const described = await gcloud('subscriptions', 'describe', 'cli-sub');
    const topics = await gcloud('topics', 'list');
    await gcloud('subscriptions', 'delete', 'cli-sub');
    await gcloud('topics', 'delete', 'cli-topic');

    expect(pulled).toMatchObject([{ message: { data: 'aGVsbG8=', attributes: { kind: 'greeting' } } }]);
    expect(described).toMatchObject({ ackDeadlineSeconds: 60 });
    expect(topics).toMatchObject([{ name: 'projects/local-project/topics/cli-topic' }]);
    expect(await gcloud('topics', 'list')).toEqual([]);
  }, 120_000);
});
