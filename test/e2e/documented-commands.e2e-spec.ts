import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePorts } from '../harness/ports.js';
import {
  commandsOfPages,
  examplesOf,
  hintsOf,
  splitCommands,
  subcommandsOf,
  type DocumentedCommand,
} from './documented-commands.js';
import { NOT_RUN } from './commands-not-run.js';
import { eventually } from './eventually.js';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = join(ROOT, 'apps/cli/dist/main.js');
const LIMIT_MS = 900_000;
/** Default ports as the pages have them, in the order of `--port-base`. */
const DEFAULT_PORTS = [8085, 9050, 9060, 4443, 9080, 8080, 8081, 8082];
/** The programs that a machine may lack. */
const OPTIONAL_PROGRAMS = ['bq', 'gcloud', 'jq'];

interface Ran extends DocumentedCommand {
  readonly exitCode: number | null;
  readonly output: string;
}

describe('splitCommands', () => {
  it.each([
    ['a\n# comment\nb  # why', ['a', 'b  # why']],
    ["curl \\\n  -d 'x\n y'\nnext", ["curl \\\n  -d 'x\n y'", 'next']],
    ["a   # no one's quote\nb", ["a   # no one's quote", 'b']],
    ["SETTING='a b'\nOTHER=1 run", ['OTHER=1 run']],
  ])('divides %j', (block, expected) => {
    expect(splitCommands(block)).toEqual(expected);
  });
});

describe('every documented command', () => {
  let folder: string;
  let start: ChildProcess;
  let environment: NodeJS.ProcessEnv;
  let ports: number[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'documented-'));
    ports = await freePorts(DEFAULT_PORTS.length);
    environment = {
      ...process.env,
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      PIPELINE_RUN_FOLDER: join(folder, 'run'),
      NO_COLOR: '1',
    };
    writePrograms(join(folder, 'bin'));
    const flags = [
      'pubsub',
      'bigquery',
      'bigquery-storage',
      'storage',
      'eventarc',
      'event-generator',
      'table-manager',
      'console',
    ];
    start = spawn(
      process.execPath,
      [
        MAIN,
        'start',
        '--rate',
        '3',
        ...flags.flatMap((name, index) => [`--${name}-port`, String(ports[index])]),
      ],
      { env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let output = '';
    start.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await eventually(() => {
      expect(output).toMatch(/[1-9]\d* rows/);
      return Promise.resolve();
    }, LIMIT_MS);
    writeFiles(join(folder, 'work'));
    await makeBucket();
  }, LIMIT_MS);

  afterAll(async () => {
    const ended = once(start, 'exit');
    start.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true });
  });

  /** `npx pipeline`, `pipeline` and `npm run pipeline` without the time that npm takes; `curl` that fails where HTTP does. */
  function writePrograms(bin: string): void {
    mkdirSync(bin, { recursive: true });
    const node = `exec '${process.execPath}' '${MAIN}'`;
    const programs = {
      pipeline: `exec env npm_lifecycle_event=npx '${process.execPath}' '${MAIN}' "$@"`,
      npx: `[ "$1" = pipeline ] || exit 99\nshift\nexec pipeline "$@"`,
      npm: `[ "$1 $2" = 'start --' ] && shift 2 && ${node} start "$@"\n[ "$1 $2 $3" = 'run local-cloud --' ] || exit 99\nshift 3\nexec '${process.execPath}' '${join(ROOT, 'libs/local-cloud/dist/main.js')}' "$@"`,
      curl: `exec /usr/bin/env PATH='${process.env['PATH'] ?? ''}' curl --fail-with-body "$@"`,
    };
    for (const [name, text] of Object.entries(programs))
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  /** The files that the pages name. */
  function writeFiles(work: string): void {
    for (const name of ['', 'fixtures', 'old']) mkdirSync(join(work, name), { recursive: true });
    const orders = [1, 2].map((n) => `{"event_type":"order","order_id":"o-${n}","total":${n}.5}`).join('\n');
    for (const name of ['orders.ndjson', 'fixtures/orders.ndjson'])
      writeFileSync(join(work, name), `${orders}\n`);
    writeFileSync(join(work, 'old/orders.ndjson.gz'), gzipSync(orders));
    writeFileSync(join(work, 'customers.csv'), 'id,zip\n1,01234\n2,12345\n');
    writeFileSync(
      join(work, 'mended.ndjson'),
      '{"message_id":"1","attributes":{},"event":{"event_type":"order","order_id":"o-3"}}\n',
    );
  }

  /** The bucket of the pages, with two objects. */
  async function makeBucket(): Promise<void> {
    const storage = `http://127.0.0.1:${ports[3]}`;
    await fetch(`${storage}/storage/v1/b?project=local-project`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"my-bucket"}',
    });
    for (const day of ['01', '02'])
      await fetch(
        `${storage}/upload/storage/v1/b/my-bucket/o?uploadType=media&name=export/2026-11-${day}.ndjson`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-ndjson' },
          body: `{"event_type":"order","order_id":"export-${day}"}\n`,
        },
      );
  }

  /** The command for this pipeline: its ports and project, and a message that is there. */
  function onThisMachine(text: string, messageId: string): string {
    return DEFAULT_PORTS.reduce(
      (command, port, index) => command.replaceAll(`:${port}`, `:${ports[index] ?? 0}`),
      text,
    )
      .replaceAll(/\b(?:my-project)\b/g, 'local-project')
      .replaceAll(/(?<=pipeline (?:explain|dead-letters show) |--id )(?:ID|MESSAGE_ID|\d+)\b/g, messageId)
      .replaceAll(/\/tmp\/token/g, join(folder, 'token'));
  }

  /** Runs a command; `curl` is tried again until what was published a moment ago is there. */
  async function runUntilThere(command: DocumentedCommand, messageId: string): Promise<Ran> {
    const first = await run(command, messageId);
    if (first.exitCode === 0 || !command.text.startsWith('curl')) return first;
    return eventually(async () => {
      const again = await run(command, messageId);
      if (again.exitCode !== 0) throw new Error(`${command.source}: ${command.text}\n${again.output}`);
      return again;
    }, 60_000);
  }

  async function run(command: DocumentedCommand, messageId: string): Promise<Ran> {
    const isLocal = /--local|--port-base/.test(command.text);
    const emulators = {
      GCP_PROJECT_ID: 'local-project',
      PUBSUB_EMULATOR_HOST: `127.0.0.1:${ports[0]}`,
      BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${ports[1]}`,
      STORAGE_EMULATOR_HOST: `http://127.0.0.1:${ports[3]}`,
    };
    const child = spawn('bash', ['-o', 'pipefail', '-c', onThisMachine(command.text, messageId)], {
      cwd: join(folder, 'work'),
      env: { ...environment, ...(isLocal ? {} : emulators) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { ...command, exitCode, output };
  }

  /** The help text of every command and subcommand. */
  async function helps(): Promise<{ readonly source: string; readonly text: string }[]> {
    const found: { source: string; text: string }[] = [];
    const read = async (words: readonly string[]): Promise<void> => {
      const source = ['pipeline', ...words, '--help'].join(' ');
      const { exitCode, output } = await run({ source, text: source }, '');
      if (exitCode !== 0) throw new Error(`${source}: ${output}`);
      found.push({ source, text: output });
      for (const name of subcommandsOf(output)) if (name !== 'start') await read([...words, name]);
    };
    await read([]);
    const started = await run({ source: 'npm start -- --help', text: 'npm start -- --help' }, '');
    return [...found, { source: 'npm start -- --help', text: started.output }];
  }

  async function deadLetterId(): Promise<string> {
    await fetch(
      `http://127.0.0.1:${ports[0]}/v1/projects/local-project/topics/backend-events-topic:publish`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ messages: [{ data: Buffer.from('{"no":"type"}').toString('base64') }] }),
      },
    );
    return eventually(async () => {
      const list = { source: '', text: 'pipeline dead-letters list --local --json' };
      const { output } = await run(list, '');
      const { messageId } = (JSON.parse(output) as { messageId: string }[])[0] ?? {};
      if (messageId === undefined) throw new Error(output);
      return messageId;
    });
  }

  const missing = OPTIONAL_PROGRAMS.filter((name) => spawnSync(name, ['--version']).error !== undefined);

  function reasonNotToRun({ text }: DocumentedCommand): string | undefined {
    const program = missing.find((name) => new RegExp(`(^|[\\s|])${name} `, 'm').test(text));
    if (program !== undefined) return `${program} is not installed here`;
    return NOT_RUN.find(({ command }) => command.test(text))?.reason;
  }

  it(
    'runs, or is left out for a reason; so does every command that an output recommends',
    async () => {
      const messageId = await deadLetterId();
      const documented = [
        ...commandsOfPages(),
        ...(await helps()).flatMap(({ source, text }) => examplesOf(source, text)),
      ];
      const results: Ran[] = [];
      const leftOut: string[] = [];
      const seen = new Set<string>();
      const queue = [...documented];
      for (let command = queue.shift(); command !== undefined; command = queue.shift()) {
        const key = command.text.replaceAll(/\s+/g, ' ').replace(/ #.*$/, '');
        if (seen.has(key)) continue;
        seen.add(key);
        const reason = reasonNotToRun(command);
        if (reason !== undefined) {
          leftOut.push(`${command.source}: ${key} (${reason})`);
          continue;
        }
        const result = await runUntilThere(command, messageId);
        results.push(result);
        const shape = (text: string): string => text.replaceAll(/\d[\w:.-]*/g, 'N');
        const known = new Set([...seen].map(shape));
        if (command.text.includes('--json')) continue;
        for (const hint of hintsOf(`output of ${key}`, result.output))
          if (!known.has(shape(hint.text))) {
            known.add(shape(hint.text));
            queue.push(hint);
          }
      }
      process.stdout.write(`${results.length} documented commands ran, ${leftOut.length} were left out:\n`);
      process.stdout.write(leftOut.map((line) => `  ${line}\n`).join(''));

      const failed = results.filter(
        ({ text, exitCode }) => exitCode !== 0 && !(exitCode === 1 && text.includes('pipeline')),
      );
      expect(
        failed.map(
          ({ source, text, exitCode, output }) => `${source}: ${text}\n→ ${exitCode} ${output.slice(0, 600)}`,
        ),
      ).toEqual([]);
      const idle = NOT_RUN.filter(({ command }) => !documented.some(({ text }) => command.test(text)));
      expect(idle).toEqual([]);
      expect(results.length).toBeGreaterThan(50);
    },
    LIMIT_MS,
  );
});
