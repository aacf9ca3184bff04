import { describe, expect, it } from '@jest/globals';
import type { Field } from '../rules/field-schema.js';
import type { TableEntry } from '../warehouse/catalog.js';
import { emptyRelation, mentionedColumns, TableReferences } from './table-references.js';

const field = (name: string): Field => ({ name, type: 'STRING', mode: 'NULLABLE' });
const TABLE: TableEntry = {
  name: { projectId: 'p', datasetId: 'd', tableId: 't' },
  kind: 'TABLE',
  physical: 't1',
  fields: ['a', 'b', 'we"ird', 'naïve name'].map(field),
  properties: {},
  createdMs: 0,
  modifiedMs: 0,
  etag: '',
};

function resolved(write: (table: string) => string): string {
  const references = new TableReferences();
  return references.resolve(
    write(references.add(TABLE)),
    (_, fields) => `[${fields.map(({ name }) => name).join()}]`,
  );
}

describe('the columns that a statement reads of a table', () => {
  it.each([
    ['those that it names', (t: string) => `SELECT s1."b" FROM ${t} AS s1`, 'SELECT s1."b" FROM [b] AS s1'],
    [
      'not those in texts',
      (t: string) => `SELECT s1."b", '"a"' FROM ${t} AS s1`,
      `SELECT s1."b", '"a"' FROM [b] AS s1`,
    ],
    [
      'names with quotes',
      (t: string) => `SELECT s1."we""ird" FROM ${t} AS s1`,
      'SELECT s1."we""ird" FROM [we"ird] AS s1',
    ],
    ['the first if it names none', (t: string) => `SELECT count(*) FROM ${t}`, 'SELECT count(*) FROM [a]'],
  ])('are %s', (_, write, expected) => {
    expect(resolved(write)).toBe(expected);
  });

  it('are for a check those that its text mentions, in any case, and those whose names are no words', () => {
    const names = (text: string): string[] => mentionedColumns(TABLE, text).fields.map(({ name }) => name);
    expect(names('SELECT * FROM t WHERE B = 1')).toEqual(['b', 'we"ird', 'naïve name']);
    expect(
      mentionedColumns({ ...TABLE, fields: [field('x'), field('y')] }, 'SELECT * FROM t').fields,
    ).toEqual([field('x')]);
  });

  it('have no rows when the query is only checked', () => {
    expect(emptyRelation([field('a')])).toBe('(SELECT CAST(NULL AS VARCHAR) AS "a" WHERE FALSE)');
  });
});
