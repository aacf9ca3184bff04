import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { runPipeline, startPipeline, type CommandResult } from './command-line.js';
import { publishDeadLetters } from './dead-letters.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const { dataset } = DEFAULT_PIPELINE_NAMES;
/** Dead letters that are replayed; the whole count of the promise is 10000. */
const REPLAYS = Number(process.env['BOOKS_REPLAYS'] ?? 400);

/** Events of the contract vectors that take part. */
const VECTORS = 120;

/** Events of the vectors, evenly taken from all of them; those that are written in pieces are left out. */
function contractEvents(): string[] {
  const folder = 'test/contracts';
  const events = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .flatMap(
      (file) =>
        (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: { event?: unknown }[] }).cases,
    )
    .flatMap(({ event }) => (typeof event === 'string' ? [event] : []));
  const step = Math.ceil(events.length / VECTORS);
  return events.filter((_, index) => index % step === 0);
}

interface BooksAnswer {
  readonly totals: Readonly<Record<string, number>>;
  readonly unaccounted: readonly { readonly messageId: string }[];
  readonly deep?: {
    readonly rows: number;
    readonly leaves: number;
    readonly altered: number;
    readonly values: unknown;
  };
}

describe('the books of the whole pipeline', () => {
  let pipeline: Pipeline;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'books-'));
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
  }, 300_000);

  afterAll(async () => {
    await pipeline.stop();
    await rm(folder, { recursive: true });
  });

  const run = (...given: readonly string[]): Promise<CommandResult> => runPipeline(pipeline.cloud, ...given);

  async function audit(
    ...given: readonly string[]
  ): Promise<BooksAnswer & { readonly exitCode: number | null }> {
    const { exitCode, stdout, stderr } = await run('audit', '--json', '--in-progress-seconds', '0', ...given);
    if (stdout === '') throw new Error(stderr);
    return { exitCode, ...(JSON.parse(stdout) as BooksAnswer) };
  }

  async function balanced(): Promise<BooksAnswer> {
    return eventually(async () => {
      const books = await audit();
      expect(books.totals['unaccounted']).toBe(0);
      return books;
    }, 300_000);
  }

  it('balance: rows and dead letters are what was received, and every value is what it was', async () => {
    const orders = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pipeline.publish({
          event_type: 'order',
          order_id: `o-${index}`,
          total: index,
          at: '2026-11-23T10:00:00+02:00',
        }),
      ),
    );
    await pipeline.publish('{"event_type":"order","total":"twelve","big":123456789012345678901234567890.5}');
    await pipeline.publish(
      '{"event_type":"stock","levels":[{"sku":"a","n":1.50},{"sku":"b"}],"Ünï-code":"😀"}',
    );
    await pipeline.publish('this is no event');
    await balanced();

    const books = await audit('--deep');

    expect(books.exitCode).toBe(0);
    expect(books.totals).toMatchObject({
      received: orders.length + 3,
      rows: orders.length + 2,
      deadLetters: 1,
    });
    expect(books.deep).toMatchObject({ rows: orders.length + 2, altered: 0, values: [] });
  }, 300_000);

  it('balance over the events of the contract vectors, all in one table: no value is altered', async () => {
    const events = contractEvents();
    await Promise.all(events.map((event) => pipeline.publish(event, { event_type: 'vector' })));
    await balanced();

    const books = await audit('--deep');

    expect(books.deep).toMatchObject({ altered: 0, values: [] });
    expect(books.deep?.rows).toBeGreaterThan(VECTORS / 2);
    const ids = [...(await pipeline.messageIds('vector'))].slice(0, 2);
    for (const explained of await Promise.all(ids.map((id) => run('explain', id)))) {
      expect(explained).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining('It is a row of table'),
      });
    }
  }, 300_000);

  it('name a deleted row, and a replay brings it back', async () => {
    const messageId = await pipeline.publish({ event_type: 'order', order_id: 'deleted' });
    await eventually(() => pipeline.row('orders', messageId));
    await pipeline.query(`DELETE FROM \`${dataset}.orders\` WHERE _message_id = @messageId`, { messageId });

    const holed = await audit();
    const replayed = await run('replay', '--unaccounted', '--in-progress-seconds', '0');
    const row = await eventually(() => pipeline.row('orders', messageId));

    expect(holed.exitCode).toBe(1);
    expect(holed.unaccounted.map((message) => message.messageId)).toEqual([messageId]);
    expect(replayed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 replayed') });
    expect(row).toMatchObject({ order_id: 'deleted', _message_id: messageId });
    expect((await balanced()).totals).toMatchObject({ duplicates: 0 });
  }, 300_000);

  it('name an altered value', async () => {
    const messageId = await pipeline.publish({ event_type: 'order', order_id: 'altered', total: 7 });
    await eventually(() => pipeline.row('orders', messageId));
    await pipeline.query(`UPDATE \`${dataset}.orders\` SET total = 8 WHERE _message_id = @messageId`, {
      messageId,
    });

    const altered = await audit('--deep');
    const explained = await run('explain', messageId);
    await pipeline.query(`UPDATE \`${dataset}.orders\` SET total = 7 WHERE _message_id = @messageId`, {
      messageId,
    });

    expect(altered.exitCode).toBe(1);
    expect(altered.deep?.values).toEqual([
      { table: 'orders', messageId, pointer: '/total', problem: 'changed' },
    ]);
    expect(explained).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('it was altered') });
  }, 300_000);

  it('explain one event: its bytes, its row, and where every value is', async () => {
    const messageId = await pipeline.publish('{"event_type":"order","total":"many","order_id":"o-9"}');
    await eventually(() => pipeline.row('orders', messageId));

    const { exitCode, stdout } = await run('explain', messageId);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('It is a row of table orders.');
    expect(stdout).toContain('In column order_id (STRING).');
    expect(stdout).toMatch(
      /Kept exactly in _overflow\. It is text, and column total holds (INT64|NUMERIC)\./,
    );
    expect(stdout).toContain('{"event_type":"order","total":"many","order_id":"o-9"}');
  }, 300_000);

  it(`replay ${REPLAYS} dead letters twice, killed in the middle: one event each`, async () => {
    const before = await balanced();
    const letters = await publishParcels(REPLAYS);
    await eventually(async () => {
      const groups = JSON.parse(
        (await run('dead-letters', 'groups', '--json', '--reason', 'APPEND_REJECTED')).stdout,
      ) as {
        messages: number;
      }[];
      expect(groups[0]?.messages).toBe(REPLAYS);
    }, 300_000);

    const first = startPipeline(
      pipeline.cloud,
      'replay',
      '--reason',
      'APPEND_REJECTED',
      '--rate',
      String(REPLAYS / 10),
    );
    await eventually(async () => {
      const rows = (await idsOf('parcel')).size;
      expect({ rows, said: first.stderr() }).toEqual({
        rows: expect.any(Number),
        said: expect.stringContaining('replayed'),
      });
      expect(rows).toBeGreaterThan(REPLAYS / 8);
    }, 300_000);
    first.process.kill('SIGKILL');
    await first.result;
    expect((await idsOf('parcel')).size).toBeLessThan(REPLAYS);

    const dryRun = await run('replay', '--reason', 'APPEND_REJECTED', '--dry-run');
    expect(dryRun).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(' would be replayed') });
    const again = await run('replay', '--reason', 'APPEND_REJECTED');
    expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(' replayed') });
    await eventually(async () => {
      expect(await idsOf('parcel')).toEqual(new Set(letters));
    }, 300_000);

    const rows = await pipeline.query<{ n: number }>(
      `SELECT COUNT(*) AS n FROM \`${dataset}.parcel_unique\``,
    );
    expect(rows).toEqual([{ n: REPLAYS }]);
    expect((await run('replay', '--reason', 'APPEND_REJECTED')).stdout).toContain('Nothing to replay');
    const after = await balanced();
    expect(after.totals['deadLetters']).toBe(before.totals['deadLetters']);
    expect(after.totals['rows']).toBe((before.totals['rows'] ?? 0) + REPLAYS);
  }, 1_200_000);

  it('refuse the fifth attempt', async () => {
    const [messageId = ''] = await publishParcels(1, 4);
    await eventually(async () => {
      const letters = JSON.parse(
        (await run('dead-letters', 'list', '--json', '--table', 'parcel')).stdout,
      ) as {
        messageId: string;
      }[];
      expect(letters.filter((letter) => letter.messageId === messageId)).toHaveLength(4);
    });

    const refused = await run('replay', '--id', messageId);
    const forced = await run('replay', '--id', messageId, '--force');

    expect(refused).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('1 refused after four attempts'),
    });
    expect(forced).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('1 replayed') });
    await eventually(() => pipeline.row('parcel', messageId));
  }, 300_000);

  it('go to _ledger over HTTP, with the metric', async () => {
    const url = `http://127.0.0.1:${pipeline.tableManagerPort}`;
    const now = Date.now();
    const response = await fetch(`${url}/audit`, {
      method: 'POST',
      body: JSON.stringify({ since: '3h', until: new Date(now).toISOString() }),
    });
    const metrics = await (await fetch(`${url}/metrics`)).text();

    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ totals: { unaccounted: 0 }, unaccounted: [] });
    expect(metrics).toContain('pipeline_unaccounted_events 0');
    expect((await fetch(`${url}/audit`, { method: 'POST', body: '{"since":"soon"}' })).status).toBe(400);
  }, 300_000);

  it.each<[string, readonly string[], number, RegExp]>([
    ['help', ['--help'], 0, /audit[\s\S]*explain[\s\S]*replay|audit[\s\S]*replay[\s\S]*explain/],
    ['help of a command with examples', ['replay', '--help'], 0, /Examples:[\s\S]*Exit codes:/],
    ['an unknown command', ['adit'], 2, /unknown command/],
    ['an unknown option', ['audit', '--deeep'], 2, /unknown option[\s\S]*See pipeline audit --help/],
    ['a time that is none', ['audit', '--since', 'yesterday'], 2, /Use a duration \(30m, 24h, 7d\)/],
    ['a missing argument', ['explain'], 2, /missing required argument/],
    ['a dataset that is not there', ['audit', '--dataset', 'nowhere'], 3, /Dataset local-project:nowhere/],
    [
      'a topic that is not there',
      ['backfill', 'FILE', '--topic', 'nowhere'],
      3,
      /topic nowhere does not exist/,
    ],
    ['a file that is not there', ['backfill', '/no/such/file'], 2, /There is no file/],
    ['an unknown message', ['explain', '1'], 1, /No message with this id is in the archive/],
    ['nothing to replay', ['replay', '--reason', 'TOO_LARGE'], 0, /Nothing to replay/],
  ])('a person types: %s', async (_name, given, exitCode, words) => {
    const file = join(folder, 'events.ndjson');
    await writeFile(file, '{"event_type":"typed","n":1}\n');

    const result = await run(...given.map((word) => (word === 'FILE' ? file : word)));

    expect(`${result.stdout}${result.stderr}`).toMatch(words);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('a person types without permission: the exit code is 3 and the words are BigQuery’s', async () => {
    const faults = `${pipeline.cloud.urls.bigquery}/admin/faults`;
    const error = { code: 403, reason: 'accessDenied', message: 'Access Denied: no bigquery.jobs.create' };
    await fetch(faults, { method: 'POST', body: JSON.stringify({ method: 'jobs.query', rate: 1, error }) });

    const denied = await run('audit');
    await fetch(faults, { method: 'DELETE' });

    expect(denied).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('Access Denied') });
  });

  it('a person presses Ctrl-C in a backfill: it ends what it began and says how to go on', async () => {
    const file = join(folder, 'many.ndjson');
    await writeFile(file, '{"event_type":"typed","n":1}\n'.repeat(1_000));
    const command = startPipeline(pipeline.cloud, 'backfill', file, '--rate', '20');
    await eventually(() => {
      expect(command.stderr()).toContain('published');
      return Promise.resolve();
    });

    command.process.kill('SIGINT');
    const { exitCode, stdout } = await command.result;

    expect(exitCode).toBe(130);
    const [, published, skip] = /(\d+) events published\. Go on with --skip (\d+)\./.exec(stdout) ?? [];
    expect(published).toBe(skip);
    await eventually(async () => {
      expect((await idsOf('typed')).size).toBe(Number(published));
    });
  }, 300_000);

  function publishParcels(count: number, attempts = 1): Promise<string[]> {
    const data = Array.from({ length: count }, (_, index) =>
      JSON.stringify({ event_type: 'parcel', index, weight: index / 4 }),
    );
    return publishDeadLetters(pipeline, { table: 'parcel', eventType: 'parcel', data, attempts });
  }

  async function idsOf(table: string): Promise<Set<string>> {
    return pipeline.messageIds(table).catch(() => new Set<string>());
  }
});
