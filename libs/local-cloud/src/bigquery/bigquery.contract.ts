import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BigQuery, Dataset, Table, TableField } from '@google-cloud/bigquery';

/** A BigQuery to hold the contract against, and a client of it. */
export interface BigqueryUnderTest {
  readonly client: BigQuery;
  /** Root of the server, for what the client does not show. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

interface ApiFailure {
  readonly code?: number;
  readonly errors?: readonly { readonly reason?: string; readonly message?: string }[];
}

async function failureOf(
  call: Promise<unknown>,
): Promise<{ code: number | undefined; reason: string | undefined; message: string | undefined }> {
  try {
    await call;
  } catch (error) {
    const failure = error as ApiFailure;
    const [first] = failure.errors ?? [];
    return { code: failure.code, reason: first?.reason, message: first?.message };
  }
  throw new Error('The call did not fail.');
}

/** What the pipeline relies on, through Google's own client; each fact follows the document that the README names. */
export function describeBigquery(name: string, start: () => Promise<BigqueryUnderTest>): void {
  describe(`${name}, through @google-cloud/bigquery`, () => {
    let under: BigqueryUnderTest;
    let dataset: Dataset;
    let serial = 0;

    beforeAll(async () => {
      under = await start();
    });
    afterAll(async () => {
      await under.stop();
    });
    beforeEach(async () => {
      serial += 1;
      [dataset] = await under.client.createDataset(`contract_${serial}`);
    });

    async function table(fields: readonly TableField[], more: object = {}): Promise<Table> {
      const [made] = await dataset.createTable('t', { schema: { fields: [...fields] }, ...more });
      return made;
    }
    async function fieldsOf(of: Table): Promise<TableField[]> {
      const [metadata] = (await of.getMetadata()) as unknown as [{ schema: { fields: TableField[] } }];
      return metadata.schema.fields;
    }
    async function rows(sql: string, params?: Record<string, unknown>): Promise<unknown[]> {
      const [result] = await under.client.query({ query: sql, ...(params === undefined ? {} : { params }) });
      return result as unknown[];
    }
    const ID = { name: 'id', type: 'INTEGER', mode: 'NULLABLE' };

    describe('datasets', () => {
      it('answers 409 duplicate for one that exists', async () => {
        await expect(failureOf(under.client.createDataset(dataset.id ?? ''))).resolves.toMatchObject({
          code: 409,
          reason: 'duplicate',
        });
      });

      it('keeps what a patch does not name, and changes the etag', async () => {
        const [first] = (await dataset.setMetadata({ description: 'a', labels: { x: '1' } })) as [
          { etag: string },
        ];
        const [second] = (await dataset.setMetadata({ description: 'b' })) as [
          { etag: string; labels: object; description: string },
        ];

        expect(second).toMatchObject({ description: 'b', labels: { x: '1' } });
        expect(second.etag).not.toBe(first.etag);
      });

      it('refuses to delete one with tables unless forced', async () => {
        await table([ID]);

        await expect(failureOf(dataset.delete())).resolves.toMatchObject({
          code: 400,
          reason: 'resourceInUse',
        });
        await dataset.delete({ force: true });
        await expect(dataset.exists()).resolves.toEqual([false]);
      });

      it('answers 404 notFound for one that is missing', async () => {
        await expect(failureOf(under.client.dataset('nowhere').getMetadata())).resolves.toMatchObject({
          code: 404,
          reason: 'notFound',
        });
      });
    });

    describe('tables', () => {
      it('keeps partitioning, clustering, labels, description and the partition filter', async () => {
        const properties = {
          timePartitioning: { type: 'DAY', field: 'at', expirationMs: '86400000' },
          clustering: { fields: ['id'] },
          labels: { team: 'a' },
          description: 'orders',
          requirePartitionFilter: true,
        };
        const made = await table([ID, { name: 'at', type: 'TIMESTAMP', mode: 'NULLABLE' }], properties);

        expect((await made.getMetadata())[0]).toMatchObject({ ...properties, type: 'TABLE', numRows: '0' });
      });

      it('answers 409 for one that exists, 404 for a missing table or dataset', async () => {
        const made = await table([ID]);

        await expect(failureOf(table([ID]))).resolves.toMatchObject({ code: 409, reason: 'duplicate' });
        await expect(failureOf(dataset.table('none').getMetadata())).resolves.toMatchObject({
          code: 404,
          reason: 'notFound',
        });
        await expect(failureOf(under.client.dataset('nowhere').createTable('t', {}))).resolves.toMatchObject({
          code: 404,
        });
        await made.delete();
        await expect(made.exists()).resolves.toEqual([false]);
      });

      it('lists tables and views', async () => {
        await table([ID]);
        await dataset.createTable('v', { view: { query: 'SELECT 1 AS a', useLegacySql: false } });

        const [tables] = await dataset.getTables();

        expect(tables.map((entry) => entry.id)).toEqual(['t', 'v']);
      });

      it('adds columns at the top, in a record and in a repeated record, and keeps the rows', async () => {
        const made = await table([
          ID,
          {
            name: 'r',
            type: 'RECORD',
            mode: 'NULLABLE',
            fields: [{ name: 'a', type: 'STRING', mode: 'NULLABLE' }],
          },
          {
            name: 'items',
            type: 'RECORD',
            mode: 'REPEATED',
            fields: [{ name: 'a', type: 'STRING', mode: 'NULLABLE' }],
          },
        ]);
        await made.insert([{ id: 1, r: { a: 'x' }, items: [{ a: 'y' }] }]);
        const fields = await fieldsOf(made);
        fields[1]?.fields?.push({ name: 'b', type: 'NUMERIC', mode: 'NULLABLE' });
        fields[2]?.fields?.push({
          name: 'b',
          type: 'RECORD',
          mode: 'NULLABLE',
          fields: [{ name: 'c', type: 'DATE', mode: 'NULLABLE' }],
        });
        fields.push({ name: 'tags', type: 'STRING', mode: 'REPEATED' });

        await made.setMetadata({ schema: { fields } });
        await made.insert([{ id: 2, r: { b: '1.5' }, items: [{ b: { c: '2026-01-02' } }], tags: ['t'] }]);

        expect(
          JSON.parse(JSON.stringify(await rows(`SELECT * FROM ${dataset.id ?? ''}.t ORDER BY id`))),
        ).toEqual([
          { id: 1, r: { a: 'x', b: null }, items: [{ a: 'y', b: null }], tags: [] },
          {
            id: 2,
            r: { a: null, b: '1.5' },
            items: [{ a: null, b: { c: { value: '2026-01-02' } } }],
            tags: ['t'],
          },
        ]);
      });

      it('relaxes REQUIRED so that rows without the column are taken', async () => {
        const made = await table([ID, { name: 'x', type: 'STRING', mode: 'REQUIRED' }]);
        const fields = await fieldsOf(made);

        await made.setMetadata({
          schema: { fields: fields.map((field) => ({ ...field, mode: 'NULLABLE' })) },
        });
        await made.insert([{ id: 1 }]);

        expect(await rows(`SELECT x FROM ${dataset.id ?? ''}.t`)).toEqual([{ x: null }]);
      });

      it.each<[string, (fields: TableField[]) => TableField[], string]>([
        ['a column dropped', (fields) => fields.slice(1), 'Field id is missing in new schema'],
        [
          'another type',
          ([, ...rest]) => [{ ...ID, type: 'STRING' }, ...rest],
          'Field id has changed type from INTEGER to STRING',
        ],
        [
          'a REQUIRED column',
          (fields) => [...fields, { name: 'r', type: 'STRING', mode: 'REQUIRED' }],
          'Cannot add required fields',
        ],
        [
          'a clash in case',
          (fields) => [...fields, { name: 'ID', type: 'STRING' }],
          'already exists in schema',
        ],
        [
          'an illegal name',
          (fields) => [...fields, { name: 'a.b', type: 'STRING' }],
          'Invalid field name "a.b"',
        ],
        [
          'a reserved name',
          (fields) => [...fields, { name: '_TABLE_x', type: 'STRING' }],
          'Invalid field name',
        ],
      ])('refuses %s with 400 invalid and changes nothing', async (_name, change, words) => {
        const made = await table([ID, { name: 'n', type: 'STRING', mode: 'NULLABLE' }]);
        const [before] = (await made.getMetadata()) as unknown as [
          { etag: string; schema: { fields: TableField[] } },
        ];

        const failure = await failureOf(
          made.setMetadata({ schema: { fields: change(before.schema.fields) } }),
        );

        expect(failure).toMatchObject({ code: 400, reason: 'invalid' });
        expect(failure.message).toContain(words);
        expect((await made.getMetadata())[0]).toEqual(before);
      });

      it('answers 412 for a stale etag before anything changes', async () => {
        const made = await table([ID]);
        const [stale] = (await made.getMetadata()) as unknown as [{ etag: string }];
        await made.setMetadata({ description: 'newer' });
        const before = (await made.getMetadata()).at(0) as unknown;

        const schema = { fields: [ID, { name: 'x', type: 'STRING' }] };
        const failure = await failureOf(made.setMetadata({ schema, etag: stale.etag }));

        expect(failure).toMatchObject({ code: 412, reason: 'conditionNotMet' });
        expect((await made.getMetadata())[0]).toEqual(before);
      });
    });

    describe('insertAll', () => {
      it('stores nothing when one row is bad: its reason, and stopped for the others', async () => {
        const made = await table([ID]);

        const failure = (await made
          .insert([{ id: 1 }, { id: 2, x: 1 }])
          .catch((error: unknown) => error)) as {
          errors: { errors: { reason: string; message: string }[] }[];
        };

        expect(failure.errors.map((row) => row.errors[0])).toEqual([
          { reason: 'stopped', message: '' },
          { reason: 'invalid', message: 'no such field: x.' },
        ]);
        expect(await rows(`SELECT COUNT(*) AS n FROM ${dataset.id ?? ''}.t`)).toEqual([{ n: 0 }]);
      });

      it('stores the good rows with skipInvalidRows, and drops unknown fields with ignoreUnknownValues', async () => {
        const made = await table([ID]);

        await made.insert([{ id: 1 }, { id: 'x' }], { skipInvalidRows: true }).catch(() => undefined);
        await made.insert([{ id: 2, x: 1 }], { ignoreUnknownValues: true });

        expect(await rows(`SELECT id FROM ${dataset.id ?? ''}.t ORDER BY id`)).toEqual([
          { id: 1 },
          { id: 2 },
        ]);
      });

      it('stores a row once per insertId', async () => {
        const made = await table([ID]);
        const raw = { raw: true };

        await made.insert(
          [
            { insertId: 'a', json: { id: 1 } },
            { insertId: 'a', json: { id: 1 } },
          ],
          raw,
        );
        await made.insert(
          [
            { insertId: 'a', json: { id: 1 } },
            { insertId: 'b', json: { id: 2 } },
          ],
          raw,
        );

        expect(await rows(`SELECT id FROM ${dataset.id ?? ''}.t ORDER BY id`)).toEqual([
          { id: 1 },
          { id: 2 },
        ]);
      });

      it('takes an insertId again whose row was refused', async () => {
        const made = await table([ID]);
        const bad = { insertId: 'a', json: { id: 1, x: 1 } };

        await made.insert([bad], { raw: true }).catch(() => undefined);
        await made.insert([{ insertId: 'a', json: { id: 1 } }], { raw: true });

        expect(await rows(`SELECT id FROM ${dataset.id ?? ''}.t`)).toEqual([{ id: 1 }]);
      });

      it('answers 404 for a missing table', async () => {
        await expect(failureOf(dataset.table('none').insert([{ id: 1 }]))).resolves.toMatchObject({
          code: 404,
          reason: 'notFound',
        });
      });

      it('gives every type back exactly', async () => {
        const made = await table(
          Object.entries(VALUES).map(([name, { type, mode = 'NULLABLE' }]) => ({ name, type, mode })),
        );
        await made.insert([
          Object.fromEntries(Object.entries(VALUES).map(([name, { value }]) => [name, value])),
        ]);

        const url = `${under.endpoint}/bigquery/v2/projects/${under.client.projectId}/queries`;
        const query = `SELECT * FROM ${dataset.id ?? ''}.t`;
        const body = JSON.stringify({
          query,
          useLegacySql: false,
          formatOptions: { useInt64Timestamp: true },
        });
        const response = await fetch(url, { method: 'POST', body });
        const [row] = ((await response.json()) as { rows: { f: { v: unknown }[] }[] }).rows;

        expect(row?.f.map(({ v }) => v)).toEqual(Object.values(VALUES).map(({ wire }) => wire));
      });
    });

    describe('queries', () => {
      it('binds named and positional parameters of every type', async () => {
        const { client } = under;
        const values = {
          i: 5,
          f: 1.5,
          s: 'x',
          b: true,
          d: client.date('2026-01-02'),
          n: null,
          list: ['a', 'b'],
          r: { a: 1, s: 'q' },
        };
        const types = { n: 'STRING' };
        const query =
          'SELECT @i + 1 AS i, @f AS f, @s AS s, @b AS b, @d AS d, @n AS n, @list AS list, @r.s AS q, @s IN UNNEST(@list) AS known';

        const [named] = await client.query({ query, params: values, types });
        const [positional] = await client.query({ query: 'SELECT ? AS a, ? AS b', params: ['x', 2] });

        expect(JSON.parse(JSON.stringify(named))).toEqual([
          {
            i: 6,
            f: 1.5,
            s: 'x',
            b: true,
            d: { value: '2026-01-02' },
            n: null,
            list: ['a', 'b'],
            q: 'q',
            known: false,
          },
        ]);
        expect(positional).toEqual([{ a: 'x', b: 2 }]);
      });

      it('pages through the results of a job', async () => {
        const [job] = await under.client.createQueryJob(
          'SELECT x FROM UNNEST(GENERATE_ARRAY(1, 10)) AS x ORDER BY x',
        );

        const [first, next] = (await job.getQueryResults({
          maxResults: 4,
          autoPaginate: false,
        })) as unknown as [unknown[], object];
        const [second] = await job.getQueryResults({ ...next, autoPaginate: false });

        expect(first).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }]);
        expect(next).toMatchObject({ pageToken: expect.any(String) });
        expect(second).toEqual([{ x: 5 }, { x: 6 }, { x: 7 }, { x: 8 }]);
      });

      it('checks a dry run without running it', async () => {
        const [job] = await under.client.createQueryJob({ query: 'SELECT 1 AS a', dryRun: true });

        expect(job.metadata).toMatchObject({
          status: { state: 'DONE' },
          statistics: { query: { schema: { fields: [{ name: 'a' }] } } },
        });
        await expect(
          failureOf(under.client.createQueryJob({ query: 'SELECT nope', dryRun: true })),
        ).resolves.toMatchObject({ reason: 'invalidQuery' });
      });

      it.each([
        ['SELECT nope FROM UNNEST([1]) AS x', 'nope'],
        ['SELECT SOUNDEX("a")', 'SOUNDEX'],
        ['SELEC 1', 'Syntax error'],
        ['SELECT * FROM UNNEST([1]) TABLESAMPLE SYSTEM (1 PERCENT)', ''],
      ])('answers 400 invalidQuery for %s', async (sql, words) => {
        const failure = await failureOf(under.client.query(sql));

        expect(failure).toMatchObject({ code: 400, reason: 'invalidQuery' });
        expect(failure.message).toContain(words);
      });

      it('shows tables, columns and field paths in INFORMATION_SCHEMA', async () => {
        await table([
          ID,
          {
            name: 'r',
            type: 'RECORD',
            mode: 'REPEATED',
            fields: [{ name: 'a', type: 'NUMERIC', description: 'x' }],
          },
        ]);
        const schema = `${dataset.id ?? ''}.INFORMATION_SCHEMA`;

        expect(await rows(`SELECT table_name, table_type FROM ${schema}.TABLES`)).toEqual([
          { table_name: 't', table_type: 'BASE TABLE' },
        ]);
        expect(
          await rows(
            `SELECT column_name, data_type, is_nullable FROM ${schema}.COLUMNS ORDER BY ordinal_position`,
          ),
        ).toEqual([
          { column_name: 'id', data_type: 'INT64', is_nullable: 'YES' },
          { column_name: 'r', data_type: 'ARRAY<STRUCT<a NUMERIC>>', is_nullable: 'YES' },
        ]);
        expect(
          await rows(
            `SELECT field_path, data_type, description FROM ${schema}.COLUMN_FIELD_PATHS WHERE column_name = 'r'`,
          ),
        ).toEqual([
          { field_path: 'r', data_type: 'ARRAY<STRUCT<a NUMERIC>>', description: null },
          { field_path: 'r.a', data_type: 'NUMERIC', description: 'x' },
        ]);
      });

      it('runs views over tables as they are now', async () => {
        const made = await table([ID]);
        await dataset.createTable('v', {
          view: { query: `SELECT COUNT(*) AS n FROM \`${dataset.id ?? ''}.t\``, useLegacySql: false },
        });
        await made.insert([{ id: 1 }, { id: 2 }]);

        expect(await rows(`SELECT n FROM ${dataset.id ?? ''}.v`)).toEqual([{ n: 2 }]);
      });
    });
  });
}

const VALUES: Readonly<Record<string, { type: string; mode?: string; value: unknown; wire: unknown }>> = {
  int64: { type: 'INT64', value: '9007199254740993', wire: '9007199254740993' },
  float64: { type: 'FLOAT64', value: 0.1, wire: '0.1' },
  bool: { type: 'BOOL', value: true, wire: 'true' },
  string: { type: 'STRING', value: 'ü\u0000😀', wire: 'ü\u0000😀' },
  bytes: { type: 'BYTES', value: 'AP8=', wire: 'AP8=' },
  numeric: {
    type: 'NUMERIC',
    value: '-99999999999999999999999999999.999999999',
    wire: '-99999999999999999999999999999.999999999',
  },
  bignumeric: {
    type: 'BIGNUMERIC',
    value: '12345678901234567890123456789012345678.12345678901234567890123456789012345678',
    wire: '12345678901234567890123456789012345678.12345678901234567890123456789012345678',
  },
  date: { type: 'DATE', value: '0001-01-01', wire: '0001-01-01' },
  time: { type: 'TIME', value: '23:59:59.999999', wire: '23:59:59.999999' },
  datetime: { type: 'DATETIME', value: '9999-12-31T23:59:59.999999', wire: '9999-12-31T23:59:59.999999' },
  timestamp: { type: 'TIMESTAMP', value: '2026-01-02T03:04:05.678901Z', wire: '1767323045678901' },
  json: { type: 'JSON', value: '{"a":[1,{"b":null}]}', wire: '{"a":[1,{"b":null}]}' },
  list: { type: 'NUMERIC', mode: 'REPEATED', value: ['1.5', 2], wire: [{ v: '1.5' }, { v: '2' }] },
  missing: { type: 'STRING', mode: 'REPEATED', value: null, wire: [] },
};
