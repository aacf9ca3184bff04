import { expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The library as built: a child process has no loader for TypeScript. */
const LIBRARY = fileURLToPath(new URL('../../../dist/pubsub/index.js', import.meta.url));

const SCRIPT = `
  const { startPubsubEmulator } = await import(process.argv[1]);
  const emulator = await startPubsubEmulator({
    host: '127.0.0.1', port: 0, dataDirectory: process.argv[2], log: () => undefined,
  });
  console.log(emulator.port);
`;

async function startChild(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, LIBRARY, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trim());
    });
    child.once('exit', (code) => {
      reject(new Error(`The emulator ended with ${code ?? 'a signal'}.`));
    });
  });
  return { child, url: `http://127.0.0.1:${port}/v1/projects/p` };
}

interface Pulled {
  readonly receivedMessages?: readonly {
    readonly ackId: string;
    readonly message: { readonly messageId: string };
  }[];
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return response.json();
}

it('keeps every acknowledged publish when it is killed while messages come in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pubsub-kill-'));
  const first = await startChild(folder);
  await fetch(`${first.url}/topics/events`, { method: 'PUT', body: '{}' });
  const subscription = JSON.stringify({ topic: 'projects/p/topics/events' });
  await fetch(`${first.url}/subscriptions/reader`, { method: 'PUT', body: subscription });
  const answered = new Set<string>();
  const messages = Array.from({ length: 20 }, (_, index) => ({ data: btoa(`m${index}`) }));
  const publishing = Array.from({ length: 8 }, async () => {
    for (;;) {
      const { messageIds } = (await post(`${first.url}/topics/events:publish`, { messages })) as {
        messageIds: string[];
      };
      for (const id of messageIds) answered.add(id);
      if (answered.size > 3_000) first.child.kill('SIGKILL');
    }
  });
  await Promise.allSettled(publishing);

  const second = await startChild(folder);
  const found = new Set<string>();
  for (;;) {
    const body = { maxMessages: 1_000, returnImmediately: true };
    const { receivedMessages = [] } = (await post(`${second.url}/subscriptions/reader:pull`, body)) as Pulled;
    if (receivedMessages.length === 0) break;
    for (const { message } of receivedMessages) found.add(message.messageId);
    await post(`${second.url}/subscriptions/reader:acknowledge`, {
      ackIds: receivedMessages.map(({ ackId }) => ackId),
    });
  }
  const ended = new Promise((resolve) => second.child.once('exit', resolve));
  second.child.kill('SIGKILL');
  await ended;
  rmSync(folder, { recursive: true });

  expect([...answered].filter((id) => !found.has(id))).toEqual([]);
  expect(answered.size).toBeGreaterThan(3_000);
});
