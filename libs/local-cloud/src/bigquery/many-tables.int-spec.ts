import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from './index.js';
import { restCaller, type RestCaller } from './testing/rest-caller.builder.js';

/** Tables of the dataset; 10,000 in the long form. */
const TABLES = Number(process.env['LOCAL_CLOUD_TABLES'] ?? 300);
/** Each so many-th table gets rows. */
const STEP = 10;
const COLUMNS = 20;
const TEST_MS = 600_000;

describe(`a dataset of ${TABLES} tables`, () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'many-tables-'));
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
  const row = async (query: string): Promise<unknown> => {
    const { body } = await call('POST', '/queries', { query, useLegacySql: false, timeoutMs: 200_000 });
    return (body['rows'] as { f: { v: unknown }[] }[] | undefined)?.[0]?.f.map(({ v }) => v) ?? body;
  };
  const createTable = async (n: number): Promise<void> => {
    const tableReference = { projectId: 'local-project', datasetId: 'd', tableId: `t${n}` };
    const fields = Array.from({ length: COLUMNS }, (_, column) => ({
      name: `c${column}`,
      type: column % 2 === 0 ? 'INTEGER' : 'STRING',
    }));
    const { status } = await call('POST', '/datasets/d/tables', { tableReference, schema: { fields } });
    if (status !== 200) throw new Error(`Table ${n} was answered with ${status}`);
  };

  beforeAll(async () => {
    await start();
    await call('POST', '/datasets', {
      datasetReference: { projectId: 'local-project', datasetId: 'd' },
    });
    const workers = Array.from({ length: 8 }, async (_, worker) => {
      for (let n = worker; n < TABLES; n += 8) await createTable(n);
    });
    await Promise.all(workers);
    for (let n = 0; n < TABLES; n += STEP)
      await call('POST', `/datasets/d/tables/t${n}/insertAll`, {
        rows: [{ json: { c0: n, c1: 'text' } }, { json: { c0: n } }],
      });
  }, TEST_MS);
  afterAll(async () => {
    await emulator.stop();
    rmSync(dataDirectory, { recursive: true });
  });

  it(
    'is listed in pages, each table once',
    async () => {
      const seen = new Set<string>();
      let pageToken: unknown;
      do {
        const suffix = typeof pageToken === 'string' ? `&pageToken=${pageToken}` : '';
        const { body } = await call('GET', `/datasets/d/tables?maxResults=100${suffix}`);
        for (const { id } of body['tables'] as { id: string }[]) seen.add(id);
        expect(body['totalItems']).toBe(TABLES);
        pageToken = body['nextPageToken'];
      } while (pageToken !== undefined);

      expect(seen.size).toBe(TABLES);
    },
    TEST_MS,
  );

  const facts = async (): Promise<unknown> => ({
    tables: await row('SELECT COUNT(DISTINCT table_name) FROM d.INFORMATION_SCHEMA.TABLES'),
    columns: await row("SELECT COUNT(*), COUNTIF(data_type = 'INT64') FROM d.INFORMATION_SCHEMA.COLUMNS"),
    paths: await row('SELECT COUNT(DISTINCT field_path) FROM d.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS'),
    rows: await row('SELECT SUM(row_count) FROM d.__TABLES__'),
    storage: await row('SELECT SUM(total_rows) FROM d.INFORMATION_SCHEMA.TABLE_STORAGE'),
    partitions: await row('SELECT SUM(total_rows) FROM d.INFORMATION_SCHEMA.PARTITIONS'),
    table: await row(`SELECT COUNT(*), COUNT(c1), MIN(c0) FROM d.t${STEP}`),
  });
  const rows = String(2 * Math.ceil(TABLES / STEP));
  const expected = {
    tables: [String(TABLES)],
    columns: [String(TABLES * COLUMNS), String((TABLES * COLUMNS) / 2)],
    paths: [String(COLUMNS)],
    rows: [rows],
    storage: [rows],
    partitions: [rows],
    table: ['2', '1', String(STEP)],
  };

  it(
    'is described by INFORMATION_SCHEMA, before and after a restart',
    async () => {
      expect(await facts()).toEqual(expected);
      await emulator.stop();
      await start();
      expect(await facts()).toEqual(expected);
    },
    TEST_MS,
  );

  it(
    'is deleted with its tables, and stays deleted',
    async () => {
      expect((await call('DELETE', '/datasets/d?deleteContents=true')).status).toBe(204);
      await emulator.stop();
      await start();

      expect((await call('GET', '/datasets/d')).status).toBe(404);
      await call('POST', '/datasets', { datasetReference: { projectId: 'local-project', datasetId: 'd' } });
      expect((await call('GET', '/datasets/d/tables')).body['totalItems']).toBe(0);
    },
    TEST_MS,
  );
});
