import { describe, expect, it } from '@jest/globals';
import { parseDdl } from './ddl-parser.js';

describe('parseDdl', () => {
  it.each<[string, object | undefined]>([
    ['SELECT 1', undefined],
    [
      '-- a comment\n DROP TABLE IF EXISTS `p-1.d.t`;',
      { kind: 'drop', what: 'TABLE', path: ['p-1', 'd', 't'], ifExists: true },
    ],
    ['drop view p-1.d.v', { kind: 'drop', what: 'VIEW', path: ['p-1', 'd', 'v'], ifExists: false }],
    ['DROP TABLE my-project-12ab.d.t', { path: ['my-project-12ab', 'd', 't'] }],
    [
      'CREATE VIEW d.v AS SELECT "a;b" AS x;',
      { kind: 'createView', path: ['d', 'v'], manner: 'create', query: 'SELECT "a;b" AS x' },
    ],
    [
      'CREATE OR REPLACE TABLE d.t (a INT64)',
      { manner: 'createOrReplace', fields: [{ name: 'a', type: 'INTEGER', mode: 'NULLABLE' }] },
    ],
    [
      'CREATE TABLE d.t PARTITION BY TIMESTAMP_TRUNC(at, HOUR) AS SELECT 1',
      { partitionBy: { field: 'at', type: 'HOUR' }, asQuery: 'SELECT 1' },
    ],
    [
      'CREATE TABLE d.t (a ARRAY<STRUCT<`x y` STRING(5), n NUMERIC(10, 2)>>)',
      {
        fields: [
          {
            name: 'a',
            type: 'RECORD',
            mode: 'REPEATED',
            fields: [
              { name: 'x y', maxLength: '5' },
              { precision: '10', scale: '2' },
            ],
          },
        ],
      },
    ],
    [
      "ALTER TABLE d.t ALTER COLUMN IF EXISTS a SET OPTIONS(description='it''s')".replace("''", "\\'"),
      {
        actions: [
          { kind: 'setColumnOptions', column: 'a', ifExists: true, options: { description: "it's" } },
        ],
      },
    ],
    [
      'ALTER TABLE d.t SET OPTIONS(labels=[("a", "b")], expiration_timestamp=TIMESTAMP "2030-01-01")',
      {
        actions: [
          { kind: 'setOptions', options: { labels: [['a', 'b']], expiration_timestamp: '2030-01-01' } },
        ],
      },
    ],
  ])('reads %s', (sql, statement) => {
    if (statement === undefined) expect(parseDdl(sql)).toBeUndefined();
    else expect(parseDdl(sql)).toMatchObject(statement);
  });

  it.each([
    ['CREATE TABLE d.t (a INT64', 'Expected ) but got end of statement at [1:26]'],
    ['CREATE TABLE d.t (a NOTYPE)', 'Type not found: NOTYPE'],
    ['CREATE TABLE d.t (a ARRAY<ARRAY<INT64>>)', 'Arrays of arrays are not supported'],
    ['DROP TABLE d.t d.u', 'Expected end of statement but got "d"'],
    ['CREATE MODEL d.m', 'Not supported by this server: CREATE MODEL'],
    ['ALTER TABLE d.t ADD PRIMARY KEY (a)', 'Not supported by this server: ALTER TABLE … ADD PRIMARY'],
    ['CREATE TABLE d.t (a INT64 DEFAULT 1)', 'DEFAULT of a column'],
  ])('refuses %s', (sql, words) => {
    expect(() => parseDdl(sql)).toThrow(words);
  });
});
