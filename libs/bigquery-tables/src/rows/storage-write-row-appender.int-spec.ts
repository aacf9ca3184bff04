import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import type { Column } from '@pipeline/schema-inference';
import type { AppendRow, RowAppender } from './row-appender.port.js';
import { RowWriter } from './row-writer.js';
import { StorageWriteBed } from './storage-write.builder.js';

const ID: Column = { name: 'id', type: 'STRING', mode: 'NULLABLE' };
const A: Column = { name: 'a', type: 'INT64', mode: 'NULLABLE' };
const B: Column = { name: 'b', type: 'NUMERIC', mode: 'NULLABLE' };
const COLUMNS: readonly Column[] = [ID, A];
const GROWN: readonly Column[] = [ID, A, B];

function aRow(id: string, values: object = {}, columns: readonly Column[] = COLUMNS): AppendRow {
  return { insertId: id, row: { id, ...values }, columns };
}

describe('rows through the Storage Write API', () => {
  let bed: StorageWriteBed;
  let appender: RowAppender;
  let table = 't0';
  let serial = 0;

  beforeAll(async () => {
    bed = await StorageWriteBed.start();
  });

  afterAll(async () => {
    await bed.stop();
  });

  beforeEach(() => {
    serial += 1;
    table = `t${serial}`;
    appender = bed.appender();
  });

  afterEach(async () => {
    await appender.close?.();
    await bed.lag(0);
  });

  const ids = async (): Promise<readonly string[]> =>
    (await bed.rows(table, [ID])).map((row) => (row as [[string, string]])[0][1]).sort();

  /** Writes rows as the service does, and returns the outcome of each. */
  async function write(rows: readonly AppendRow[], waitMs = 20_000): Promise<readonly string[]> {
    const deadlineAtMs = Date.now() + waitMs;
    const writer = new RowWriter({ appender, backoff: { firstMs: 20, maxMs: 200 } });
    const outcomes = await Promise.all(
      rows.map(({ insertId, row, columns }) =>
        writer.write(table, { insertId, row, columns, bytes: 100, deadlineAtMs }),
      ),
    );
    return outcomes.map(({ kind }) => kind);
  }

  it('names the columns that a new reading has too early, and those that writers take', async () => {
    await bed.create(table, COLUMNS);
    await appender.append(table, [aRow('1')]);
    await bed.lag(600_000);
    await bed.change(table, GROWN);

    const answer = await appender.append(table, [aRow('2', { b: '1.5' }, GROWN), aRow('3', { a: 1 }, GROWN)]);

    expect(answer).toEqual({
      kind: 'answered',
      errors: [
        { index: 0, kind: 'unknown-field', message: expect.stringContaining('extra fields') as unknown },
      ],
      writerColumns: COLUMNS,
    });
    expect(await ids()).toEqual(['1', '3']);
  });

  it('finds out by itself which columns writers take, when it meets the table in the lag', async () => {
    await bed.create(table, COLUMNS);
    await bed.lag(600_000);
    await bed.change(table, GROWN);

    const answer = await appender.append(table, [aRow('1', { b: '1.5' }, GROWN), aRow('2', { a: 1 }, GROWN)]);

    expect(answer).toMatchObject({ errors: [{ index: 0, kind: 'unknown-field' }], writerColumns: COLUMNS });
    expect(await ids()).toEqual(['2']);
  });

  it('stores what waited once writers know the column', async () => {
    await bed.create(table, COLUMNS);
    await bed.lag(600);
    await bed.change(table, GROWN);

    expect(await write([aRow('1', { b: '1.5' }, GROWN), aRow('2', { a: 1 }, GROWN)])).toEqual([
      'stored',
      'stored',
    ]);
    expect(await ids()).toEqual(['1', '2']);
  });

  it('stores what waited for a new table', async () => {
    await bed.lag(600);
    await bed.create(table, COLUMNS);

    expect(await appender.append(table, [aRow('1')])).toMatchObject({ kind: 'missing' });
    expect(await write([aRow('1')])).toEqual(['stored']);
    expect(await ids()).toEqual(['1']);
  });

  it('says that a table is missing, and does not disturb the others', async () => {
    await bed.create(table, COLUMNS);
    await appender.append(table, [aRow('1')]);

    const answers = await Promise.all([
      appender.append('nowhere', [aRow('x')]),
      appender.append(table, [aRow('2')]),
      appender.append('nowhere_else', [aRow('y')]),
      appender.append(table, [aRow('3')]),
    ]);

    expect(answers.map(({ kind }) => kind)).toEqual(['missing', 'answered', 'missing', 'answered']);
    expect(await ids()).toEqual(['1', '2', '3']);
  });

  it('continues after a table was dropped and recreated', async () => {
    await bed.create(table, COLUMNS);
    await appender.append(table, [aRow('1')]);
    await bed.drop(table);
    expect(await appender.append(table, [aRow('2')])).toMatchObject({ kind: 'missing' });
    await bed.create(table, COLUMNS);

    expect(await write([aRow('3')])).toEqual(['stored']);
    expect(await ids()).toEqual(['3']);
  });

  it('rejects the bad rows one by one, with BigQuery’s words, and stores the others once', async () => {
    const required: Column = { name: 'must', type: 'STRING', mode: 'REQUIRED' };
    const columns = [ID, A, required];
    await bed.create(table, columns);
    const rows = ['1', '2', '3', '4', '5'].map((id) =>
      aRow(id, id === '2' || id === '4' ? {} : { must: 'x' }, columns),
    );

    const answer = await appender.append(table, rows);

    expect(answer).toMatchObject({
      kind: 'answered',
      errors: [
        { index: 1, kind: 'invalid', message: expect.stringContaining('must') as unknown },
        { index: 3, kind: 'invalid', message: expect.stringContaining('must') as unknown },
      ],
    });
    expect(await ids()).toEqual(['1', '3', '5']);
  });

  it.each([
    [
      'a server that is away',
      { error: { code: 503, reason: 'backendError', message: 'away' } },
      'UNAVAILABLE',
    ],
    ['a broken connection', { reset: true }, 'UNAVAILABLE'],
    ['a quota', { quota: true }, 'RATE_LIMITED'],
    [
      'a missing permission',
      { error: { code: 403, reason: 'accessDenied', message: 'no' } },
      'PERMISSION_DENIED',
    ],
  ])('knows %s', async (_name, fault, code) => {
    await bed.create(table, COLUMNS);
    await bed.fail({ method: 'AppendRows', times: 1, ...fault });

    const failure: unknown = await appender.append(table, [aRow('1')]).catch((cause: unknown) => cause);

    expect(failure).toBeInstanceOf(CloudError);
    expect(failure).toMatchObject({ code });
    expect(await appender.append(table, [aRow('1')])).toEqual({ kind: 'answered', errors: [] });
  });

  it('loses no row while a third of the appends fail in every way', async () => {
    await bed.create(table, COLUMNS);
    await bed.fail({ method: 'AppendRows', rate: 0.15, times: 10, error: { code: 503, message: 'away' } });
    await bed.fail({ method: 'AppendRows', rate: 0.15, times: 10, reset: true });
    await bed.fail({ method: 'AppendRows', rate: 0.1, times: 5, quota: true });
    const deadlineAtMs = Date.now() + 20_000;
    const writer = new RowWriter({ appender, maxRows: 5, maxDelayMs: 1, backoff: { firstMs: 5, maxMs: 50 } });

    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, n) => {
        const { row, columns } = aRow(String(n).padStart(3, '0'));
        return writer.write(table, { insertId: String(n), row, columns, bytes: 2_000_000, deadlineAtMs });
      }),
    );

    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['stored']));
    expect(new Set(await ids()).size).toBe(500);
  });

  it('stores no row of an append that it does not answer in time, or stores it and is asked again', async () => {
    await appender.close?.();
    appender = bed.appender({ timeoutMs: 300 });
    await bed.create(table, COLUMNS);
    await bed.fail({ method: 'AppendRows', times: 1, latencyMs: 600 });

    expect(await write([aRow('1')])).toEqual(['stored']);
    expect(new Set(await ids())).toEqual(new Set(['1']));
  });

  it('writes many tables over two connections', async () => {
    await appender.close?.();
    appender = bed.appender({ maxConnections: 2, maxTrials: 2 });
    const tables = Array.from({ length: 8 }, (_, n) => `${table}_${n}`);
    await Promise.all(tables.map((tableId) => bed.create(tableId, COLUMNS)));

    for (const id of ['1', '2']) {
      await Promise.all(tables.map((tableId) => appender.append(tableId, [aRow(id)])));
    }

    const read = await Promise.all(tables.map((tableId) => bed.rows(tableId, [ID])));
    expect(read.map((rows) => rows.length)).toEqual(Array(8).fill(2));
  });

  it('finds columns by names that protocol buffers do not have', async () => {
    const columns: readonly Column[] = [ID, { name: 'straße nr', type: 'STRING', mode: 'NULLABLE' }];
    await bed.create(table, columns);
    await appender.append(table, [aRow('1', { 'straße nr': 'x' }, columns)]);

    expect(await bed.rows(table, columns)).toEqual([
      [
        ['id', '1'],
        ['straße nr', 'x'],
      ],
    ]);
  });
});
