import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BigqueryEmulator, startBigqueryEmulator } from '../index.js';
import { restCaller, type RestCaller } from '../testing/rest-caller.builder.js';

describe('FOR SYSTEM_TIME AS OF', () => {
  let emulator: BigqueryEmulator;
  let call: RestCaller;

  beforeAll(async () => {
    emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
    call = restCaller(emulator.port);
    await run('CREATE SCHEMA d');
    await run('CREATE TABLE d.t AS SELECT 1 AS a');
    await run('CREATE VIEW d.v AS SELECT * FROM d.t');
  });
  afterAll(async () => {
    await emulator.stop();
  });

  const run = async (query: string): Promise<unknown> => {
    const { body } = await call('POST', '/queries', { query, useLegacySql: false });
    const error = body['error'] as { message: string } | undefined;
    return error?.message ?? (body['rows'] as { f: { v: unknown }[] }[] | undefined)?.map(({ f }) => f[0]?.v);
  };
  const readAt = (time: string): Promise<unknown> => run(`SELECT a FROM d.t FOR SYSTEM_TIME AS OF ${time}`);
  const later = async (): Promise<number> => {
    const nowMs = Date.now();
    while (Date.now() <= nowMs) await setImmediate();
    return nowMs;
  };

  it('reads the present rows from the last change on', async () => {
    expect(await readAt('CURRENT_TIMESTAMP()')).toEqual(['1']);
    const afterCreation = await later();
    expect(await readAt(`TIMESTAMP_MILLIS(${afterCreation})`)).toEqual(['1']);
    expect(
      await run(
        'SELECT COUNT(*) FROM d.t AS x JOIN d.t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP() AS y USING (a)',
      ),
    ).toEqual(['1']);
  });

  it.each([
    ['inserted rows', () => run('INSERT d.t VALUES (2)')],
    ['streamed rows', () => call('POST', '/datasets/d/tables/t/insertAll', { rows: [{ json: { a: 3 } }] })],
    ['changed rows', () => run('UPDATE d.t SET a = 4 WHERE TRUE')],
    ['a wider column', () => run('ALTER TABLE d.t ALTER COLUMN a SET DATA TYPE NUMERIC')],
    ['another name of a column', () => run('ALTER TABLE d.t RENAME COLUMN a TO a2, RENAME COLUMN a2 TO a')],
    ['no rows any more', () => run('TRUNCATE TABLE d.t')],
  ])('is refused for a time before %s', async (_, change) => {
    const before = await later();
    await change();

    expect(await readAt(`TIMESTAMP_MILLIS(${before})`)).toContain('a time before the last change of a table');
    expect(
      await run(`CREATE TABLE d.copy AS SELECT a FROM d.t FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${before})`),
    ).toContain('a time before the last change of a table');
    expect(String(await readAt('CURRENT_TIMESTAMP()'))).not.toContain('before');
  });

  it('reads the columns that the table had, if others came behind them and no row changed since', async () => {
    const columnsAt = (time: number | undefined): Promise<unknown> =>
      run(
        `SELECT TO_JSON_STRING(t) FROM d.grown${time === undefined ? '' : ` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${time})`} AS t`,
      );
    await run('CREATE TABLE d.grown AS SELECT 1 AS a');
    const one = await later();
    await run('ALTER TABLE d.grown ADD COLUMN b INT64');
    const two = await later();
    await run(
      "ALTER TABLE d.grown ADD COLUMN c ARRAY<STRING>, ALTER COLUMN a SET OPTIONS (description = 'x')",
    );
    await run("ALTER TABLE d.grown SET OPTIONS (description = 'y')");

    expect(await columnsAt(one)).toEqual(['{"a":1}']);
    expect(await columnsAt(two)).toEqual(['{"a":1,"b":null}']);
    expect(await columnsAt(undefined)).toEqual(['{"a":1,"b":null,"c":[]}']);
    expect(
      await run(
        `SELECT COUNT(*) FROM d.grown AS x JOIN d.grown FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${one}) AS y ON x.a = y.a WHERE x.b IS NULL`,
      ),
    ).toEqual(['1']);
    expect(await run(`SELECT b FROM d.grown FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${one})`)).toContain(
      'Unrecognized name: b',
    );
  });

  it.each([
    ['TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)', 'It is in the future'],
    ['TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 8 DAY)', 'Cannot read before'],
    ['NULL', 'must not be NULL'],
    ["'x'", 'Invalid TIMESTAMP'],
    ['(SELECT CURRENT_TIMESTAMP())', 'a parameter or a subquery'],
    ['a', 'Unrecognized name: a'],
  ])('refuses %s', async (time, words) => {
    expect(String(await readAt(time)).toLowerCase()).toContain(words.toLowerCase());
  });

  it('refuses views', async () => {
    expect(await run('SELECT a FROM d.v FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()')).toContain('of views');
  });
});
