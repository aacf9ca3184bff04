import { describe, expect, it } from '@jest/globals';
import { type ContractSession, failureOf, ID } from './session.contract.js';

/** insertAll: what is stored, what is refused, and in which words. */
export function describeRows(s: ContractSession): void {
  describe('insertAll', () => {
    it('stores nothing when one row is bad: its reason, and stopped for the others', async () => {
      const made = await s.table([ID]);

      const failure = (await made.insert([{ id: 1 }, { id: 2, x: 1 }]).catch((error: unknown) => error)) as {
        errors: { errors: { reason: string; message: string }[] }[];
      };

      expect(failure.errors.map((row) => row.errors[0])).toEqual([
        { reason: 'stopped', message: '' },
        { reason: 'invalid', message: 'no such field: x.' },
      ]);
      expect(await s.rows(`SELECT COUNT(*) AS n FROM ${s.dataset.id ?? ''}.t`)).toEqual([{ n: 0 }]);
    });

    it('stores the good rows with skipInvalidRows, and drops unknown fields with ignoreUnknownValues', async () => {
      const made = await s.table([ID]);

      await made.insert([{ id: 1 }, { id: 'x' }], { skipInvalidRows: true }).catch(() => undefined);
      await made.insert([{ id: 2, x: 1 }], { ignoreUnknownValues: true });

      expect(await s.rows(`SELECT id FROM ${s.dataset.id ?? ''}.t ORDER BY id`)).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    });

    it('stores a row once per insertId', async () => {
      const made = await s.table([ID]);
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

      expect(await s.rows(`SELECT id FROM ${s.dataset.id ?? ''}.t ORDER BY id`)).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
    });

    it('takes an insertId again whose row was refused', async () => {
      const made = await s.table([ID]);
      const bad = { insertId: 'a', json: { id: 1, x: 1 } };

      await made.insert([bad], { raw: true }).catch(() => undefined);
      await made.insert([{ insertId: 'a', json: { id: 1 } }], { raw: true });

      expect(await s.rows(`SELECT id FROM ${s.dataset.id ?? ''}.t`)).toEqual([{ id: 1 }]);
    });

    it('answers 404 for a missing table', async () => {
      await expect(failureOf(s.dataset.table('none').insert([{ id: 1 }]))).resolves.toMatchObject({
        code: 404,
        reason: 'notFound',
      });
    });

    it('gives every type back exactly', async () => {
      const made = await s.table(
        Object.entries(VALUES).map(([name, { type, mode = 'NULLABLE' }]) => ({ name, type, mode })),
      );
      await made.insert([
        Object.fromEntries(Object.entries(VALUES).map(([name, { value }]) => [name, value])),
      ]);

      const url = `${s.endpoint}/bigquery/v2/projects/${s.client.projectId}/queries`;
      const query = `SELECT * FROM ${s.dataset.id ?? ''}.t`;
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
