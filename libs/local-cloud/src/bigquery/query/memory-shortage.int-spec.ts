import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { insertDataset } from '../operations/dataset-operations.js';
import { insertAll } from '../operations/insert-all.js';
import { createTable } from '../operations/table-operations.js';
import { field } from '../testing/fields.builder.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { QueryEngine } from './query-engine.js';
import { runSql } from './run-sql.js';

const shortage = (): Error => new Error('Out of Memory Error: failed to allocate data of size 16.0 KiB');
const TABLE = { projectId: 'p', datasetId: 'd', tableId: 't' };

describe('a shortage of memory beside an older statement', () => {
  let warehouse: Warehouse;
  let engine: QueryEngine;
  let endOlder: () => void;

  beforeEach(async () => {
    warehouse = await Warehouse.open({});
    engine = new QueryEngine(warehouse);
    await insertDataset(warehouse, 'p', { datasetReference: { datasetId: 'd' } });
    await sql('CREATE TABLE d.t AS SELECT n FROM UNNEST([1, 2, 3]) AS n');
    const { promise, resolve } = Promise.withResolvers<undefined>();
    endOlder = () => {
      resolve(undefined);
    };
    void warehouse.statements.run(() => promise);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await warehouse.close();
  });

  const sql = async (text: string): Promise<unknown> => {
    const context = { projectId: 'p', defaultDataset: undefined, parameters: [] };
    const { rows, affectedRows } = await runSql(engine, text, context, false);
    return affectedRows ?? rows.map((row) => row.map(String));
  };
  const rows = (): Promise<unknown> => sql('SELECT n FROM d.t ORDER BY n');
  /** Lets the next transaction do all of its work and fail then; resolves when it has. */
  const failNextTransaction = (): Promise<undefined> => {
    const failed = Promise.withResolvers<undefined>();
    const { database } = warehouse;
    const transaction = database.transaction.bind(database);
    jest.spyOn(database, 'transaction').mockImplementationOnce(async (task) => {
      const failing = transaction(async (connection) => {
        await task(connection);
        throw shortage();
      });
      return failing.finally(() => {
        failed.resolve(undefined);
      });
    });
    return failed.promise;
  };

  it('lets a query wait and answer', async () => {
    jest.spyOn(warehouse.database, 'use').mockImplementationOnce(() => Promise.reject(shortage()));
    const query = sql('SELECT 1');
    let isAnswered = false;
    void query.then(() => (isAnswered = true));
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();

    expect(isAnswered).toBe(false);
    endOlder();
    expect(await query).toEqual([['1']]);
  });

  it.each([
    ['INSERT', 'INSERT INTO d.t SELECT n + 10 FROM d.t', 3, ['1', '2', '3', '11', '12', '13']],
    ['UPDATE', 'UPDATE d.t SET n = n + 1 WHERE TRUE', 3, ['2', '3', '4']],
    ['DELETE', 'DELETE FROM d.t WHERE n > 1', 2, ['1']],
    [
      'MERGE',
      'MERGE d.t USING (SELECT 3 AS m UNION ALL SELECT 4) AS s ON n = m WHEN MATCHED THEN UPDATE SET n = n * 10 WHEN NOT MATCHED THEN INSERT (n) VALUES (m)',
      2,
      ['1', '2', '4', '30'],
    ],
    ['TRUNCATE', 'TRUNCATE TABLE d.t', 3, []],
    ['CREATE OR REPLACE', 'CREATE OR REPLACE TABLE d.t AS SELECT n * 2 AS n FROM d.t', [], ['2', '4', '6']],
  ])('lets %s take effect once', async (_, statement, affected, after) => {
    const failed = failNextTransaction();
    const change = sql(statement);
    await failed;

    expect(await rows()).toEqual([['1'], ['2'], ['3']]);
    endOlder();
    expect(await change).toEqual(affected);
    expect(await rows()).toEqual(after.map((value) => [value]));
  });

  it('lets a variable of a script wait for its value', async () => {
    jest.spyOn(warehouse.database, 'use').mockImplementationOnce(() => Promise.reject(shortage()));
    const script = sql('DECLARE a INT64 DEFAULT 7; SELECT a');

    endOlder();
    expect(await script).toEqual([['7']]);
  });

  it('stores the rows of an append once when they cannot be moved into the database yet', async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    endOlder();
    await createTable(warehouse, {
      name: { ...TABLE, tableId: 'appended' },
      kind: 'TABLE',
      fields: [field('n', 'INTEGER')],
      properties: {},
    });
    const append = (count: number): Promise<unknown> =>
      insertAll(
        warehouse,
        { ...TABLE, tableId: 'appended' },
        { rows: Array.from({ length: count }, (_, n) => ({ insertId: `${count}-${n}`, json: { n } })) },
      );
    const failed = failNextTransaction();

    expect(await append(6_000)).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });
    await failed;
    await append(6_000);
    await append(1);

    expect(await sql('SELECT COUNT(*), SUM(n) FROM d.appended')).toEqual([['6001', '17997000']]);
  });
});
