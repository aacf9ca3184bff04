import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newTableRefusal, newTableRefused, refusalOf } from '../schema-changes/new-types.js';
import { QUARANTINE_COLUMNS, toQuarantineRow, type QuarantineReason } from './quarantine-row.js';
import { compileRowEncoder } from './row-encoder.js';

interface Contract {
  readonly columns: readonly object[];
  readonly maxDataBytes: number;
  readonly notAllowed: { readonly detail: string };
  readonly labels: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly newTable: string;
  }[];
  readonly cases: readonly {
    readonly name: string;
    readonly message: {
      readonly messageId: string;
      readonly publishTime: string;
      readonly eventType: string;
      readonly table: string;
      readonly reason: QuarantineReason;
      readonly data: string;
      readonly attributes: Readonly<Record<string, string>>;
    };
    readonly row: object;
  }[];
}

const CONTRACT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../test/contracts/tables/quarantine.json'), 'utf8'),
) as Contract;
const NOW = Date.parse('2026-11-29T10:00:01Z');

describe('_quarantine', () => {
  it('has the columns of the contract', () => {
    expect(QUARANTINE_COLUMNS).toEqual(CONTRACT.columns);
  });

  it.each(CONTRACT.cases)('holds $name', ({ message, row }) => {
    const actual = toQuarantineRow({ ...message, data: Buffer.from(message.data) }, NOW);

    expect(actual).toEqual({ ...row, quarantined_at: '2026-11-29T10:00:01.000Z' });
    expect(compileRowEncoder(QUARANTINE_COLUMNS).encode(actual).kind).toBe('encoded');
  });

  it.each(CONTRACT.labels)(
    'says of a table for a new type with $labels: $newTable',
    ({ labels, newTable }) => {
      expect(newTableRefusal(labels) ?? 'create').toBe(newTable);
    },
  );

  it('has an error of its own for each refusal', () => {
    const refusals = ['TABLE_GUARD', 'AWAITING_APPROVAL', 'TYPE_NOT_ALLOWED'] as const;

    expect(refusals.map((refusal) => refusalOf(newTableRefused('t', refusal)))).toEqual(refusals);
    expect(refusalOf({ code: 'INVALID' })).toBeNull();
    expect(newTableRefused('t', 'TYPE_NOT_ALLOWED').message).toBe(CONTRACT.notAllowed.detail);
  });

  it('leaves data out that no row holds', () => {
    const data = new Uint8Array(CONTRACT.maxDataBytes + 1);
    const message = {
      messageId: '17',
      publishTime: '2026-11-29T10:00:00Z',
      eventType: 'never.seen',
      table: 'never_seen',
      reason: 'TABLE_GUARD',
      attributes: {},
      data,
    } as const;

    expect(toQuarantineRow(message, NOW)).toMatchObject({ message_id: '17', data: null });
    expect(toQuarantineRow({ ...message, data: data.subarray(1) }, NOW)['data']).toHaveLength(12_000_000);
  });
});
