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
});
