import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startBigqueryEmulator } from './index.js';
import { restCaller, type RestCaller } from './testing/rest-caller.builder.js';

const SERVER = join(import.meta.dirname, '..', '..', 'dist', 'bigquery', 'index.js');

describe('the embedded BigQuery with a data directory', () => {
  let directory: string;
  let child: ChildProcess | undefined;
  let childUrl = '';

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bigquery-'));
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true });
  });

  async function inAnotherProcess(): Promise<RestCaller> {
    const program = `
      import { startBigqueryEmulator } from ${JSON.stringify(SERVER)};
      const { port } = await startBigqueryEmulator({
        host: '127.0.0.1', port: 0, dataDirectory: ${JSON.stringify(directory)}, log: () => undefined,
      });
      process.stdout.write(String(port));`;
    child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [port] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    childUrl = `http://127.0.0.1:${port.toString()}`;
    return restCaller(Number(port.toString()));
  }

  async function isGone(): Promise<void> {
    if (child !== undefined && child.exitCode === null && child.signalCode === null)
      await once(child, 'exit');
  }

  async function reopened<T>(task: (call: RestCaller) => Promise<T>): Promise<T> {
    const emulator = await startBigqueryEmulator({
      host: '127.0.0.1',
      port: 0,
      dataDirectory: directory,
      log: () => undefined,
    });
    try {
      return await task(restCaller(emulator.port));
    } finally {
      await emulator.stop();
    }
  }

  it('has every acknowledged row, table and column after kill -9 under load', async () => {
    const call = await inAnotherProcess();
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
    const columns = [{ name: 'a', type: 'STRING' }];
    await call('POST', '/datasets/d/tables', {
      tableReference: { tableId: 't' },
      schema: { fields: columns },
    });
    const acknowledged: string[] = [];
    let names = ['a'];
    const insert = async (client: number): Promise<void> => {
      for (let row = 0; ; row += 1) {
        const value = `${client}-${row}`;
        const reply = await call('POST', '/datasets/d/tables/t/insertAll', {
          rows: [{ json: { a: value } }],
        }).catch(() => undefined);
        if (reply === undefined) return;
        if (reply.status === 200) acknowledged.push(value);
        if (acknowledged.length === 300) child?.kill('SIGKILL');
      }
    };
    const widen = async (): Promise<void> => {
      for (let round = 0; ; round += 1) {
        const wanted = [...names, `c${round}`];
        const fields = wanted.map((name) => ({ name, type: 'STRING' }));
        const reply = await call('PATCH', '/datasets/d/tables/t', { schema: { fields } }).catch(
          () => undefined,
        );
        if (reply?.status !== 200) return;
        names = wanted;
      }
    };
    await Promise.all([...Array.from({ length: 10 }, (_, client) => insert(client)), widen()]);
    await isGone();

    await reopened(async (after) => {
      const query = { query: 'SELECT a FROM d.t', useLegacySql: false };
      const rows = ((await after('POST', '/queries', query)).body['rows'] ?? []) as { f: [{ v: string }] }[];
      const table = (await after('GET', '/datasets/d/tables/t')).body as {
        schema: { fields: { name: string }[] };
      };

      const stored = new Set(rows.map((row) => row.f[0].v));
      expect(acknowledged.filter((value) => !stored.has(value))).toEqual([]);
      expect(stored.size).toBe(rows.length);
      expect(table.schema.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    });
  });

  it.each([
    ['small', 10],
    ['larger than what memory keeps', 300],
  ])('has each load job wholly or not at all after kill -9 (%s)', async (_name, rowCount) => {
    const call = await inAnotherProcess();
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
    const text = 'x'.repeat(40_000);
    const fields = [
      { name: 'job', type: 'STRING' },
      { name: 'x', type: 'STRING' },
    ];
    const done: string[] = [];
    const load = async (job: string, tableId: string): Promise<boolean> => {
      const row = `${JSON.stringify({ job, x: text })}\n`;
      const destinationTable = { projectId: 'local-project', datasetId: 'd', tableId };
      const settings = { destinationTable, sourceFormat: 'NEWLINE_DELIMITED_JSON', schema: { fields } };
      const head = JSON.stringify({ jobReference: { jobId: job }, configuration: { load: settings } });
      const part = '--p\r\nContent-Type: application/json\r\n\r\n';
      const response = await fetch(
        `${childUrl}/upload/bigquery/v2/projects/local-project/jobs?uploadType=multipart`,
        {
          method: 'POST',
          headers: { 'content-type': 'multipart/related; boundary=p' },
          body: `${part}${head}\r\n${part}${row.repeat(rowCount)}\r\n--p--`,
        },
      ).catch(() => undefined);
      for (let isRunning = response?.status === 200; isRunning;) {
        const reply = await call('GET', `/jobs/${job}`).catch(() => undefined);
        const status = (reply?.body['status'] ?? {}) as { state?: string };
        if (status.state === 'DONE') done.push(job);
        isRunning = status.state === 'RUNNING';
      }
      if (done.length >= 4) child?.kill('SIGKILL');
      return done.includes(job);
    };
    const loadAll = async (client: string): Promise<void> => {
      for (let n = 0; await load(`${client}${n}`, client === 'shared' ? 'all' : `all${n}`);) n += 1;
    };
    await Promise.all([loadAll('shared'), loadAll('own')]);
    await isGone();

    await reopened(async (after) => {
      const query = 'SELECT job, COUNT(*), MIN(LENGTH(x)) FROM `d.all*` GROUP BY job';
      const { body } = await after('POST', '/queries', { query, useLegacySql: false });
      const found = (body['rows'] as { f: { v: string }[] }[]).map(({ f }) => f.map(({ v }) => v));

      expect(found.map(([job]) => job)).toEqual(expect.arrayContaining(done));
      for (const [, count, length] of found) expect([count, length]).toEqual([String(rowCount), '40000']);
    });
  });

  it('has every kind of change after kill -9', async () => {
    const call = await inAnotherProcess();
    const run = async (query: string): Promise<void> => {
      expect(await call('POST', '/queries', { query, useLegacySql: false })).toMatchObject({ status: 200 });
    };
    await run('CREATE SCHEMA d');
    await run('CREATE TABLE d.t (a INT64 NOT NULL, r STRUCT<n NUMERIC>, items ARRAY<STRUCT<s STRING>>)');
    await run("INSERT INTO d.t (a, r, items) VALUES (1, STRUCT(2 AS n), [STRUCT('x' AS s)])");
    await run('ALTER TABLE d.t ALTER COLUMN a SET DATA TYPE BIGNUMERIC');
    await run('ALTER TABLE d.t ALTER COLUMN r SET DATA TYPE STRUCT<n BIGNUMERIC>');
    await run('ALTER TABLE d.t ADD COLUMN l ARRAY<STRING>, ADD COLUMN j JSON');
    await run('ALTER TABLE d.t ALTER COLUMN a DROP NOT NULL');
    const table = (await call('GET', '/datasets/d/tables/t')).body as {
      schema: { fields: { fields?: object[] }[] };
    };
    table.schema.fields[1]?.fields?.push({ name: 'more', type: 'STRING' });
    table.schema.fields[2]?.fields?.push({ name: 'more', type: 'DATE', mode: 'REPEATED' });
    await call('PATCH', '/datasets/d/tables/t', { schema: table.schema });
    await run("UPDATE d.t SET j = JSON '[1]' WHERE TRUE");
    await run('CREATE TABLE d.c AS SELECT a FROM d.t');
    await run('CREATE OR REPLACE TABLE d.c AS SELECT 5 AS q');
    await run('CREATE TABLE d.gone (a INT64)');
    await run('DROP TABLE d.gone');
    const row = { a: '0.5', r: { more: 'm' }, items: [{ more: ['2026-01-01'] }] };
    await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: row }] });
    child?.kill('SIGKILL');
    await isGone();

    await reopened(async (after) => {
      const rowsOf = async (query: string): Promise<string> =>
        JSON.stringify((await after('POST', '/queries', { query, useLegacySql: false })).body['rows']);

      expect(
        await rowsOf(
          'SELECT TO_JSON_STRING(STRUCT(items, l, j)), CAST(a AS STRING) FROM d.t ORDER BY a DESC',
        ),
      ).toBe(
        JSON.stringify([
          { f: [{ v: '{"items":[{"s":"x","more":null}],"l":[],"j":[1]}' }, { v: '1' }] },
          { f: [{ v: '{"items":[{"s":null,"more":["2026-01-01"]}],"l":[],"j":null}' }, { v: '0.5' }] },
        ]),
      );
      expect(await rowsOf('SELECT q FROM d.c')).toBe('[{"f":[{"v":"5"}]}]');
      expect(await after('GET', '/datasets/d/tables/gone')).toMatchObject({ status: 404 });
    });
  });

  it('keeps everything over a clean stop, and goes on from there', async () => {
    await reopened(async (call) => {
      await call('POST', '/datasets', { datasetReference: { datasetId: 'd' }, description: 'kept' });
      const fields = [{ name: 'g', type: 'BIGNUMERIC', mode: 'REPEATED' }];
      await call('POST', '/datasets/d/tables', { tableReference: { tableId: 't' }, schema: { fields } });
      await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { g: ['1.5'] } }] });
      await call('POST', '/datasets/d/tables', {
        tableReference: { tableId: 'v' },
        view: { query: 'SELECT g FROM d.t' },
      });
    });

    await reopened(async (call) => {
      await call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { g: [] } }] });
      const reply = await call('POST', '/queries', { query: 'SELECT * FROM d.v', useLegacySql: false });

      expect((await call('GET', '/datasets/d')).body).toMatchObject({ description: 'kept' });
      expect(reply.body['rows']).toEqual([{ f: [{ v: [{ v: '1.5' }] }] }, { f: [{ v: [] }] }]);
    });
  });
});
