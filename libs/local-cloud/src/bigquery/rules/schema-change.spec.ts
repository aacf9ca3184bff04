import { describe, expect, it } from '@jest/globals';
import { field, record } from '../testing/fields.builder.js';
import type { Field } from './field-schema.js';
import { changeSchema } from './schema-change.js';

const PRESENT: readonly Field[] = [
  field('id', 'INTEGER', 'REQUIRED'),
  field('name', 'STRING'),
  field('tags', 'STRING', 'REPEATED'),
  record('address', [field('city', 'STRING')]),
  record('items', [field('sku', 'STRING')], 'REPEATED'),
];
const without = (name: string): Field[] => PRESENT.filter((entry) => entry.name !== name);
const replaced = (next: Field): Field[] => PRESENT.map((entry) => (entry.name === next.name ? next : entry));

describe('changeSchema', () => {
  it.each<[string, readonly Field[], unknown[]]>([
    ['the same schema asks for nothing', PRESENT, []],
    [
      'a NULLABLE column more',
      [...PRESENT, field('note', 'JSON')],
      [{ kind: 'add', path: [], field: field('note', 'JSON') }],
    ],
    [
      'a REPEATED column more, named first, still comes last',
      [field('log', 'DATE', 'REPEATED'), ...PRESENT],
      [{ kind: 'add', path: [], field: field('log', 'DATE', 'REPEATED') }],
    ],
    [
      'a field more in a RECORD',
      replaced(record('address', [field('city', 'STRING'), field('zip', 'STRING')])),
      [{ kind: 'add', path: [{ name: 'address', repeated: false }], field: field('zip', 'STRING') }],
    ],
    [
      'a field more in a REPEATED RECORD',
      replaced(record('items', [field('sku', 'STRING'), field('count', 'INTEGER')], 'REPEATED')),
      [{ kind: 'add', path: [{ name: 'items', repeated: true }], field: field('count', 'INTEGER') }],
    ],
    [
      'a new RECORD may have a REQUIRED field',
      [...PRESENT, record('meta', [field('key', 'STRING', 'REQUIRED')])],
      [{ kind: 'add', path: [], field: record('meta', [field('key', 'STRING', 'REQUIRED')]) }],
    ],
    [
      'REQUIRED becomes NULLABLE',
      replaced(field('id', 'INTEGER')),
      [{ kind: 'relax', path: [{ name: 'id', repeated: false }] }],
    ],
  ])('allows: %s', (_name, wanted, steps) => {
    const change = changeSchema('p:d.t', PRESENT, wanted);

    expect(change.steps).toEqual(steps);
    expect(change.fields.slice(0, PRESENT.length).map(({ name }) => name)).toEqual(
      PRESENT.map(({ name }) => name),
    );
  });

  it.each<[string, readonly Field[], string]>([
    ['a column dropped', without('name'), 'Field name is missing in new schema'],
    [
      'a nested field dropped',
      replaced(record('address', [field('zip', 'STRING')])),
      'Field address.city is missing in new schema',
    ],
    [
      'another type',
      replaced(field('name', 'INTEGER')),
      'Field name has changed type from STRING to INTEGER',
    ],
    [
      'a widening, which only DDL makes',
      replaced(field('id', 'NUMERIC', 'REQUIRED')),
      'Field id has changed type from INTEGER to NUMERIC',
    ],
    [
      'a nested type',
      replaced(record('items', [field('sku', 'DATE')], 'REPEATED')),
      'Field items.sku has changed type from STRING to DATE',
    ],
    [
      'NULLABLE to REQUIRED',
      replaced(field('name', 'STRING', 'REQUIRED')),
      'Field name has changed mode from NULLABLE to REQUIRED',
    ],
    [
      'NULLABLE to REPEATED',
      replaced(field('name', 'STRING', 'REPEATED')),
      'Field name has changed mode from NULLABLE to REPEATED',
    ],
    [
      'REPEATED to NULLABLE',
      replaced(field('tags', 'STRING')),
      'Field tags has changed mode from REPEATED to NULLABLE',
    ],
    [
      'a REQUIRED column more',
      [...PRESENT, field('x', 'STRING', 'REQUIRED')],
      'Cannot add required fields to an existing schema. (field: x)',
    ],
  ])('refuses: %s', (_name, wanted, words) => {
    expect(() => changeSchema('p:d.t', PRESENT, wanted)).toThrow(
      `Provided Schema does not match Table p:d.t. ${words}`,
    );
  });

  it('takes over descriptions, and drops one that the new schema has not', () => {
    const described = PRESENT.map((entry) => ({ ...entry, description: 'old' }));

    const change = changeSchema(
      'p:d.t',
      described,
      replaced({ ...field('name', 'STRING'), description: 'new' }),
    );

    expect(change.steps).toEqual([]);
    expect(change.fields.map(({ description }) => description)).toEqual([
      undefined,
      'new',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
