import { describe, expect, it } from '@jest/globals';
import { field, record } from '../testing/fields.builder.js';
import type { Field } from './field-schema.js';
import { checkDatasetId, checkSchema, checkTableId } from './names.js';

const nested = (levels: number): Field =>
  levels === 0 ? field('leaf', 'STRING') : record(`level${levels}`, [nested(levels - 1)]);

describe('checkSchema', () => {
  it.each<[string, readonly Field[]]>([
    ['plain names', [field('_a1', 'STRING'), field('B', 'STRING')]],
    ['flexible names', [field('größe (%)'.replace(/[()]/g, ''), 'STRING'), field('a-b & c', 'STRING')]],
    ['300 characters', [field('a'.repeat(300), 'STRING')]],
    ['one name in two records', [record('r', [field('a', 'STRING')]), record('s', [field('a', 'STRING')])]],
    ['15 levels of records', [nested(15)]],
    ['10,000 leaf fields', Array.from({ length: 10_000 }, (_, index) => field(`c${index}`, 'STRING'))],
  ])('accepts %s', (_name, fields) => {
    expect(() => {
      checkSchema(fields);
    }).not.toThrow();
  });

  it.each<[string, readonly Field[], string]>([
    ['a dot', [field('a.b', 'STRING')], 'Invalid field name "a.b"'],
    ['301 characters', [field('a'.repeat(301), 'STRING')], 'at most 300 characters'],
    ['an empty nested name', [record('r', [field('', 'STRING')])], 'Invalid field name ""'],
    ['a reserved prefix in any case', [field('_partitionX', 'STRING')], 'not allowed to start with'],
    ['a reserved prefix below', [record('r', [field('_TABLE_a', 'STRING')])], 'not allowed to start with'],
    [
      'two names that differ in case',
      [field('Foo', 'STRING'), field('foo', 'STRING')],
      'Field foo already exists in schema',
    ],
    [
      'such names in a record',
      [record('r', [field('A', 'DATE'), field('a', 'DATE')])],
      'Field r.a already exists in schema',
    ],
    ['16 levels of records', [nested(16)], 'maximum nesting of RECORD fields is 15 levels'],
    [
      '10,001 leaf fields',
      Array.from({ length: 10_001 }, (_, index) => field(`c${index}`, 'STRING')),
      'Too many total leaf fields: 10001',
    ],
    [
      'a long description',
      [{ ...field('a', 'STRING'), description: 'x'.repeat(1025) }],
      'maximum length is 1024',
    ],
  ])('refuses %s', (_name, fields, words) => {
    expect(() => {
      checkSchema(fields);
    }).toThrow(words);
  });
});

describe('ids', () => {
  it.each(['d', 'prod_events_dataset', '1'])('takes the dataset id %s', (id) => {
    expect(() => {
      checkDatasetId(id);
    }).not.toThrow();
  });

  it.each(['', 'a-b', 'a b', 'ä', 'a'.repeat(1025)])('refuses the dataset id %p', (id) => {
    expect(() => {
      checkDatasetId(id);
    }).toThrow('Invalid dataset ID');
  });

  it.each(['t', 'user-activity', 'größe 1', 'a'.repeat(1024)])('takes the table id %p', (id) => {
    expect(() => {
      checkTableId(id);
    }).not.toThrow();
  });

  it.each(['', 'a.b', 'a$b', 'ä'.repeat(513)])('refuses the table id %p', (id) => {
    expect(() => {
      checkTableId(id);
    }).toThrow('Invalid table ID');
  });
});
