import { describe, expect, it } from '@jest/globals';
import { type ContractSession, failureOf, ID } from './session.contract.js';

/** Queries: parameters, pages, dry runs, errors, INFORMATION_SCHEMA, views. */
export function describeQueries(s: ContractSession): void {
  describe('queries', () => {
    it('binds named and positional parameters of every type', async () => {
      const { client } = s;
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
      const [job] = await s.client.createQueryJob(
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
      const [job] = await s.client.createQueryJob({ query: 'SELECT 1 AS a', dryRun: true });

      expect(job.metadata).toMatchObject({
        status: { state: 'DONE' },
        statistics: { query: { schema: { fields: [{ name: 'a' }] } } },
      });
      await expect(
        failureOf(s.client.createQueryJob({ query: 'SELECT nope', dryRun: true })),
      ).resolves.toMatchObject({ reason: 'invalidQuery' });
    });

    it.each([
      ['SELECT nope FROM UNNEST([1]) AS x', 'nope'],
      ['SELECT NO_SUCH_FUNCTION("a")', 'NO_SUCH_FUNCTION'],
      ['SELEC 1', 'Syntax error'],
      ['SELECT * FROM UNNEST([1]) TABLESAMPLE SYSTEM (1 PERCENT)', ''],
    ])('answers 400 invalidQuery for %s', async (sql, words) => {
      const failure = await failureOf(s.client.query(sql));

      expect(failure).toMatchObject({ code: 400, reason: 'invalidQuery' });
      expect(failure.message).toContain(words);
    });

    it('shows tables, columns and field paths in INFORMATION_SCHEMA', async () => {
      await s.table([
        ID,
        {
          name: 'r',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [{ name: 'a', type: 'NUMERIC', description: 'x' }],
        },
      ]);
      const schema = `${s.dataset.id ?? ''}.INFORMATION_SCHEMA`;

      expect(await s.rows(`SELECT table_name, table_type FROM ${schema}.TABLES`)).toEqual([
        { table_name: 't', table_type: 'BASE TABLE' },
      ]);
      expect(
        await s.rows(
          `SELECT column_name, data_type, is_nullable FROM ${schema}.COLUMNS ORDER BY ordinal_position`,
        ),
      ).toEqual([
        { column_name: 'id', data_type: 'INT64', is_nullable: 'YES' },
        { column_name: 'r', data_type: 'ARRAY<STRUCT<a NUMERIC>>', is_nullable: 'YES' },
      ]);
      expect(
        await s.rows(
          `SELECT field_path, data_type, description FROM ${schema}.COLUMN_FIELD_PATHS WHERE column_name = 'r'`,
        ),
      ).toEqual([
        { field_path: 'r', data_type: 'ARRAY<STRUCT<a NUMERIC>>', description: null },
        { field_path: 'r.a', data_type: 'NUMERIC', description: 'x' },
      ]);
    });

    it('runs views over tables as they are now', async () => {
      const made = await s.table([ID]);
      await s.dataset.createTable('v', {
        view: { query: `SELECT COUNT(*) AS n FROM \`${s.dataset.id ?? ''}.t\``, useLegacySql: false },
      });
      await made.insert([{ id: 1 }, { id: 2 }]);

      expect(await s.rows(`SELECT n FROM ${s.dataset.id ?? ''}.v`)).toEqual([{ n: 2 }]);
    });
  });
}
