import { describe, expect, it } from '@jest/globals';
import { field } from '../testing/fields.builder.js';
import { PARTITION_TIME, partitionMicros, stamped, storedFields } from './ingestion-time.js';
import type { TableEntry } from './catalog.js';

const NOW_MS = Date.parse('2026-03-04T05:06:07.890Z');
const TABLE = { fields: [field('a', 'STRING')], hasIngestionTime: true } as unknown as TableEntry;

describe('ingestion time', () => {
  it.each([
    ['HOUR', '2026-03-04T05:00:00Z'],
    ['DAY', '2026-03-04T00:00:00Z'],
    ['MONTH', '2026-03-01T00:00:00Z'],
    ['YEAR', '2026-01-01T00:00:00Z'],
  ])('is the beginning of the %s', (type, begin) => {
    const micros = partitionMicros({ properties: { timePartitioning: { type } } }, NOW_MS);
    expect(micros).toBe(BigInt(Date.parse(begin)) * 1_000n);
  });

  it('is a member of encoded rows, and the first of the stored columns', () => {
    const entry = { ...TABLE, properties: { timePartitioning: { type: 'DAY' } } };
    expect(stamped(entry, ['{}', '{"a":"x"}'], NOW_MS)).toEqual([
      '{"_PARTITIONTIME":"1772582400000000"}',
      '{"_PARTITIONTIME":"1772582400000000","a":"x"}',
    ]);
    expect(storedFields(TABLE)).toEqual([PARTITION_TIME, ...TABLE.fields]);
    expect(storedFields(TABLE)).toBe(storedFields(TABLE));
  });

  it('is nothing in other tables', () => {
    const entry = { ...TABLE, hasIngestionTime: undefined } as unknown as TableEntry;
    expect(storedFields(entry)).toBe(entry.fields);
    expect(stamped(entry, ['{}'], NOW_MS)).toEqual(['{}']);
  });
});
