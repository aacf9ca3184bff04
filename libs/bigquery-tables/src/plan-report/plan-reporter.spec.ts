import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import type { UsableTable } from '../schema-changes/pipeline-columns.js';
import { PlanReporter, type PlanReporterOptions } from './plan-reporter.js';
import type { TableReport } from './plan-report.js';

const OWN: readonly Column[] = [
  { name: 'event_type', type: 'STRING', mode: 'NULLABLE' },
  { name: 'id', type: 'STRING', mode: 'NULLABLE' },
];

async function reportOf(columns: readonly Column[], kind = 'TABLE'): Promise<TableReport | undefined> {
  const table: UsableTable = { tableId: 'leads', kind, schema: { columns, closed: false } };
  const reporter = new PlanReporter({
    projectId: 'p',
    datasetId: 'd',
    routes: {},
    readTable: () => Promise.resolve(table),
  });
  await reporter.take({ data: Buffer.from('{"event_type":"leads","id":"1"}'), attributes: {} }, 1);
  return reporter.finish().tables[0];
}

describe('a plan of a new event type', () => {
  const take = async (
    newTableRefusal?: PlanReporterOptions['newTableRefusal'],
    stored: UsableTable | null = null,
  ): Promise<PlanReporter> => {
    const reporter = new PlanReporter({
      projectId: 'p',
      datasetId: 'd',
      routes: {},
      readTable: () => Promise.resolve(stored),
      ...(newTableRefusal === undefined ? {} : { newTableRefusal }),
    });
    for (const type of ['leads', 'leads', 'other'])
      await reporter.take({ data: Buffer.from(`{"event_type":"${type}","id":"1"}`), attributes: {} }, 1);
    return reporter;
  };

  it.each(['AWAITING_APPROVAL', 'TABLE_GUARD', 'TYPE_NOT_ALLOWED'] as const)(
    'that %s holds back says so with the columns of an approval, and makes nothing',
    async (refusal) => {
      let asked = 0;
      const reporter = await take(() => {
        asked++;
        return Promise.resolve(refusal);
      });
      const [open] = (await take()).finish().tables;

      expect(reporter.finish().tables.map(({ table, held }) => [table, held])).toEqual([
        ['leads', refusal],
        ['other', refusal],
      ]);
      expect(reporter.finish().tables[0]).toEqual({ ...open, held: refusal });
      expect(reporter.needs('run')).toEqual([]);
      expect(asked).toBe(1);
    },
  );

  it('is as it was where nothing holds it back, and asks nothing for tables that exist', async () => {
    const [allowed, open] = [await take(() => Promise.resolve(null)), await take()];
    const table: UsableTable = {
      tableId: 'leads',
      kind: 'TABLE',
      schema: { columns: [...PIPELINE_COLUMNS, ...OWN], closed: false },
    };
    const existing = await take(() => Promise.reject(new Error('asked')), table);

    expect(allowed.finish()).toEqual(open.finish());
    expect(allowed.needs('run').map(({ tableId }) => tableId)).toEqual(['leads', 'other']);
    expect(existing.finish().tables.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });
});

describe('a plan over a table under a contract', () => {
  it('says that a value of a new field waits for an approval', async () => {
    const reporter = new PlanReporter({
      projectId: 'p',
      datasetId: 'd',
      routes: {},
      readTable: (tableId) =>
        Promise.resolve({
          tableId,
          kind: 'TABLE',
          schema: { columns: [...PIPELINE_COLUMNS, ...OWN], closed: false, newColumns: 'approve' },
        }),
    });
    await reporter.take({ data: Buffer.from('{"event_type":"leads","id":"1","n":1}'), attributes: {} }, 3);

    expect(reporter.finish().tables[0]).toMatchObject({
      action: 'unchanged',
      changes: [],
      conflicts: [{ reason: 'AWAITING_APPROVAL', at: '/n', count: 1, sample: { pointer: '/n', line: 3 } }],
    });
  });
});

describe('a plan over a table made by hand', () => {
  it('announces the pipeline’s columns', async () => {
    const report = await reportOf(OWN);

    expect(report).toMatchObject({ action: 'change', problem: null });
    expect(report?.changes.map(({ kind, path }) => `${kind} ${path ?? ''}`)).toEqual(
      PIPELINE_COLUMNS.map(({ name }) => `ADD_COLUMN ${name}`),
    );
    expect(report?.ddl[0]).toBe('ALTER TABLE `p`.`d`.`leads` ADD COLUMN `_message_id` STRING;');
  });

  it('announces nothing once the table has them', async () => {
    expect(await reportOf([...PIPELINE_COLUMNS, ...OWN])).toMatchObject({ action: 'unchanged', changes: [] });
  });

  it.each([
    ['a view', OWN, 'VIEW', /leads is a view, not a table: .*EVENT_ROUTES/],
    [
      'a column of another type',
      [...OWN, { name: '_message_id', type: 'INT64', mode: 'NULLABLE' } as const],
      'TABLE',
      /_message_id of table leads is INT64 where the pipeline needs STRING/,
    ],
  ])('says that no event becomes a row of %s, and the remedy', async (_name, columns, kind, words) => {
    const report = await reportOf(columns, kind);

    expect(report).toMatchObject({ action: 'unusable', changes: [], ddl: [] });
    expect(report?.problem).toMatch(words);
  });
});
