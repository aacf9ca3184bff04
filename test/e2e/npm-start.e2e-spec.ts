import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isFree } from '../harness/ports.js';
import { slownessOfMachine } from '../harness/slowness.js';
import { eventually } from './eventually.js';

const PORT_FLAGS = [
  '--pubsub-port',
  '--bigquery-port',
  '--bigquery-storage-port',
  '--storage-port',
  '--eventarc-port',
  '--event-generator-port',
  '--table-manager-port',
  '--console-port',
];

interface Run {
  readonly child: ChildProcess;
  readonly ports: Record<string, number>;
  output(): string;
  exitCode(): Promise<number | null>;
}

/** Run files of this suite: another `npm start` of this clone is none of its business. */
const RUN_FOLDER = mkdtempSync(join(tmpdir(), 'npm-start-'));
const FILES_FOLDER = mkdtempSync(join(tmpdir(), 'npm-start-files-'));
const ENVIRONMENT = { ...process.env, PIPELINE_RUN_FOLDER: RUN_FOLDER };

afterAll(() => {
  rmSync(RUN_FOLDER, { recursive: true });
  rmSync(FILES_FOLDER, { recursive: true });
});

async function npmStart(...args: string[]): Promise<Run> {
  const ports: Record<string, number> = {};
  for (const flag of PORT_FLAGS) ports[flag] = await freePort();
  const all = [...Object.entries(ports).flatMap(([flag, port]) => [flag, String(port)]), ...args];
  return startedRun([process.execPath, 'apps/cli/dist/main.js', 'start', ...all], ports);
}

function startedRun([program = '', ...args]: string[], ports: Record<string, number>): Run {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exited = once(child, 'close');
  return { child, ports, output: () => output, exitCode: async () => (await exited)[0] as number | null };
}

async function query(run: Run, statement: string): Promise<void> {
  const url = `http://127.0.0.1:${run.ports['--bigquery-port'] ?? 0}/bigquery/v2/projects/local-project/queries`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: statement, useLegacySql: false }),
  });
  if (!response.ok) throw new Error(await response.text());
}

async function portsInUse(run: Run): Promise<number[]> {
  const ports = Object.values(run.ports);
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => free[index] === false);
}

describe('npm start', () => {
  it('generates exactly what was asked for and ends with balanced books', async () => {
    const run = await npmStart('--events', '60', '--seed', '7', '--exit');

    const exitCode = await run.exitCode();

    expect(run.output().trimEnd().split('\n').at(-1)).toBe(
      '60 received, 60 rows, 0 dead letters, 0 in progress, 0 unaccounted',
    );
    expect(exitCode).toBe(0);
    expect(await portsInUse(run)).toEqual([]);
  }, 300_000);

  it('stops everything within five seconds of Ctrl-C and leaves no process behind', async () => {
    const run = await npmStart();
    await eventually(async () => {
      expect(run.output()).toMatch(/\d+ published, [1-9]\d* received/);
      return Promise.resolve();
    }, 300_000);
    const slowness = await slownessOfMachine();
    const stoppedAtMs = Date.now();

    run.child.kill('SIGINT');
    const exitCode = await run.exitCode();

    expect(exitCode).toBe(0);
    expect(Date.now() - stoppedAtMs).toBeLessThan(5_000 * slowness);
    expect(await portsInUse(run)).toEqual([]);
    expect(run.output().trimEnd().split('\n').slice(-2)).toEqual([
      expect.stringMatching(/^\d+ published, \d+ received, .* unaccounted; [123] tables?$/),
      'The data was in memory and is gone; npm start -- --data FOLDER keeps it.',
    ]);
  }, 300_000);

  it('lives with tables that a user makes: one that events come to gets its columns, the others are left alone', async () => {
    const run = await npmStart('--no-generate');
    await eventually(async () => {
      expect(run.output()).toContain('event-generator  http');
      return Promise.resolve();
    }, 300_000);
    const pipeline = async (...words: readonly string[]): Promise<string> => {
      const ran = startedRun([process.execPath, 'apps/cli/dist/main.js', ...words, '--local'], {});
      const exitCode = await ran.exitCode();
      if (exitCode !== 0) throw new Error(`${words.join(' ')}: ${exitCode} ${ran.output()}`);
      return ran.output();
    };
    for (const columns of [
      'notes (text STRING)',
      'ids (_message_id STRING)',
      'leads (event_type STRING, id STRING)',
    ])
      await query(run, `CREATE TABLE prod_events_dataset.${columns}`);
    const file = join(FILES_FOLDER, 'leads.ndjson');
    writeFileSync(file, '{"event_type":"leads","id":"l-1","score":0.5}\n');

    expect(await pipeline('publish', file, '--wait')).toMatch(/row of leads/);

    expect(await pipeline('audit')).toMatch(/leads +1 +1 +0 +0\n.*\n\nThe books balance/);
    const listed = await pipeline('tables');
    expect(['leads', 'notes', 'ids'].map((name) => listed.includes(name))).toEqual([true, false, false]);
    await eventually(async () => {
      expect(run.output()).toContain(
        '1 published, 1 received, 1 row, 0 dead letters, 0 in progress, 0 unaccounted',
      );
      return Promise.resolve();
    });
    expect(run.output()).not.toMatch(/BigQuery: /);
    run.child.kill('SIGINT');
    expect(await run.exitCode()).toBe(0);
  }, 300_000);

  it('is found by --local, refuses a second start, and locks its data', async () => {
    const data = join(RUN_FOLDER, 'data');
    const run = await npmStart('--no-generate', '--data', data);
    await eventually(async () => {
      expect(run.output()).toContain('event-generator  http');
      return Promise.resolve();
    }, 300_000);
    const log = readFileSync(join(data, 'logs', 'local-cloud.log'), 'utf8');
    const flags = (ports: Record<string, number>): string[] =>
      Object.entries(ports).flatMap(([flag, port]) => [flag, String(port)]);
    const { pid = 0 } = run.child;

    const found = startedRun([process.execPath, 'apps/cli/dist/main.js', 'tables', '--local'], {});
    expect({ exitCode: await found.exitCode(), output: found.output() }).toEqual({
      exitCode: 0,
      output: 'No event table yet: the first event makes the first table.\n',
    });
    const again = startedRun([process.execPath, 'apps/cli/dist/main.js', 'start', ...flags(run.ports)], {});
    expect(await again.exitCode()).toBe(1);
    expect(again.output()).toBe(
      `The pipeline is already running: pid ${pid}, started ${startOf(pid)}, Pub/Sub on ${run.ports['--pubsub-port']}, BigQuery on ${run.ports['--bigquery-port']}.\n` +
        `Stop it with kill ${pid}, or start another beside it: npm start -- --port-base 20000\n`,
    );
    const beside = await npmStart('--no-generate', '--data', data);
    expect(await beside.exitCode()).toBe(1);
    expect(beside.output()).toBe(
      `The folder of --data cannot be used: another npm start uses it (pid ${pid}): stop that one first.\n`,
    );
    expect(readFileSync(join(data, 'logs', 'local-cloud.log'), 'utf8').startsWith(log)).toBe(true);

    run.child.kill('SIGINT');
    expect(await run.exitCode()).toBe(0);
    expect(run.output()).toContain(`The data is kept in ${data}.`);
    expect(readdirSync(data)).not.toContain('npm-start.lock');
    expect(readdirSync(RUN_FOLDER)).toEqual(['data']);
  }, 300_000);

  it('ends when the npm that started it is terminated', async () => {
    const ports = Object.fromEntries(
      await Promise.all(PORT_FLAGS.map(async (flag) => [flag, await freePort()] as const)),
    );
    const flags = Object.entries(ports).flatMap(([flag, port]) => [flag, String(port)]);
    const run = startedRun(['npm', 'start', '--ignore-scripts', '--', '--no-generate', ...flags], ports);
    await eventually(async () => {
      expect(run.output()).toContain('event-generator  http');
      return Promise.resolve();
    }, 300_000);

    run.child.kill('SIGTERM');

    await eventually(async () => {
      expect(await portsInUse(run)).toEqual([]);
    }, 300_000);
  }, 300_000);

  it('leaves no process behind when it is killed itself', async () => {
    const run = await npmStart('--no-generate');
    await eventually(async () => {
      expect(run.output()).toContain('event-generator  http');
      return Promise.resolve();
    }, 300_000);

    const services = await Promise.all(SERVICES.map((entry) => processOn(run, entry)));

    run.child.kill('SIGKILL');

    await eventually(async () => {
      const alive = (await processes()).filter(({ pid, args }) => services.includes(pid) && isService(args));
      expect(alive).toEqual([]);
    }, 300_000);
  }, 300_000);

  it('shows all types of events at its gentle rate', async () => {
    const run = await npmStart();
    await eventually(async () => {
      expect(run.output()).toMatch(/\d+ published, [1-9]\d* received/);
      const tables = `http://127.0.0.1:${run.ports['--bigquery-port']}/bigquery/v2/projects/local-project/datasets/prod_events_dataset/tables`;
      const listed = await (await fetch(tables)).text();
      for (const table of ['orders', 'inventory', 'user_activity']) expect(listed).toContain(`"${table}"`);
    }, 300_000);

    run.child.kill('SIGINT');

    expect(await run.exitCode()).toBe(0);
  }, 300_000);

  it('goes on when the dataset is dropped, and says what is wrong', async () => {
    const run = await npmStart('--no-generate');
    await eventually(async () => {
      expect(run.output()).toContain('0 published, 0 received');
      return Promise.resolve();
    }, 300_000);
    const dataset = `http://127.0.0.1:${run.ports['--bigquery-port']}/bigquery/v2/projects/local-project/datasets/prod_events_dataset`;

    await fetch(`${dataset}?deleteContents=true`, { method: 'DELETE' });

    await eventually(async () => {
      expect(run.output()).toContain('BigQuery: Not found: Dataset local-project:prod_events_dataset');
      return Promise.resolve();
    });
    // A dataset that existed once degrades readiness: taking instances away would not bring it back.
    await eventually(async () => {
      const readiness = await fetch(`http://127.0.0.1:${run.ports['--table-manager-port']}/readiness`);
      const { status, details } = (await readiness.json()) as {
        status: string;
        details: { dataset: { status: string; message: string } };
      };
      expect({ http: readiness.status, status, dataset: details.dataset.status }).toEqual({
        http: 200,
        status: 'degraded',
        dataset: 'degraded',
      });
      expect(details.dataset.message).toContain('prod_events_dataset');
    }, 300_000);
    run.child.kill('SIGINT');
    expect(await run.exitCode()).toBe(0);
  }, 300_000);

  it('names a port in use and the setting that changes it', async () => {
    const occupier = createServer().listen(0, '127.0.0.1');
    await once(occupier, 'listening');
    const { port } = occupier.address() as { port: number };
    const run = await npmStart('--table-manager-port', String(port));

    const exitCode = await run.exitCode();

    expect(run.output()).toBe(
      `Port ${port} (table-manager) is in use: stop what listens there, or choose another with --table-manager-port or TABLE_MANAGER_PORT.\n`,
    );
    expect(exitCode).toBe(1);
    occupier.close();
  });

  it.each([
    ['table-manager', 'apps/table-manager'],
    ['local-cloud', 'libs/local-cloud'],
  ])(
    'ends with the last log lines of a crashed %s',
    async (service, entry) => {
      const run = await npmStart('--no-generate', '--verbose');
      await eventually(async () => {
        expect(run.output()).toContain('event-generator  http');
        return Promise.resolve();
      }, 300_000);
      const slowness = await slownessOfMachine();
      const crashedAtMs = Date.now();

      process.kill(await processOn(run, entry), 'SIGKILL');
      const exitCode = await run.exitCode();

      expect(run.output()).toContain(`${service} ended with signal SIGKILL. Its last lines:\n  `);
      expect(exitCode).toBe(1);
      expect(Date.now() - crashedAtMs).toBeLessThan(8_000 * slowness);
      expect(await portsInUse(run)).toEqual([]);
    },
    90_000,
  );

  it('says so when the folder for its data cannot be one', async () => {
    const run = await npmStart('--data', 'package.json');

    const exitCode = await run.exitCode();

    expect(run.output()).toMatch(/^The folder of --data cannot be used: E\w+: .*package\.json.*\n$/);
    expect(exitCode).toBe(1);
  });

  it.each([
    ['--exit without a number', ['--exit'], 'error: --exit needs --events'],
    ['events that are no number', ['--events', 'many'], 'The number of events is a whole number'],
    [
      'generation both off and on',
      ['--no-generate', '--events', '3'],
      'error: --no-generate goes with neither',
    ],
    ['a seed that is too large', ['--seed', '4294967296'], 'A seed is a whole number from 0 to 4294967295'],
    ['a folder without a name', ['--data='], 'A folder has a name'],
    ['an unknown option', ['--evnts', '3'], "unknown option '--evnts'"],
  ])('refuses %s with exit code 2 and says where help is', async (_case, args, message) => {
    const run = await npmStart(...args);

    const exitCode = await run.exitCode();

    expect(run.output()).toContain(message);
    expect(run.output()).toContain('npm start -- --help');
    expect(exitCode).toBe(2);
  });
});

/** `12:03` of a run file, in local time as the message has it. */
function startOf(pid: number): string {
  const { startedAt } = JSON.parse(readFileSync(join(RUN_FOLDER, `${pid}.json`), 'utf8')) as {
    startedAt: string;
  };
  return new Date(startedAt).toTimeString().slice(0, 5);
}

const SERVICES = ['libs/local-cloud', 'apps/table-manager', 'apps/event-generator'];

function isService(args: string): boolean {
  return SERVICES.some((entry) => args.includes(entry));
}

/** The child of `run` whose command line names `entry`. */
async function processOn(run: Run, entry: string): Promise<number> {
  const all = await processes();
  const found = all.find(({ parent, args }) => parent === run.child.pid && args.includes(entry));
  if (found === undefined) throw new Error(`no process of ${entry} in ${JSON.stringify(all)}`);
  return found.pid;
}

/** Every process of this machine. */
async function processes(): Promise<{ pid: number; parent: number; args: string }[]> {
  const lister = spawn('ps', ['-A', '-o', 'pid=,ppid=,args='], { stdio: ['ignore', 'pipe', 'inherit'] });
  let listing = '';
  lister.stdout.on('data', (chunk: Buffer) => {
    listing += chunk.toString();
  });
  await once(lister, 'close');
  return listing
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [pid, parent, ...args] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), args: args.join(' ') };
    });
}
