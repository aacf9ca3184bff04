import { afterAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Minutes of publishing; the long runs are the workflow's (.github/workflows/lab.yml). */
const MINUTES = process.env['LAB_MINUTES'] ?? '0.05';
const SEED = process.env['LAB_SEED'] ?? '1';
const LIMIT_MS = 600_000;

interface LabAnswer {
  readonly passed: boolean;
  readonly thrown: Readonly<Record<string, number>>;
  readonly scenarios: readonly {
    readonly scenario: string;
    readonly published: number;
    readonly rows: number;
    readonly deadLetters: Readonly<Record<string, number>>;
    readonly wrong: number;
  }[];
  readonly books: { readonly unaccounted: number };
  readonly deep: { readonly leaves: number; readonly altered: number };
  readonly problems: readonly { readonly messageId: string | null; readonly what: string }[];
  readonly failures: readonly string[];
  readonly restless: { readonly rows: number; readonly moved: number } | null;
  readonly logDirectory: string | null;
}

const folders: string[] = [];

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** `npm run lab -- …` as a person runs it. */
async function runLab(
  ...given: readonly string[]
): Promise<{ readonly exitCode: number | null; readonly result: LabAnswer }> {
  const child = spawn(
    process.execPath,
    ['test/dist/lab/main.js', '--minutes', MINUTES, '--seed', SEED, '--replicas', '2', '--json', ...given],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number | null];
  if (stdout === '') throw new Error(`The lab ended with ${exitCode}:\n${stderr}`);
  const [result] = JSON.parse(stdout) as LabAnswer[];
  if (result === undefined) throw new Error('The lab made no run.');
  if (result.logDirectory !== null) folders.push(dirname(result.logDirectory));
  return { exitCode, result };
}

/** One deed of a bug, by its own word in a service's log; the ids are of the event and of the one it was taken for. */
interface Deed {
  readonly bug: string;
  readonly messageIds: readonly string[];
}

function deedsIn(folder: string): Deed[] {
  return readdirSync(folder).flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^sabotaged (\S+) (.+)$/gm)].map(
      ([, bug = '', ids = '']) => ({ bug, messageIds: ids.split(' ') }),
    ),
  );
}

describe('the lab', () => {
  it(
    'passes: under every fault, each message of each scenario has exactly its expected outcome',
    async () => {
      const { exitCode, result } = await runLab();

      expect(result).toMatchObject({
        passed: true,
        problems: [],
        failures: [],
        books: { unaccounted: 0 },
        deep: { altered: 0 },
      });
      expect(exitCode).toBe(0);
      expect(result.scenarios.map(({ scenario }) => scenario)).toHaveLength(9);
      expect(result.scenarios.every(({ published }) => published > 0)).toBe(true);
      expect(result.scenarios.find(({ scenario }) => scenario === 'huge')?.deadLetters).toEqual({
        TOO_LARGE: 1,
      });
      expect(result.deep.leaves).toBeGreaterThan(100_000);
      expect(result.thrown).toMatchObject({ kill: 1, 'metadata-lag': 1 });
    },
    LIMIT_MS,
  );

  it(
    // The promise of 5 s is the nightly run's: this short form shares its machine with other suites.
    'passes while one producer sends every hostile shape beside nine good ones',
    async () => {
      const { exitCode, result } = await runLab('--scenario', 'hostile', '--max-p99', '300000');

      expect(result.problems).toEqual([]);
      expect(result.failures).toEqual([]);
      expect(result.books.unaccounted).toBe(0);
      expect(result.deep.altered).toBe(0);
      const published = new Map(result.scenarios.map(({ scenario, published: count }) => [scenario, count]));
      expect(published.get('hostile')).toBeGreaterThanOrEqual(22);
      expect([...published.keys()].filter((name) => name.startsWith('good_'))).toHaveLength(9);
      expect(exitCode).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'leaves no value waiting after producers that change all the time, a retype and a kill',
    async () => {
      const { exitCode, result } = await runLab('--scenario', 'restless');

      expect(result).toMatchObject({
        passed: true,
        problems: [],
        failures: [],
        books: { unaccounted: 0 },
        deep: { altered: 0 },
        thrown: { 'metadata-lag': 1 },
      });
      expect(exitCode).toBe(0);
      expect(result.thrown['kill']).toBeGreaterThan(0);
      expect(result.scenarios.map(({ rows, published }) => rows - published)).toEqual([0]);
      expect(result.restless?.rows).toBe(result.scenarios[0]?.published);
      // At least the codes of the retyped column.
      expect(result.restless?.moved).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'fails and names the event, whichever bug is in table-manager',
    async () => {
      const { exitCode, result } = await runLab(
        '--scenario',
        'type-flip,poison,precision',
        '--sabotage',
        'all',
      );

      const deeds = deedsIn(result.logDirectory ?? '');
      expect([...new Set(deeds.map(({ bug }) => bug))].sort()).toEqual([
        'dead-letter-swallowed',
        'duplicate-merged-wrongly',
        'row-dropped',
        'value-rounded',
      ]);
      const named = new Set(result.problems.map(({ messageId }) => messageId));
      const unnamed = deeds.filter(({ messageIds }) => !messageIds.some((id) => named.has(id)));
      expect(unnamed).toEqual([]);
      expect(result.passed).toBe(false);
      expect(exitCode).toBe(1);
    },
    LIMIT_MS,
  );
});
