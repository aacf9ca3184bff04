import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Field } from '../rules/field-schema.js';
import { Database } from './database.js';
import type { RecentImage } from './recent-image.js';
import { TableRows } from './table-rows.js';

const FIELDS: readonly Field[] = [{ name: 'a', type: 'INTEGER', mode: 'NULLABLE' }];
const UNUSED_MS = 10_000;

describe('images of the recent rows of a table', () => {
  let database: Database;
  let rows: TableRows;

  beforeEach(async () => {
    database = await Database.open();
    rows = new TableRows();
    rows.remember(['{"a":"1"}', '{"a":"2"}']);
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
  });

  afterEach(async () => {
    jest.useRealTimers();
    rows.close();
    await database.close();
  });

  async function countIn(image: RecentImage): Promise<number> {
    await image.fill(database, rows.recent);
    return database.use(async (connection) =>
      Number((await connection.runAndReadAll(`SELECT count(*) FROM ${image.sqlName}`)).getRows()[0]?.[0]),
    );
  }

  it('are dropped when no query uses them for ten seconds, and made again for the next one', async () => {
    const image = rows.image(FIELDS, FIELDS);
    expect(await countIn(image)).toBe(2);
    rows.releaseImages(database);
    jest.advanceTimersByTime(UNUSED_MS);

    expect(image.isDropped).toBe(true);
    const next = rows.image(FIELDS, FIELDS);
    expect(next).not.toBe(image);
    expect(await countIn(next)).toBe(2);
  });

  it('stay while queries are bound to them or read them', async () => {
    const image = rows.image(FIELDS, FIELDS);
    rows.releaseImages(database);
    jest.advanceTimersByTime(UNUSED_MS - 1);
    expect(rows.image(FIELDS, FIELDS)).toBe(image);
    jest.advanceTimersByTime(UNUSED_MS - 1);
    expect(image.isDropped).toBe(false);

    const done = Promise.withResolvers<undefined>();
    const reading = rows.gate.alone(() => done.promise);
    jest.advanceTimersByTime(UNUSED_MS);
    expect(image.isDropped).toBe(false);
    done.resolve(undefined);
    await reading;
    rows.releaseImages(database);
    jest.advanceTimersByTime(UNUSED_MS);
    expect(image.isDropped).toBe(true);
  });

  it('are outdated by a query for other columns, and dropped with the last reader', () => {
    const wider: readonly Field[] = [...FIELDS, { name: 'b', type: 'STRING', mode: 'NULLABLE' }];
    const image = rows.image(wider, FIELDS);
    expect(rows.image(wider, wider)).not.toBe(image);
    expect(image.isDropped).toBe(false);
    rows.releaseImages(database);
    expect(image.isDropped).toBe(true);
  });
});
