import { describe, expect, it } from '@jest/globals';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import type { UsableTable } from '../schema-changes/pipeline-columns.js';
import { PlanReporter } from './plan-reporter.js';
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
