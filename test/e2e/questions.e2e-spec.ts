import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPipeline, type CommandResult } from './command-line.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const LIMIT_MS = 300_000;

interface PublishedLine {
  readonly line: number;
  readonly messageId: string;
  readonly kind: string;
  readonly table: string | null;
  readonly reason: string | null;
}

/** The commands that answer a person's questions, on four events: two rows, one of them with an overflow, and two dead letters. */
describe('a question about events', () => {
  let pipeline: Pipeline;
  let folder: string;
  let published: readonly PublishedLine[];

  const run = (...given: readonly string[]): Promise<CommandResult> => runPipeline(pipeline.cloud, ...given);
  const ids = (): string[] => published.map(({ messageId }) => messageId);
  /** The lines of an output, with ids by number and times by a word. */
  const lines = (text: string): string[] =>
    ids()
      .reduce((shown, id, index) => shown.replaceAll(id, `id-${index + 1}`.padEnd(id.length)), text)
      .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?/g, 'TIME')
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll(/ {2,}/g, '  ').trimEnd());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'questions-'));
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    const first = join(folder, 'first.ndjson');
    await writeFile(first, '{"event_type":"parcel","parcel_id":"p-1","weight":3}\n');
    expect((await run('publish', first, '--wait')).exitCode).toBe(0);
    const file = join(folder, 'events.ndjson');
    const events = [
      '{"event_type":"parcel","parcel_id":"p-2","weight":4}',
      '{"event_type":"parcel","parcel_id":"p-3","weight":"heavy, \\"very\\""}',
      '{"parcel_id":"p-4"}',
      '{"event_type":"parcel","parcel_id":"p-5"',
    ];
    await writeFile(file, events.join('\n'));
    const { stdout, stderr } = await run('publish', file, '--wait', '--json', '--patience', '200');
    if (stdout === '') throw new Error(stderr);
    published = JSON.parse(stdout) as PublishedLine[];
  }, LIMIT_MS);

  afterAll(async () => {
    await pipeline.stop();
    await rm(folder, { recursive: true });
  });

  it('publish --wait says what became of each event', () => {
    expect(published.map(({ line, kind, table, reason }) => [line, kind, table, reason])).toEqual([
      [1, 'row', 'parcel', null],
      [2, 'row', 'parcel', null],
      [3, 'dead-letter', null, 'EVENT_TYPE_MISSING'],
      [4, 'dead-letter', null, 'NOT_JSON'],
    ]);
  });

  it('publish prints the ids', async () => {
    const file = join(folder, 'one.ndjson');
    await writeFile(file, '{"event_type":"letter","n":1}');

    const { exitCode, stdout } = await run('publish', file);

    expect(exitCode).toBe(0);
    await eventually(() => pipeline.row('letter', stdout.trim()));
  });

  it('backfill --ids writes the message of each line', async () => {
    const [file, idFile] = [join(folder, 'two.ndjson'), join(folder, 'ids.ndjson')];
    await writeFile(file, '{"event_type":"letter","n":2}\n\n{"event_type":"letter","n":3}\n');

    expect((await run('backfill', file, '--ids', idFile)).exitCode).toBe(0);

    const written = (await readFile(idFile, 'utf8')).trimEnd().split('\n');
    const entries = written
      .map((line) => JSON.parse(line) as { source: string; line: number; message_id: string })
      .sort((left, right) => left.line - right.line);
    expect(entries.map(({ source, line }) => [source, line])).toEqual([
      [file, 1],
      [file, 3],
    ]);
    expect(await eventually(() => pipeline.row('letter', entries[1]?.message_id ?? ''))).toMatchObject({
      n: 3,
    });
  });

  it('sql prints a table, JSON or CSV', async () => {
    const statement = 'SELECT parcel_id, weight FROM parcel ORDER BY parcel_id';

    expect((await run('sql', statement)).stdout.split('\n')).toEqual([
      'parcel_id  weight',
      'p-1             3',
      'p-2             4',
      'p-3             –',
      '',
    ]);
    expect((await run('sql', statement, '--csv')).stdout).toBe('parcel_id,weight\np-1,3\np-2,4\np-3,\n');
    expect(JSON.parse((await run('sql', statement, '--json')).stdout)).toEqual([
      { parcel_id: 'p-1', weight: 3 },
      { parcel_id: 'p-2', weight: 4 },
      { parcel_id: 'p-3', weight: null },
    ]);
    expect(await run('sql', statement, '--limit', '1', '--csv')).toMatchObject({
      stdout: 'parcel_id,weight\np-1,3\n',
      stderr: 'The first 1 rows; --limit shows more.\n',
    });
  });

  it.each([
    ['a wrong statement', 'SELEC 1', 2, /SELEC/],
    [
      'a table that is missing',
      'SELECT * FROM parcels',
      3,
      /Not found: Table .*parcels; did you mean parcel\?/,
    ],
    ['a column that is missing', 'SELECT wieght FROM parcel', 2, /wieght/],
  ])('sql refuses %s', async (_what, statement, exitCode, message) => {
    expect(await run('sql', statement)).toMatchObject({
      exitCode,
      stdout: '',
      stderr: expect.stringMatching(message),
    });
  });

  it('overflow shows where values overflow, why, and what would end it', async () => {
    const { exitCode, stdout } = await run('overflow', 'parcel');

    expect(exitCode).toBe(1);
    expect(lines(stdout)).toEqual([
      'table  path  reason  values  first seen  last seen  sample',
      'parcel  /weight  TYPE_CONFLICT  1  TIME  TIME  id-2',
      '',
      'TYPE_CONFLICT: the column holds another type. To move the values into a JSON column: npx pipeline retype parcel weight JSON --dry-run',
      'One of them in full: npx pipeline explain id-2',
    ]);
    expect(await run('overflow', 'letter')).toMatchObject({
      exitCode: 0,
      stdout: 'No value overflowed in this period: every value is in a column.\n',
    });
  });

  it.each([
    ['a value in a column', 'p-2', ['id-1  TIME  row of parcel'], 'id-1'],
    ['a value in _overflow, with quotes', 'heavy, "very"', ['id-2  TIME  row of parcel'], 'id-2'],
    ['a value of a dead letter', 'p-4', ['id-3  TIME  dead letter: EVENT_TYPE_MISSING'], 'id-3'],
    ['bytes that are no JSON', '"p-5"', ['id-4  TIME  dead letter: NOT_JSON'], 'id-4'],
    ['a condition', 'parcel_id = "p-2"', ['id-1  TIME  row of parcel'], 'id-1'],
    ['a number', 'weight > 3', ['id-1  TIME  row of parcel'], 'id-1'],
  ])('find knows the message of %s', async (_what, value, rows, id) => {
    const { exitCode, stdout } = await run('find', value);

    expect(exitCode).toBe(0);
    expect(lines(stdout)).toEqual([
      'message  published  what became of it',
      ...rows,
      '',
      `Where its values are: npx pipeline explain ${id}`,
    ]);
  });

  it('find says that there is none, that no table has the column, and when its list is cut', async () => {
    expect(await run('find', 'p-99')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /^No message with this value since .* UTC: --since searches further back\.\n$/,
      ),
    });
    expect(await run('find', 'parcl_id = "p-1"')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('no event table has a column parcl_id'),
    });
    expect((await run('find', 'parcel', '--limit', '1')).stdout).toContain('1 of 5; --limit shows more.');
  });

  it('history has a span, says when it is cut, and knows the nearest table', async () => {
    const whole = JSON.parse((await run('history', 'parcel', '--json')).stdout) as { path: string | null }[];
    expect(whole[0]).toMatchObject({
      table: 'parcel',
      kind: 'CREATE_TABLE',
      from_type: null,
      changed_at: expect.stringMatching(/^20.*Z$/),
    });

    expect(whole.map(({ path }) => path)).toEqual([null, 'event_type', 'parcel_id', 'weight']);
    expect((await run('history', 'parcel', '--limit', '1')).stdout).toContain('1 of 4; --limit shows more.');
    expect((await run('history', 'parcel', '--until', '2020-01-01')).stdout).toBe(
      'No schema changes are recorded for table parcel in this period.\n',
    );
    expect(await run('history', 'parcels')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('there is no event table parcels; did you mean parcel?'),
    });
  });

  it('a subcommand that is misspelt is an error with the nearest one; the version is that of the package', async () => {
    expect(await run('dead-letters', 'gruops')).toMatchObject({
      exitCode: 2,
      stderr: 'dead-letters has no command gruops; did you mean groups?\n',
    });
    expect((await run('dead-leters')).stderr).toContain('Did you mean dead-letters?');
    expect((await run('audit', '--sinse', '1h')).stderr).toContain('Did you mean --since?');
    expect(await run('--version')).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
  });

  it('dead-letters list says when it is cut', async () => {
    expect((await run('dead-letters', 'list', '--limit', '1')).stdout.trimEnd().split('\n').at(-1)).toBe(
      '1 of 2; --limit shows more.',
    );
  });

  it('tables lists the event tables, and a table that is missing is an error with the nearest name', async () => {
    const { stdout } = await run('tables');

    expect(lines(stdout)).toEqual([
      'table  columns  created',
      expect.stringMatching(/^letter {2}\d+ {2}TIME$/),
      expect.stringMatching(/^parcel {2}\d+ {2}TIME$/),
    ]);
    expect(await run('tables', 'parcle')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('there is no event table parcle; did you mean parcel?'),
    });
  });
});
