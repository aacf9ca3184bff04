import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalCloud, startLocalCloud } from './local-cloud.js';

const execute = promisify(execFile);
const folder = (name: string): string => fileURLToPath(new URL(`../clients/${name}`, import.meta.url));
const ENVIRONMENT = fileURLToPath(new URL('../../../.cache/python-clients', import.meta.url));
const PYTHON = `${ENVIRONMENT}/bin/python`;

/** Ends installing or building that hangs. */
const LIMIT_MS = 900_000;

type Command = readonly [program: string, ...args: string[]];

/** The commands that fetch a program's libraries, and the one that builds it and prints its facts. */
const LANGUAGES: readonly {
  readonly name: string;
  readonly install: readonly Command[];
  readonly run: Command;
}[] = [
  {
    name: 'python',
    install: [
      ['python3', '-m', 'venv', ENVIRONMENT],
      [PYTHON, '-m', 'pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
    ],
    run: [PYTHON, 'facts.py'],
  },
  { name: 'go', install: [['go', 'mod', 'download']], run: ['go', 'run', '.'] },
  {
    name: 'java',
    install: [['mvn', '--batch-mode', '--quiet', 'dependency:resolve']],
    run: ['mvn', '--batch-mode', '--quiet', 'compile', 'exec:java'],
  },
];

/** The object that the program of every language prints. */
const FACTS = {
  bigquery: {
    insertErrors: 0,
    rows: [
      {
        id: '9007199254740993',
        price: '12345678901234567890.123456789',
        at: '2026-11-30T08:00:00.123456Z',
        tags: ['a', 'ü'],
        owner: 'Ada',
      },
      { id: '1', price: null, at: null, tags: [], owner: null },
    ],
    idFoundByParameter: ['9007199254740993'],
    firstPage: [1, 2, 3],
    allPages: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    rowsLoaded: 2,
    codeOfWrongSql: 400,
    codeOfMissingTable: 404,
  },
  pubsub: { messages: 1000, sum: 499_500, colours: ['blue'], codeOfMissingTopic: 404 },
  storage: {
    names: ['folder/large', 'folder/small'],
    sha256: '+7qyiff5SyVzbFi+RqmUxEH9AlUsxgIjUuPYbS+rfIM=',
    codeAfterDelete: 404,
  },
};

describe('the official clients of other languages', () => {
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
    });
  });
  afterAll(() => cloud.stop());

  it.each(LANGUAGES)(
    '$name reads rows, messages and objects as they were written',
    async ({ name, install, run }) => {
      const cwd = folder(name);
      for (const [program, ...args] of install) {
        const reason = await execute(program, args, { cwd }).then(
          () => undefined,
          (error: unknown) => String(error).trim().split('\n').at(-1),
        );
        if (reason !== undefined) {
          process.stdout.write(`The ${name} clients were not tried: ${reason}\n`);
          return;
        }
      }
      const [program, ...args] = run;
      const { stdout } = await execute(program, args, {
        cwd,
        env: {
          ...process.env,
          GCP_PROJECT_ID: 'local-project',
          BIGQUERY_EMULATOR_HOST: cloud.urls.bigquery,
          STORAGE_EMULATOR_HOST: cloud.urls.storage,
          PUBSUB_EMULATOR_HOST: `${cloud.host}:${cloud.ports.pubsub}`,
        },
      });
      const facts: unknown = JSON.parse(/\{.*\}/.exec(stdout)?.[0] ?? '');
      expect(facts).toEqual(FACTS);
    },
    LIMIT_MS,
  );
});
