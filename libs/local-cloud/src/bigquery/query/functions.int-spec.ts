import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { restCaller, type RestCaller } from '../testing/rest-caller.builder.js';

describe('functions that a dataset keeps', () => {
  let dataDirectory: string;
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  const start = async (): Promise<void> => {
    emulator = await startBigqueryEmulator({
      host: '127.0.0.1',
      port: 0,
      dataDirectory,
      log: () => undefined,
    });
    call = restCaller(emulator.port);
  };
  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'functions-'));
    await start();
    await done('CREATE SCHEMA f');
    await done(
      'CREATE TABLE f.orders AS SELECT 1 AS id, 10 AS amount UNION ALL SELECT 2, 20 UNION ALL SELECT 3, 30',
    );
  });
  afterAll(async () => {
    await emulator.stop();
    await rm(dataDirectory, { recursive: true });
  });

  const run = (query: string): ReturnType<RestCaller> =>
    call('POST', '/queries', { query, useLegacySql: false });
  const done = async (query: string): Promise<void> => {
    expect(await run(query)).toMatchObject({ status: 200 });
  };
  const values = async (query: string): Promise<unknown> => {
    const { body } = await run(query);
    return body['error'] ?? (body['rows'] as { f: { v: unknown }[] }[]).map(({ f }) => f.map(({ v }) => v));
  };
  const messageOf = async (query: string): Promise<unknown> =>
    ((await run(query)).body['error'] as { message: string } | undefined)?.message;

  it('are called by their path, with typed and any arguments', async () => {
    await done('CREATE FUNCTION f.add_tax(x FLOAT64, rate FLOAT64) RETURNS FLOAT64 AS (x * (1 + rate))');
    await done('CREATE OR REPLACE FUNCTION f.first_of(a ANY TYPE) AS (a[SAFE_OFFSET(0)])');
    await done('CREATE FUNCTION IF NOT EXISTS f.first_of(a ANY TYPE) AS (NULL)');

    expect(
      await values('SELECT f.add_tax(100, 0.5), f.first_of([7, 8]), `local-project`.f.first_of(["x"])'),
    ).toEqual([['150.0', '7', 'x']]);
    expect(await values('SELECT SUM(f.add_tax(amount, 1)) FROM f.orders')).toEqual([['120.0']]);
  });

  it('read tables, and call one another', async () => {
    await done('CREATE FUNCTION f.total() AS ((SELECT SUM(amount) FROM f.orders))');
    await done('CREATE FUNCTION f.share(x INT64) AS (x / f.total())');

    expect(await values('SELECT id, f.share(amount) FROM f.orders WHERE id = 3')).toEqual([['3', '0.5']]);
  });

  it('have names of their own: columns and WITH tables of the caller mean nothing to them', async () => {
    await done('CREATE FUNCTION f.plus(id INT64) AS (id + 1)');
    expect(await values('SELECT f.plus(amount) FROM f.orders WHERE id = 1')).toEqual([['11']]);
    expect(await messageOf('CREATE FUNCTION f.bad() AS (amount)')).toContain('Unrecognized name: amount');
  });

  it('give tables', async () => {
    await done(
      'CREATE TABLE FUNCTION f.above(least INT64) AS SELECT id, amount FROM f.orders WHERE amount > least',
    );
    expect(
      await values('SELECT a.id, o.amount FROM f.above(10) AS a JOIN f.orders AS o USING (id) ORDER BY 1'),
    ).toEqual([
      ['2', '20'],
      ['3', '30'],
    ]);
    expect(await values('SELECT COUNT(*) FROM f.above(0)')).toEqual([['3']]);
    expect(await messageOf('SELECT * FROM f.above()')).toContain('Number of arguments does not match');
    expect(await messageOf('SELECT * FROM f.nothing(1)')).toContain(
      'Table-valued function not found: f.nothing',
    );
  });

  it.each([
    ['CREATE FUNCTION f.plus(x INT64) AS (x)', 'Already Exists: Routine local-project:f.plus'],
    ['CREATE FUNCTION f.wrong(x INT64) RETURNS DATE AS (x)', 'returns DATE but its body has type INT64'],
    ['CREATE FUNCTION f.js(x INT64) RETURNS INT64 LANGUAGE js AS "return x"', 'other languages than SQL'],
    ['CREATE FUNCTION nowhere.g() AS (1)', 'Not found: Dataset local-project:nowhere'],
    ['CREATE OR REPLACE FUNCTION f.self(x INT64) AS (f.self(x))', 'Function not found: f.self'],
    ['CREATE TABLE FUNCTION f.t2(x ANY TYPE) RETURNS TABLE<a INT64> AS SELECT x', 'RETURNS TABLE'],
    ['DROP FUNCTION f.above', 'use the other DROP statement'],
    ['DROP FUNCTION f.nothing', 'Not found: Routine local-project:f.nothing'],
  ])('refuse %s', async (query, words) => {
    expect(await messageOf(query)).toContain(words);
  });

  it('are routines over REST', async () => {
    await done(
      'CREATE FUNCTION f.shown(x ARRAY<INT64>, y ANY TYPE) AS (ARRAY_LENGTH(x)) OPTIONS(description="length")',
    );

    const { body } = await call('GET', '/datasets/f/routines/shown');
    expect(body).toMatchObject({
      routineReference: { projectId: 'local-project', datasetId: 'f', routineId: 'shown' },
      routineType: 'SCALAR_FUNCTION',
      language: 'SQL',
      definitionBody: 'ARRAY_LENGTH(x)',
      description: 'length',
      arguments: [
        { name: 'x', dataType: { typeKind: 'ARRAY', arrayElementType: { typeKind: 'INT64' } } },
        { name: 'y', argumentKind: 'ANY_TYPE' },
      ],
    });
    const list = (await call('GET', '/datasets/f/routines')).body['routines'] as {
      routineReference: unknown;
    }[];
    expect(list.map(({ routineReference }) => routineReference)).toContainEqual(body['routineReference']);
    expect(await call('DELETE', '/datasets/f/routines/shown')).toMatchObject({ status: 204 });
    expect(await call('GET', '/datasets/f/routines/shown')).toMatchObject({ status: 404 });
  });

  it('survive a restart, and go with their dataset', async () => {
    await emulator.stop();
    await start();
    expect(await values('SELECT f.plus(1)')).toEqual([['2']]);

    expect(await call('DELETE', '/datasets/f')).toMatchObject({ status: 400 });
    await done('DROP SCHEMA f CASCADE');
    await done('CREATE SCHEMA f');
    expect(await messageOf('SELECT f.plus(1)')).toContain('Function not found: f.plus');
  });
});
