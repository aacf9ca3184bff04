import { describe, expect, it } from '@jest/globals';
import type { TableField } from '@google-cloud/bigquery';
import { type ContractSession, failureOf, ID } from './session.contract.js';

/** Datasets and tables: what exists, what may change, and what is refused. */
export function describeResources(s: ContractSession): void {
  describe('datasets', () => {
    it('answers 409 duplicate for one that exists', async () => {
      await expect(failureOf(s.client.createDataset(s.dataset.id ?? ''))).resolves.toMatchObject({
        code: 409,
        reason: 'duplicate',
      });
    });

    it('keeps what a patch does not name, and changes the etag', async () => {
      const [first] = (await s.dataset.setMetadata({ description: 'a', labels: { x: '1' } })) as [
        { etag: string },
      ];
      const [second] = (await s.dataset.setMetadata({ description: 'b' })) as [
        { etag: string; labels: object; description: string },
      ];

      expect(second).toMatchObject({ description: 'b', labels: { x: '1' } });
      expect(second.etag).not.toBe(first.etag);
    });

    it('refuses to delete one with tables unless forced', async () => {
      await s.table([ID]);

      await expect(failureOf(s.dataset.delete())).resolves.toMatchObject({
        code: 400,
        reason: 'resourceInUse',
      });
      await s.dataset.delete({ force: true });
      await expect(s.dataset.exists()).resolves.toEqual([false]);
    });

    it('answers 404 notFound for one that is missing', async () => {
      await expect(failureOf(s.client.dataset('nowhere').getMetadata())).resolves.toMatchObject({
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
      const made = await s.table([ID, { name: 'at', type: 'TIMESTAMP', mode: 'NULLABLE' }], properties);

      expect((await made.getMetadata())[0]).toMatchObject({ ...properties, type: 'TABLE', numRows: '0' });
    });

    it('answers 409 for one that exists, 404 for a missing table or dataset', async () => {
      const made = await s.table([ID]);

      await expect(failureOf(s.table([ID]))).resolves.toMatchObject({ code: 409, reason: 'duplicate' });
      await expect(failureOf(s.dataset.table('none').getMetadata())).resolves.toMatchObject({
        code: 404,
        reason: 'notFound',
      });
      await expect(failureOf(s.client.dataset('nowhere').createTable('t', {}))).resolves.toMatchObject({
        code: 404,
      });
      await made.delete();
      await expect(made.exists()).resolves.toEqual([false]);
    });

    it('lists tables and views', async () => {
      await s.table([ID]);
      await s.dataset.createTable('v', { view: { query: 'SELECT 1 AS a', useLegacySql: false } });

      const [tables] = await s.dataset.getTables();

      expect(tables.map((entry) => entry.id)).toEqual(['t', 'v']);
    });

    it('adds columns at the top, in a record and in a repeated record, and keeps the rows', async () => {
      const made = await s.table([
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
      const fields = await s.fieldsOf(made);
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
        JSON.parse(JSON.stringify(await s.rows(`SELECT * FROM ${s.dataset.id ?? ''}.t ORDER BY id`))),
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
      const made = await s.table([ID, { name: 'x', type: 'STRING', mode: 'REQUIRED' }]);
      const fields = await s.fieldsOf(made);

      await made.setMetadata({
        schema: { fields: fields.map((field) => ({ ...field, mode: 'NULLABLE' })) },
      });
      await made.insert([{ id: 1 }]);

      expect(await s.rows(`SELECT x FROM ${s.dataset.id ?? ''}.t`)).toEqual([{ x: null }]);
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
      const made = await s.table([ID, { name: 'n', type: 'STRING', mode: 'NULLABLE' }]);
      const [before] = (await made.getMetadata()) as unknown as [
        { etag: string; schema: { fields: TableField[] } },
      ];

      const failure = await failureOf(made.setMetadata({ schema: { fields: change(before.schema.fields) } }));

      expect(failure).toMatchObject({ code: 400, reason: 'invalid' });
      expect(failure.message).toContain(words);
      expect((await made.getMetadata())[0]).toEqual(before);
    });

    it('answers 412 for a stale etag before anything changes', async () => {
      const made = await s.table([ID]);
      const [stale] = (await made.getMetadata()) as unknown as [{ etag: string }];
      await made.setMetadata({ description: 'newer' });
      const before = (await made.getMetadata()).at(0) as unknown;

      const schema = { fields: [ID, { name: 'x', type: 'STRING' }] };
      const failure = await failureOf(made.setMetadata({ schema, etag: stale.etag }));

      expect(failure).toMatchObject({ code: 412, reason: 'conditionNotMet' });
      expect((await made.getMetadata())[0]).toEqual(before);
    });
  });
}
