import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const here = dirname(fileURLToPath(import.meta.url));

interface Case {
  readonly name: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}
interface Suite {
  readonly suite: string;
  readonly about: string;
  readonly cases: readonly Case[];
}

/** Fields of each kind of case: [needed, allowed besides]. The README of this folder says what they mean. */
const FIELDS: Readonly<Record<string, readonly [needed: readonly string[], allowed: readonly string[]]>> = {
  decode: [[], ['data', 'dataHex', 'gzip', 'attributes', 'eventTypeFrom']],
  sources: [['setting'], []],
  route: [['eventType'], ['routes']],
  type: [['values'], ['overflow']],
  names: [['event'], ['schema']],
  fit: [
    ['schema', 'event'],
    ['wait', 'attributes'],
  ],
  plan: [['schema', 'events'], []],
  rebuild: [['schema', 'event'], []],
  row: [['schema', 'event', 'message', 'ingestTime'], ['attributes']],
};
const REASONS = [
  'NOT_UNICODE',
  'SCHEMA_CLOSED',
  'MIXED_ARRAY',
  'NULL_IN_ARRAY',
  'OUT_OF_RANGE',
  'TYPE_CONFLICT',
  'NOT_WIDENABLE',
  'NUMBER_NOT_REPRESENTABLE',
  'AWAITING_APPROVAL',
  'AWAITING_COLUMN',
];
const REJECTIONS = [
  'NOT_DECOMPRESSIBLE',
  'NOT_UTF8',
  'TOO_DEEP',
  'TOO_LARGE',
  'NOT_JSON',
  'DUPLICATE_KEY',
  'KEY_NOT_UNICODE',
  'NOT_AN_OBJECT',
  'EVENT_TYPE_MISSING',
  'EVENT_TYPE_INVALID',
];

const suites = readdirSync(here)
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(here, file), 'utf8')) as Suite) }));
const cases = suites.flatMap((suite) => suite.cases);

function isText(text: unknown): boolean {
  const isPiece = (piece: unknown): boolean =>
    typeof piece === 'string' ||
    (typeof piece === 'object' &&
      piece !== null &&
      ('repeat' in piece ? 'times' in piece : 'each' in piece && 'of' in piece));
  return typeof text === 'string' || (Array.isArray(text) && text.every(isPiece));
}

function collect(value: unknown, key: string): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = Object.entries(value as Record<string, unknown>);
  return members.flatMap(([name, member]) => [...(name === key ? [member] : []), ...collect(member, key)]);
}

const ofKind = (...kinds: readonly string[]): readonly Case[] =>
  cases.filter((one) => kinds.includes(one.kind));

describe('contract vectors', () => {
  it('are at least 300', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
  });

  it('have one name each', () => {
    const names = cases.map((one) => one.name);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it.each(suites.map((suite) => [suite.file, suite] as const))(
    '%s names its suite and says what it is about',
    (file, suite) => {
      expect(`${suite.suite}.json`).toBe(file);
      expect(suite.about.length).toBeGreaterThan(20);
      expect(suite.cases.length).toBeGreaterThan(0);
    },
  );

  it('have the fields of their kind and no other', () => {
    const wrong = cases.filter((one) => {
      const [needed, allowed] = FIELDS[one.kind] ?? [['no such kind'], []];
      const known = ['name', 'kind', 'expect', ...needed, ...allowed];
      const isComplete = [...needed, 'name', 'kind', 'expect'].every((field) => field in one);
      return !isComplete || Object.keys(one).some((field) => !known.includes(field));
    });

    expect(wrong.map((one) => one.name)).toEqual([]);
  });

  it('write texts as strings or pieces, and bytes as hex', () => {
    const single = ofKind('names', 'fit', 'rebuild', 'row').map((one) => one['event']);
    const many = [
      ...ofKind('type').map((one) => one['values']),
      ...ofKind('plan').map((one) => one['events']),
    ] as unknown[][];
    const data = ofKind('decode').map((one) => one['data'] ?? '');
    const hex = ofKind('decode').flatMap((one) => ('dataHex' in one ? [one['dataHex']] : []));

    expect([...single, ...many.flat(), ...data].filter((text) => !isText(text))).toEqual([]);
    expect(hex.filter((bytes) => typeof bytes !== 'string' || !/^([0-9a-f]{2})+$/.test(bytes))).toEqual([]);
    expect(ofKind('decode').filter((one) => 'data' in one === 'dataHex' in one)).toEqual([]);
  });

  it('use the closed sets of reasons and rejections, each at least once', () => {
    const reasons = new Set(
      cases.flatMap((one) => collect(one, 'reason')).filter((code) => typeof code === 'string'),
    );
    const rejected = new Set(ofKind('decode').flatMap((one) => collect(one, 'rejected')));

    expect([...reasons].sort()).toEqual(expect.arrayContaining([...REASONS].sort()));
    expect([...reasons].filter((code) => !REASONS.includes(code))).toEqual([]);
    expect([...rejected].sort()).toEqual([...REJECTIONS].sort());
  });

  it('give overflow as value or as literal, never both', () => {
    const entries = ofKind('fit', 'type')
      .flatMap((one) => [...collect(one, 'overflow')])
      .flatMap((overflow) => Object.values(overflow as Record<string, object>));

    expect(entries.length).toBeGreaterThan(100);
    expect(entries.filter((entry) => 'value' in entry === 'literal' in entry)).toEqual([]);
  });
});
