import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../libs/local-cloud/dist/main.js', import.meta.url));
const PORT_OPTIONS = ['pubsub', 'bigquery', 'bigquery-storage', 'storage', 'eventarc'];

/** Start a program and wait for a line of its output; returns what it prints, line by line, and how to end it. */
export async function startProgram(command, args, isReady, env = process.env) {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const lines = [];
  const ready = new Promise((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on('line', (line) => {
        lines.push(line);
        if (isReady(line)) resolve();
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${lines.join('\n')}`)));
  });
  await ready;
  return {
    lines,
    pid: child.pid,
    readyMs: performance.now() - started,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** The local cloud as `npm run local-cloud` starts it, on free ports, state in memory; `options` are further ones of its own. */
export async function startLocalCloud(options = []) {
  const args = [...PORT_OPTIONS.flatMap((name) => [`--${name}-port`, '0']), ...options];
  const program = await startProgram(process.execPath, [MAIN, ...args], (line) => line.startsWith('ready'));
  const portAfter = (label) => {
    const line = program.lines.find((candidate) => candidate.startsWith(label)) ?? '';
    return Number(/:(\d+)/.exec(line)?.[1] ?? 0);
  };
  return {
    ...program,
    pubsubPort: portAfter('Pub/Sub'),
    bigqueryPort: portAfter('BigQuery'),
    storageWritePort: portAfter('Storage Write'),
  };
}

/** Resident memory of a process in MB (10⁶ bytes). */
export function residentMegabytes(pid) {
  const statusFile = `/proc/${pid}/status`;
  const kibibytes = existsSync(statusFile)
    ? /VmRSS:\s+(\d+)/.exec(readFileSync(statusFile, 'utf8'))?.[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  return (Number(kibibytes) * 1024) / 1e6;
}

/** Processor time of a process and its threads so far in ms, in steps of 10; null where there is no /proc. */
export function processorMs(pid) {
  const statFile = `/proc/${pid}/stat`;
  if (!existsSync(statFile)) return null;
  // The name of the program, in brackets, is the only field that may hold spaces; user and system time follow as 12th and 13th.
  const fields = readFileSync(statFile, 'utf8').split(') ').at(-1).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Google's Pub/Sub emulator of the gcloud SDK, or the reason why it cannot be started. */
export async function startGooglePubsub() {
  const root =
    process.env['CLOUDSDK_ROOT'] ??
    spawnSync('gcloud', ['info', '--format=value(installation.sdk_root)'], {
      encoding: 'utf8',
    }).stdout?.trim();
  const folder = join(root || '/', 'platform', 'pubsub-emulator', 'lib');
  const jar =
    root && existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.jar')) : undefined;
  if (jar === undefined)
    return { kind: 'missing', reason: 'the gcloud SDK with its Pub/Sub emulator is missing' };
  if (spawnSync('java', ['-version']).error) return { kind: 'missing', reason: 'Java is missing' };
  const port = await findFreePort();
  const args = ['-jar', join(folder, jar), '--host=127.0.0.1', `--port=${port}`];
  const program = await startProgram('java', args, (line) => line.includes('Server started'));
  return {
    ...program,
    kind: 'started',
    pubsubPort: port,
    version: /-(\d[\d.]*\d)-/.exec(jar)?.[1] ?? 'unknown',
  };
}

export async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
