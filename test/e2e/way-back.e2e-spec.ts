import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { runPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { archiveDataset } = DEFAULT_PIPELINE_NAMES;
const LIMIT_MS = 300_000;

describe('the way back of a dead letter', () => {
  let pipeline: Pipeline;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'way-back-'));
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
  }, LIMIT_MS);

  afterAll(async () => {
    await pipeline.stop();
    await rm(folder, { recursive: true });
  });

  const run = (...given: readonly string[]): Promise<CommandResult> => runPipeline(pipeline.cloud, ...given);

  async function publishDead(data: string, attributes: Record<string, string> = {}): Promise<string> {
    const id = await pipeline.publish(data, attributes);
    await eventually(() => pipeline.deadLetter(id));
    return id;
  }

  /** The arguments of the command that `explain` recommends, as a shell reads them. */
  async function recommended(id: string): Promise<string[]> {
    const { stdout } = await run('explain', id);
    const command = /pipeline (replay .*)$/m.exec(stdout)?.[1] ?? '';
    return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  }

  /** The rows whose message names this one as its original. */
  async function rowsOfEdits(table: string, id: string): Promise<Record<string, unknown>[]> {
    return pipeline.query(
      `SELECT * EXCEPT (_ingest_time) FROM \`prod_events_dataset.${table}\` WHERE JSON_VALUE(_attributes, '$.pipeline_edit_of') = @id ORDER BY n`,
      { id },
    );
  }

  it(
    'is the command that explain recommends: an edit for an event without a type',
    async () => {
      const id = await publishDead('{"n":1.10,"big":9007199254740993}', { region: 'eu' });
      const other = await publishDead('{"n":2}', { region: 'us' });
      const [, ...rest] = (await recommended(id)).map((word) => word.replace('"TYPE"', '"mended"'));
      expect(rest.slice(0, 2)).toEqual(['--id', id]);

      const { exitCode } = await run('replay', ...rest);

      expect(exitCode).toBe(0);
      const rows = await eventually(async () => {
        const found = await rowsOfEdits('mended', id);
        expect(found).toHaveLength(1);
        return found;
      });
      expect(rows[0]).toMatchObject({ _event_type: 'mended', _overflow: null });
      // As text, because the client makes a double of an INT64.
      const digits = await pipeline.query(
        'SELECT CAST(big AS STRING) AS big FROM `prod_events_dataset.mended`',
      );
      expect(digits).toEqual([{ big: '9007199254740993' }]);
      await eventually(async () => {
        const { stdout } = await run('replay', '--dry-run', '--json', '--attribute', 'region=eu');
        expect(JSON.parse(stdout)).toMatchObject({ outcomes: [] });
      });
      const { stdout } = await run('replay', '--dry-run', '--json', '--attribute', 'region=us');
      expect(JSON.parse(stdout)).toMatchObject({ hopeless: 1, outcomes: [{ sample: other }] });
    },
    LIMIT_MS,
  );

  it(
    'is the command that explain recommends: a split for an array of events',
    async () => {
      const id = await publishDead('[{"event_type":"parted","n":1},{"event_type":"parted","n":2}]');
      const [, ...rest] = await recommended(id);
      expect(rest).toEqual(['--id', id, '--split']);

      const { exitCode } = await run('replay', ...rest);

      expect(exitCode).toBe(0);
      await eventually(async () => {
        const rows = await rowsOfEdits('parted', id);
        expect(rows.map(({ n }) => n)).toEqual([1, 2]);
      });
    },
    LIMIT_MS,
  );

  it(
    'is a mended copy for bytes that no edit can read',
    async () => {
      const id = await publishDead('{"event_type":"twice","n":1,"n":2}', { source: 'shop' });
      const file = join(folder, 'mended.ndjson');
      expect((await run('dead-letters', 'export', '--id', id, '--output', file)).exitCode).toBe(0);
      const exported = await readFile(file, 'utf8');
      expect(JSON.parse(exported)).toMatchObject({
        message_id: id,
        reason: 'DUPLICATE_KEY',
        attributes: { source: 'shop' },
      });
      await writeFile(file, exported.replace(String.raw`,\"n\":2`, ''));

      const { exitCode, stderr } = await run('backfill', file, '--format', 'dead-letters');

      expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
      await eventually(async () => {
        const rows = await rowsOfEdits('twice', id);
        expect(rows.map(({ n }) => n)).toEqual([1]);
      });
      const archived = await pipeline.query<{ n: number }>(
        `SELECT COUNT(*) AS n FROM \`${archiveDataset}._raw_events\` WHERE message_id = @id`,
        { id },
      );
      expect(archived).toEqual([{ n: 1 }]);
    },
    LIMIT_MS,
  );

  /** Dead letters and dismissed ones in the books. */
  async function books(): Promise<{ deadLetters: number; dismissed: number; unaccounted: number }> {
    const { stdout } = await run('audit', '--json');
    const { totals } = JSON.parse(stdout) as { totals: Record<string, number> };
    const { deadLetters = 0, dismissed = 0, unaccounted = 0 } = totals;
    return { deadLetters, dismissed, unaccounted };
  }

  it(
    'may be that an operator dismisses it with a reason, and takes that back',
    async () => {
      const id = await publishDead('not an event: {secret}');
      const before = await books();
      const listed = async (...options: readonly string[]): Promise<boolean> =>
        (await run('dead-letters', 'list', ...options)).stdout.includes(id);

      const without = await run('dead-letters', 'dismiss', '--id', id);
      expect(without).toMatchObject({ exitCode: 2, stderr: 'Name the reason with --because.\n' });
      const marked = await run('dead-letters', 'dismiss', '--id', id, '--because', 'a load test');

      expect(marked).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^1 message dismissed\. To take/),
      });
      expect(await books()).toEqual({
        ...before,
        deadLetters: before.deadLetters - 1,
        dismissed: before.dismissed + 1,
      });
      expect([await listed(), await listed('--dismissed')]).toEqual([false, true]);
      const shown = await run('dead-letters', 'show', id);
      expect(shown.stdout).toMatch(/^dismissed {4}20.* by pipeline@.*: a load test$/m);
      const again = await run(
        'dead-letters',
        'dismiss',
        '--reason',
        'NOT_JSON',
        '--because',
        'x',
        '--since',
        '1h',
      );
      expect(again).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^No dead letter matches/) });

      expect(await run('dead-letters', 'dismiss', '--undo', '--id', id)).toMatchObject({ exitCode: 0 });
      expect(await books()).toEqual(before);
      expect([await listed(), await listed('--dismissed')]).toEqual([true, false]);
    },
    LIMIT_MS,
  );

  it(
    'shows its payload as text and its publish time as a timestamp in the view',
    async () => {
      const id = await publishDead('{"schön": 1,}');

      const rows = await pipeline.query(
        'SELECT payload, publish_time < CURRENT_TIMESTAMP() AS is_past FROM `prod_events_dataset.dead_letters` WHERE message_id = @id',
        { id },
      );

      expect(rows).toEqual([{ payload: '{"schön": 1,}', is_past: true }]);
    },
    LIMIT_MS,
  );

  it('is not looked for by a reason that does not exist', async () => {
    expect(await run('replay', '--reason', 'NOT_JSN')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/Did you mean NOT_JSON\? Reasons: ENVELOPE_INVALID, .*APPEND_REJECTED/),
    });
  });
});
