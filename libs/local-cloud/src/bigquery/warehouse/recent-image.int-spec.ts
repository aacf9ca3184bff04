import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { field } from '../testing/fields.builder.js';
import { Database } from './database.js';
import { RecentImage } from './recent-image.js';

describe('RecentImage', () => {
  let database: Database;
  beforeEach(async () => {
    database = await Database.open();
  });
  afterEach(() => database.close());

  it('has no row of an attempt that failed, however many it had read', async () => {
    const fields = [field('n', 'INTEGER')];
    const image = new RecentImage(fields, fields);
    // More than DuckDB's appender gathers before it writes.
    const rows = Array.from({ length: 210_000 }, (_, n) => `{"n":${n}}`);

    await expect(image.fill(database, [...rows, '{'])).rejects.toThrow();
    await image.fill(database, rows);

    const count = await database.use(async (connection) =>
      (await connection.runAndReadAll(`SELECT count(*) FROM ${image.sqlName}`)).getRows(),
    );
    expect(count).toEqual([[210_000n]]);
  });
});
