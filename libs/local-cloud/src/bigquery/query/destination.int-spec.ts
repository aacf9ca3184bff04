import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { restCaller, type RestCaller } from '../testing/rest-caller.builder.js';

describe('a destination table', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
  });
  afterAll(async () => {
    await emulator.stop();
  });

  const run = (query: string, tableId?: string, options: object = {}): ReturnType<RestCaller> =>
    call('POST', '/queries', {
      query,
      useLegacySql: false,
      ...(tableId === undefined
        ? {}
        : { destinationTable: { projectId: 'local-project', datasetId: 'd', tableId } }),
      ...options,
    });
  const rowsOf = async (tableId: string): Promise<unknown> =>
    (await run(`SELECT x FROM d.${tableId} ORDER BY x`)).body['rows'];
  const row = (value: string): object => ({ f: [{ v: value }] });

  it('has the rows of the query, which the job gives as well', async () => {
    expect((await run('SELECT 1 AS x', 'a')).body['rows']).toEqual([row('1')]);
    expect(await rowsOf('a')).toEqual([row('1')]);
  });

  it('must be empty unless the configuration says otherwise', async () => {
    await run('SELECT 1 AS x', 'b');
    expect(await run('SELECT 2 AS x', 'b')).toMatchObject({ status: 409 });

    await run('SELECT 2 AS x', 'b', { writeDisposition: 'WRITE_APPEND' });
    expect(await rowsOf('b')).toEqual([row('1'), row('2')]);

    await run('SELECT 3 AS x', 'b', { writeDisposition: 'WRITE_TRUNCATE' });
    expect(await rowsOf('b')).toEqual([row('3')]);
  });

  it('is not made with CREATE_NEVER, and takes no two columns of one name', async () => {
    expect(await run('SELECT 1 AS x', 'c', { createDisposition: 'CREATE_NEVER' })).toMatchObject({
      status: 404,
    });
    expect(await run('SELECT 1 AS x, 2 AS x', 'c')).toMatchObject({ status: 400 });
  });

  it('keeps tables over renamed and dropped columns', async () => {
    await run('SELECT 1 AS x, 2 AS y', 'e');
    await run('ALTER TABLE d.e DROP COLUMN y');
    await run('ALTER TABLE d.e RENAME TO f');
    expect(await rowsOf('f')).toEqual([row('1')]);
    expect((await call('GET', '/datasets/d/tables/e')).status).toBe(404);
  });
});
