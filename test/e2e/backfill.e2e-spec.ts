import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { PlanReport } from '@pipeline/bigquery-tables';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { freePort } from '../harness/ports.js';
import { runPipeline, startPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { projectId, dataset, archiveDataset } = DEFAULT_PIPELINE_NAMES;
const BUCKET = 'exports';

/** Lines `{"n":…}`, whose type is said by the command. */
function lines(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => `{"n":${from + index}}\n`).join('');
}

describe('backfill', () => {
  let pipeline: Pipeline;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'backfill-'));
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    await storage(`/storage/v1/b?project=${projectId}`, JSON.stringify({ name: BUCKET }));
    // A blank line, and no line feed at the end.
    await upload('day/1.ndjson', `${lines(1, 3)}\n{"n":4}`);
    await upload('day/2.ndjson.gz', gzipSync(lines(5, 7)));
    await upload('day/3.ndjson', gzipSync(lines(8, 9)), 'gzip');
    await upload('day/4.ndjson.gz', gzipSync(lines(10, 11)), 'gzip');
    await upload('days-of-old.ndjson', lines(12, 20));
    await upload('cut.ndjson.gz', gzipSync(lines(1, 2)).subarray(0, -9));
  }, 300_000);

  afterAll(async () => {
    await pipeline.stop();
    await rm(folder, { recursive: true });
  });

  async function storage(path: string, body: string | Buffer): Promise<void> {
    const response = await fetch(`${pipeline.cloud.urls.storage}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  function upload(name: string, bytes: string | Buffer, contentEncoding = ''): Promise<void> {
    const query = new URLSearchParams({ uploadType: 'media', name, contentEncoding });
    return storage(`/upload/storage/v1/b/${BUCKET}/o?${query.toString()}`, bytes);
  }

  const run = (...given: readonly string[]): Promise<CommandResult> =>
    runPipeline(pipeline.cloud, 'backfill', ...given);

  /** The numbers in a table, in order, each as often as it is there. */
  async function numbersIn(table: string): Promise<number[]> {
    const rows = await pipeline.query<{ n: number }>(`SELECT n FROM \`${dataset}.${table}\` ORDER BY n`);
    return rows.map(({ n }) => n);
  }

  it.each<[string, string, readonly string[], object, readonly number[]]>([
    ['one object', 'one', ['gs://exports/day/1.ndjson'], { published: 4, doneLines: 5 }, [1, 2, 3, 4]],
    [
      'an object that was packed before it was stored',
      'packed',
      ['gs://exports/day/2.ndjson.gz'],
      { published: 3, doneLines: 3 },
      [5, 6, 7],
    ],
    [
      'an object that is stored packed, as gcloud storage cp --gzip-local does',
      'encoded',
      ['gs://exports/day/3.ndjson'],
      { published: 2, doneLines: 2 },
      [8, 9],
    ],
    [
      'every object that begins so, and no other',
      'every',
      ['gs://exports/day/*', '--local'],
      { published: 11, doneLines: 12 },
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    ],
    [
      'several, in order, from the line on that is named',
      'several',
      ['gs://exports/day/2.ndjson.gz', 'gs://exports/day/1.ndjson', '--skip', '2'],
      { published: 5, doneLines: 8 },
      [1, 2, 3, 4, 7],
    ],
  ])('publishes %s', async (_name, eventType, given, expected, numbers) => {
    const options = ['--event-type', eventType, '--attribute', 'source=import', '--json'];

    const { exitCode, stdout, stderr } = await run(...given, ...options);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
    const { plan, ...result } = JSON.parse(stdout) as { plan: PlanReport };
    expect(result).toEqual({
      ...expected,
      known: 0,
      runId: expect.any(String),
      firstMessageId: expect.any(String),
      lastMessageId: expect.any(String),
    });
    expect(plan).toMatchObject({ events: numbers.length, tables: [{ table: eventType, conflicts: [] }] });
    await eventually(async () => {
      expect(await numbersIn(eventType)).toEqual(numbers);
      expect(await archived(eventType)).toEqual({ all: numbers.length, imported: numbers.length });
    });
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ['a bucket', ['gs://nowhere/a.ndjson'], 3, /gs:\/\/nowhere\/a\.ndjson: .*bucket does not exist/],
    ['a bucket to look into', ['gs://nowhere/a*'], 3, /gs:\/\/nowhere\/a\*: .*bucket does not exist/],
    ['an object', ['gs://exports/none.ndjson'], 3, /gs:\/\/exports\/none\.ndjson: No such object/],
    ['every object', ['gs://exports/none*'], 3, /gs:\/\/exports\/none\*: no object begins so/],
    ['the name of an object', ['gs://exports'], 2, /gs:\/\/exports names no object/],
    [
      'the second of two',
      ['gs://exports/day/1.ndjson', 'gs://exports/none*'],
      3,
      /gs:\/\/exports\/none\*: no object begins so/,
    ],
  ])('publishes nothing where %s is missing', async (_name, given, exitCode, words) => {
    const { stdout, stderr, ...ended } = await run(...given);

    expect({ stdout, exitCode: ended.exitCode }).toEqual({ stdout: '', exitCode });
    // One line, in which is no progress.
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(words)]);
  });

  it('says that what was packed is broken', async () => {
    const result = await run('gs://exports/cut.ndjson.gz', '--event-type', 'cut');

    expect(result).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/cut\.ndjson\.gz is packed by gzip and broken: unexpected end of file/),
    });
  });

  it('says that the local cloud is not there', async () => {
    const { ports, urls } = pipeline.cloud;
    const gone = { ports, urls: { ...urls, storage: `http://127.0.0.1:${await freePort()}` } };

    const result = await runPipeline(gone, 'backfill', 'gs://exports/day/1.ndjson');

    expect(result).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('local cloud does not answer'),
    });
  }, 300_000);

  it('says that there is no topic, although lines are still to come', async () => {
    const file = join(folder, 'many.ndjson');
    await writeFile(file, lines(1, 500));

    const result = await run(file, '--topic', 'nowhere', '--rate', '50');

    expect(result).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('topic nowhere does not exist'),
    });
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  /** Messages of a type in the archive, and how many of them have the attribute. */
  async function archived(eventType: string): Promise<unknown> {
    const [counts] = await pipeline.query(
      `SELECT COUNT(*) AS \`all\`, COUNTIF(JSON_VALUE(attributes, '$.source') = 'import') AS imported
FROM \`${archiveDataset}._raw_events\` WHERE JSON_VALUE(attributes, '$.event_type') = @eventType`,
      { eventType },
    );
    return counts;
  }

  it('publishes nothing if one of the files is in another format, or a folder', async () => {
    const [good, csv] = [join(folder, 'good.ndjson'), join(folder, 'events.txt')];
    await writeFile(good, '{"event_type":"format","n":1}\n');
    await writeFile(csv, 'event_type,n\nformat,2\n');
    await upload('copy.avro', Buffer.from('Obj\u0001\u0004\u0016avro.schema', 'latin1'));

    expect(await run(good, csv)).toMatchObject({
      exitCode: 2,
      stderr: `${csv} looks like CSV: read it as CSV with --format csv, or give it a name that ends in .csv or .tsv.\n`,
    });
    expect(await run(good, `gs://${BUCKET}/copy.avro`)).toMatchObject({
      exitCode: 2,
      stderr: `gs://${BUCKET}/copy.avro is an Avro file that is cut off.\n`,
    });
    expect(await run(good, folder, '--json')).toMatchObject({
      exitCode: 2,
      stderr: `${JSON.stringify({ error: { message: `${folder} is a folder: name its files (${folder}/*).`, exitCode: 2 } })}\n`,
    });
    const archived = await pipeline.query<{ n: number }>(
      `SELECT COUNT(*) AS n FROM \`${archiveDataset}._raw_events\` WHERE STRPOS(SAFE_CONVERT_BYTES_TO_STRING(data), '"format"') > 0`,
    );
    expect(archived).toEqual([{ n: 0 }]);
  }, 300_000);

  it('names topic and project, and asks before it publishes to Google Cloud', async () => {
    const good = join(folder, 'good.ndjson');

    const real = await run(good);
    expect(real.stderr).toContain(
      `Publishing to topic backend-events-topic of project ${projectId} (local)\n`,
    );
    const refused = spawnSync(
      process.execPath,
      ['apps/cli/dist/main.js', 'backfill', good, '--project', 'p'],
      {
        env: { PATH: process.env['PATH'] ?? '', METADATA_SERVER_DETECTION: 'none' },
        encoding: 'utf8',
      },
    );
    expect({ status: refused.status, stderr: refused.stderr }).toEqual({
      status: 2,
      stderr: 'The events are published to topic backend-events-topic of project p. Allow it with --yes.\n',
    });
  }, 300_000);

  /** `pipeline plan` of the same arguments. */
  async function planned(...given: readonly string[]): Promise<PlanReport> {
    const { stdout } = await runPipeline(pipeline.cloud, 'plan', ...given, '--json');
    return JSON.parse(stdout) as PlanReport;
  }

  it('shows the plan of plan and makes it true: the types of all events decide, also in arrays of objects', async () => {
    const file = join(folder, 'carts.ndjson');
    const cart = (price: string): string => `{"event_type":"cart","items":[{"sku":"a","price":${price}}]}\n`;
    await writeFile(file, cart('10').repeat(20) + cart('9.5').repeat(20));

    const plan = await planned(file);
    const ran = await run(file, '--json');

    expect(JSON.parse(ran.stdout)).toMatchObject({ plan, published: 40 });
    await eventually(async () => {
      const [counts] = await pipeline.query(
        `SELECT COUNT(*) AS carts, COUNTIF(_overflow IS NOT NULL) AS overflowed, CAST(SUM(items[0].price) AS STRING) AS total FROM \`${dataset}.cart\``,
      );
      expect(counts).toEqual({ carts: 40, overflowed: 0, total: '390' });
    });
    expect(await planned(file)).toMatchObject({ tables: [{ action: 'unchanged', conflicts: [] }] });
    const history = await runPipeline(pipeline.cloud, 'history', 'cart', '--json');
    expect(history.stdout).toMatch(/"actor": "pipeline@/);
    const { runId } = JSON.parse(ran.stdout) as { runId: string };
    const table = await pipeline.tables.read('cart');
    expect(table?.schema.columns.find(({ name }) => name === 'items')?.description).toContain(
      `in message backfill:${runId}.`,
    );
  }, 300_000);

  it('records each run, and says that a source was backfilled before', async () => {
    const file = join(folder, 'recorded.ndjson');
    await writeFile(file, lines(1, 3));

    const first = await run(file, '--event-type', 'recorded', '--json');
    const again = await run(file, '--event-type', 'recorded');

    const { runId, firstMessageId, lastMessageId } = JSON.parse(first.stdout) as Record<string, string>;
    const records = await pipeline.query(
      `SELECT outcome, lines, done_lines, published, known, first_message_id, last_message_id, TO_JSON_STRING(sources) AS sources FROM \`${dataset}._backfills\` WHERE run_id = @runId`,
      { runId: runId ?? '' },
    );
    expect(records).toEqual([
      {
        outcome: 'completed',
        lines: 3,
        done_lines: 3,
        published: 3,
        known: 0,
        first_message_id: firstMessageId,
        last_message_id: lastMessageId,
        sources: JSON.stringify([file]),
      },
    ]);
    expect(again.stderr).toContain(
      `(run ${runId ?? ''}, 3 events): without --skip-known its events are published again, as new messages.`,
    );
  }, 300_000);

  it('leaves out with --skip-known what the archive has, as often as it has it, and with another attribute nothing', async () => {
    const file = join(folder, 'known.ndjson');
    await writeFile(file, lines(1, 4) + lines(2, 2));
    const half = join(folder, 'half.ndjson');
    await writeFile(half, lines(1, 2));
    expect(await run(half, '--event-type', 'known')).toMatchObject({ exitCode: 0 });
    await eventually(async () => {
      expect(await archived('known')).toMatchObject({ all: 2 });
    });

    const ran = await run(file, '--event-type', 'known', '--skip-known', '--json');

    expect(JSON.parse(ran.stdout)).toMatchObject({ published: 3, known: 2, doneLines: 5 });
    await eventually(async () => {
      expect(await numbersIn('known')).toEqual([1, 2, 2, 3, 4]);
    });
    const other = await run(file, '--event-type', 'other', '--skip-known', '--json');
    expect(JSON.parse(other.stdout)).toMatchObject({ published: 5, known: 0 });
  }, 300_000);

  it('goes on exactly after it was killed', async () => {
    const file = join(folder, 'killed.ndjson');
    await writeFile(file, lines(1, 60));
    const options = [file, '--event-type', 'killed'];
    const command = startPipeline(pipeline.cloud, 'backfill', ...options, '--rate', '20');
    await eventually(async () => {
      expect(await archived('killed')).not.toMatchObject({ all: 0 });
    });
    command.process.kill('SIGKILL');
    await command.result;
    // What was in flight has arrived when nothing more does.
    let before: unknown = null;
    let still = 0;
    await eventually(async () => {
      const now = await archived('killed');
      still = JSON.stringify(now) === JSON.stringify(before) ? still + 1 : 0;
      before = now;
      expect(still).toBeGreaterThan(10);
    });
    const records = await pipeline.query(
      `SELECT outcome FROM \`${dataset}._backfills\` WHERE STRPOS(TO_JSON_STRING(sources), 'killed.ndjson') > 0`,
    );
    expect(records).toEqual([{ outcome: 'running' }]);

    const again = await run(...options, '--skip-known', '--rate', '1000', '--json');

    const { published, known } = JSON.parse(again.stdout) as { published: number; known: number };
    expect({ exitCode: again.exitCode, lines: published + known, all: known > 0 }).toEqual({
      exitCode: 0,
      lines: 60,
      all: true,
    });
    await eventually(async () => {
      expect(await numbersIn('killed')).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    });
  }, 300_000);

  it('publishes the Cloud Storage copy with attributes, and leaves out what has a row', async () => {
    const file = join(folder, 'original.ndjson');
    await writeFile(file, lines(1, 3));
    await run(file, '--event-type', 'copied', '--attribute', 'source=shop');
    const copies = `gs://${DEFAULT_PIPELINE_NAMES.eventsBucket}/events/*`;
    await eventually(async () => {
      const plan = await planned(copies);
      expect(plan.tables.find(({ table }) => table === 'copied')).toMatchObject({ events: 3 });
    });

    const known = await run(copies, '--skip-known', '--json');
    expect(JSON.parse(known.stdout)).toMatchObject({ published: 0 });

    const kept = await run(copies, '--keep-ids', '--json');
    expect(kept.exitCode).toBe(0);
    await eventually(async () => {
      const rows = await pipeline.query(
        `SELECT n, COUNT(*) AS copies, COUNT(DISTINCT _message_id) AS ids, MIN(JSON_VALUE(_attributes.source)) AS source FROM \`${dataset}.copied\` GROUP BY n ORDER BY n`,
      );
      expect(rows).toEqual([1, 2, 3].map((n) => ({ n, copies: 2, ids: 1, source: 'shop' })));
    });
  }, 300_000);

  it('publishes CSV by its name, columns typed by all their cells', async () => {
    const file = join(folder, 'customers.csv');
    await writeFile(file, 'id,zip,vip\n1,01234,true\n2,12345,\n');

    const ran = await run(file, '--event-type', 'customer', '--json');

    expect(JSON.parse(ran.stdout)).toMatchObject({
      published: 2,
      plan: await planned(file, '--event-type', 'customer').then(({ events, rejected }) => ({
        events,
        rejected,
      })),
    });
    await eventually(async () => {
      expect(await pipeline.query(`SELECT id, zip, vip FROM \`${dataset}.customer\` ORDER BY id`)).toEqual([
        { id: 1, zip: '01234', vip: true },
        { id: 2, zip: '12345', vip: null },
      ]);
    });
  }, 300_000);
});
