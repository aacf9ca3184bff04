import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Sql, SqlQuery, SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import { PendingService } from './pending.service.js';

const START = Date.parse('2026-11-29T10:00:00Z');
const WAITING: SqlRow = {
  table_name: 'orders',
  path: '/discount',
  waiting: 8,
  first_seen: '2026-11-29T06:00:00Z',
  last_seen: '2026-11-29T10:00:00Z',
  first_id: '17',
  sample_pointer: '/discount',
  sample_entry: '{"reason":"AWAITING_APPROVAL","value":9.99}',
  sample_attributes: '{"producer":"checkout"}',
  days: 2,
  rejected_at: null,
  total: 1,
};

const NEW_TYPE: SqlRow = {
  table_name: 'invoice_created',
  waiting: 3,
  first_seen: '2026-11-29T06:00:00Z',
  last_seen: '2026-11-29T07:00:00Z',
  first_id: '18',
  event_type: 'invoice.created',
  sample: Buffer.from('{"event_type":"invoice.created","total":12.5}').toString('base64'),
  sample_attributes: '{"source":"shop"}',
  days: 1,
  rejected_at: null,
  total: 1,
};

let reads: number;
let failure: Error | null;

/** Answers the lists of tables, the waiting types, then the waiting changes. */
async function* rows({ sql }: SqlQuery): AsyncGenerator<SqlRow> {
  await Promise.resolve();
  if (sql.includes('_quarantine')) {
    yield NEW_TYPE;
  } else if (sql.includes('INFORMATION_SCHEMA')) {
    yield { table_name: 'orders' };
  } else {
    reads++;
    if (failure !== null) throw failure;
    yield WAITING;
  }
}

function aService(): PendingService {
  const sql = { name: (table: string) => `d.${table}`, rows } as unknown as Sql;
  const readSchema = (): Promise<{ columns: typeof PIPELINE_COLUMNS; closed: false }> =>
    Promise.resolve({ columns: PIPELINE_COLUMNS, closed: false });
  return new PendingService({ sql, readSchema, maxAgeMs: 30_000, staleMs: 300_000 });
}

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  reads = 0;
  failure = null;
});

afterEach(() => {
  jest.useRealTimers();
});

describe('PendingService', () => {
  it('answers event types first, then each change with its type, its rate and a redacted sample', async () => {
    expect(await aService().read()).toEqual({
      readAt: '2026-11-29T10:00:00.000Z',
      total: 2,
      approvals: [
        {
          table: 'invoice_created',
          path: '',
          kind: 'type',
          eventType: 'invoice.created',
          type: null,
          values: 3,
          valuesPerHour: 3,
          firstMessageId: '18',
          firstSeen: '2026-11-29T06:00:00Z',
          lastSeen: '2026-11-29T07:00:00Z',
          days: 1,
          attributes: { source: 'shop' },
          sample: '{"event_type":"xxxxxxx.xxxxxxx","total":99.9}',
          warnings: [],
          rejectedAt: null,
        },
        {
          table: 'orders',
          path: '/discount',
          kind: 'add',
          type: 'NUMERIC',
          values: 8,
          valuesPerHour: 2,
          firstMessageId: '17',
          firstSeen: '2026-11-29T06:00:00Z',
          lastSeen: '2026-11-29T10:00:00Z',
          days: 2,
          attributes: { producer: 'checkout' },
          sample: '9.99',
          warnings: [],
          rejectedAt: null,
        },
      ],
    });
  });

  it('reads once for readers of the same half minute', async () => {
    const service = aService();
    await Promise.all([service.read(), service.read()]);
    jest.advanceTimersByTime(29_999);

    await service.read();
    expect(reads).toBe(1);
  });

  it('gives the last answer at once while it is read again', async () => {
    const service = aService();
    const first = await service.read();
    jest.advanceTimersByTime(30_000);

    expect(await service.read()).toBe(first);
    await jest.advanceTimersByTimeAsync(0);
    expect(await service.read()).toMatchObject({ readAt: '2026-11-29T10:00:30.000Z' });
    expect(reads).toBe(2);
  });

  it('lets the reader wait, and see a failure, once the last answer is five minutes old', async () => {
    const service = aService();
    await service.read();
    failure = new Error('no');
    jest.advanceTimersByTime(299_999);
    expect(await service.read()).toMatchObject({ total: 2 });
    await jest.advanceTimersByTimeAsync(1);

    await expect(service.read()).rejects.toThrow('no');
  });

  it('does not keep a failure', async () => {
    const service = aService();
    failure = new Error('no');
    await expect(service.read()).rejects.toThrow('no');
    failure = null;

    expect(await service.read()).toMatchObject({ total: 2 });
  });
});
