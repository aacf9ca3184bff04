import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Sql, SqlQuery, SqlRow } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type TableSchema } from '@pipeline/schema-inference';
import { PendingList } from './pending-list.js';

const START = Date.parse('2026-11-29T10:00:00Z');
const SEEN = { first_seen: '2026-11-29T06:00:00Z', last_seen: '2026-11-29T10:00:00Z', rejected_at: null };
const WAITING: SqlRow = {
  ...SEEN,
  table_name: 'orders',
  path: '/discount',
  waiting: 8,
  first_id: '17',
  sample_pointer: '/discount',
  sample_entry: '{"reason":"AWAITING_APPROVAL","value":9.99}',
  sample_attributes: '{"producer":"checkout"}',
  days: 2,
  total: 2,
};
const NEW_TYPE: SqlRow = {
  ...SEEN,
  table_name: 'invoice_created',
  waiting: 3,
  first_id: '18',
  event_type: 'invoice.created',
  sample: Buffer.from('{"event_type":"invoice.created","total":12.5}').toString('base64'),
  sample_attributes: '{"source":"shop"}',
  days: 1,
  total: 1,
};
const SCHEMA: TableSchema = { columns: PIPELINE_COLUMNS, closed: false };

let reads: number;
let failure: Error | null;
let limits: (number | undefined)[];
let held: PromiseWithResolvers<undefined> | null;
let heldEstimate: PromiseWithResolvers<undefined> | null;
let estimates: number;

/** Answers the lists of tables, the waiting types, then the waiting changes. */
async function* rows({ sql, maximumBytesBilled }: SqlQuery): AsyncGenerator<SqlRow> {
  await Promise.resolve();
  if (sql.includes('_quarantine')) {
    yield NEW_TYPE;
  } else if (sql.includes('INFORMATION_SCHEMA')) {
    yield { table_name: 'orders' };
  } else {
    reads++;
    limits.push(maximumBytesBilled);
    if (held !== null) await held.promise;
    if (failure !== null) throw failure;
    yield WAITING;
    yield { ...WAITING, path: '/discount/rate' };
  }
}

function aList(): PendingList {
  const sql = { name: (table: string) => `d.${table}`, rows } as unknown as Sql;
  return new PendingList({
    sql,
    readSchema: () => Promise.resolve(SCHEMA),
    estimate: async (tables) => {
      estimates++;
      if (heldEstimate !== null) await heldEstimate.promise;
      return tables.map((table) => ({ table, days: 2, bytes: 4_096, unknown: null }));
    },
    maxAgeMs: 30_000,
  });
}

const paths = (answer: { readonly approvals: readonly { readonly path: string }[] }): readonly string[] =>
  answer.approvals.map(({ path }) => path);

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  reads = 0;
  failure = null;
  limits = [];
  held = null;
  heldEstimate = null;
  estimates = 0;
});

afterEach(() => {
  jest.useRealTimers();
});

describe('PendingList', () => {
  it('gives event types first, then each change, and what an approval costs in each table', async () => {
    expect(await aList().read()).toEqual({
      readAt: '2026-11-29T10:00:00.000Z',
      ageSeconds: 0,
      failure: null,
      total: 3,
      costs: [{ table: 'orders', days: 2, bytes: 4_096, unknown: null }],
      approvals: [
        {
          table: 'invoice_created',
          path: '',
          kind: 'type',
          eventType: 'invoice.created',
          type: null,
          values: 3,
          valuesPerHour: 0.8,
          firstMessageId: '18',
          firstSeen: '2026-11-29T06:00:00Z',
          lastSeen: '2026-11-29T10:00:00Z',
          days: 1,
          attributes: { source: 'shop' },
          sample: '{"event_type":"xxxxxxx.xxxxxxx","total":99.9}',
          warnings: [],
          rejectedAt: null,
        },
        expect.objectContaining({ table: 'orders', path: '/discount', kind: 'add', type: 'NUMERIC' }),
        expect.objectContaining({ table: 'orders', path: '/discount/rate' }),
      ],
    });
  });

  it('is read once for readers of the same half minute', async () => {
    const list = aList();
    await Promise.all([list.read(), list.read()]);
    jest.advanceTimersByTime(29_999);

    expect(await list.read()).toMatchObject({ ageSeconds: 30 });
    expect(reads).toBe(1);
  });

  it('is read again once it is old: the reader gets it if that takes a moment', async () => {
    const list = aList();
    await list.read();
    jest.advanceTimersByTime(30_000);

    expect(await list.read()).toMatchObject({ readAt: '2026-11-29T10:00:30.000Z', ageSeconds: 0 });
    expect(reads).toBe(2);
  });

  it('that takes long to read is read less often', async () => {
    const list = aList();
    held = Promise.withResolvers();
    const first = list.read();
    await jest.advanceTimersByTimeAsync(6_000);
    held.resolve(undefined);
    await first;
    jest.advanceTimersByTime(53_999);
    expect(await list.read()).toMatchObject({ ageSeconds: 60 });
    jest.advanceTimersByTime(1);

    expect(await list.read()).toMatchObject({ ageSeconds: 0 });
    expect(reads).toBe(2);
  });

  it('is given at once with its age while reading takes longer, if it is not older than five minutes', async () => {
    const list = aList();
    held = Promise.withResolvers();
    const first = list.read();
    await jest.advanceTimersByTimeAsync(1_001);
    held.resolve(undefined);
    await first;
    held = Promise.withResolvers();
    jest.advanceTimersByTime(98_969);
    const old = list.read();
    await jest.advanceTimersByTimeAsync(30);

    expect(await old).toMatchObject({ readAt: '2026-11-29T10:00:00.000Z', ageSeconds: 100 });
    held.resolve(undefined);
    await jest.advanceTimersByTimeAsync(0);
    expect(await list.read()).toMatchObject({ readAt: '2026-11-29T10:01:39.970Z', ageSeconds: 0 });
    expect(reads).toBe(2);
  });

  it('is waited for once it is five minutes old, however long the read before took', async () => {
    const list = aList();
    held = Promise.withResolvers();
    list.warm(1_000);
    await jest.advanceTimersByTimeAsync(120_000);
    held.resolve(undefined);
    await jest.advanceTimersByTimeAsync(0);
    held = Promise.withResolvers();
    jest.advanceTimersByTime(180_000);
    const old = list.read();
    await jest.advanceTimersByTimeAsync(10_000);
    held.resolve(undefined);

    expect(await old).toMatchObject({ readAt: '2026-11-29T10:05:00.000Z', ageSeconds: 10 });
    expect(reads).toBe(2);
  });

  it('does not wait for the costs of many tables, nor long for those of a few', async () => {
    const list = aList();
    heldEstimate = Promise.withResolvers();
    const first = list.read();
    await jest.advanceTimersByTimeAsync(5_000);
    const none = { table: 'orders', days: null, bytes: null, unknown: 'not estimated yet: ask again' };

    expect((await first).costs).toEqual([none]);
    heldEstimate.resolve(undefined);
    await jest.advanceTimersByTimeAsync(0);
    expect((await list.read()).costs).toEqual([{ table: 'orders', days: 2, bytes: 4_096, unknown: null }]);
    expect(estimates).toBe(1);
  });

  it('is waited for by a reader who asks for fresh figures, even while older ones are read', async () => {
    const list = aList();
    held = Promise.withResolvers();
    const first = list.read();
    await jest.advanceTimersByTimeAsync(10);
    const fresh = list.read({ fresh: true });
    held.resolve(undefined);

    expect((await first).readAt).toBe('2026-11-29T10:00:00.000Z');
    expect((await fresh).readAt).toBe('2026-11-29T10:00:00.010Z');
    expect(reads).toBe(2);
  });

  it('shows the last figures with the reason if they cannot be read again', async () => {
    const list = aList();
    await list.read();
    failure = new Error('no');
    jest.advanceTimersByTime(60_000);
    await list.read();
    await jest.advanceTimersByTimeAsync(0);

    expect(await list.read()).toMatchObject({
      total: 3,
      ageSeconds: 60,
      failure: { message: expect.stringContaining('no') },
    });
    await expect(list.read({ fresh: true })).rejects.toThrow('no');
    failure = null;
    expect(await list.read({ fresh: true })).toMatchObject({ ageSeconds: 0, failure: null });
  });

  it('fails for the first reader if there is nothing to show, and does not keep the failure', async () => {
    const list = aList();
    failure = new Error('no');
    await expect(list.read()).rejects.toThrow('no');
    failure = null;

    expect(await list.read()).toMatchObject({ total: 3, failure: null });
  });

  it('is warmed within a limit of bytes, and the first reader waits for what is left', async () => {
    const list = aList();
    list.warm(1_000);
    list.warm(1_000);

    await jest.advanceTimersByTimeAsync(0);
    expect(estimates).toBe(0);
    expect(await list.read()).toMatchObject({ total: 3, costs: [{ bytes: 4_096 }] });
    expect(limits).toEqual([1_000]);
  });

  it('is read without the limit for the first reader if the warm-up was refused', async () => {
    const list = aList();
    failure = new Error('Query exceeded limit for bytes billed');
    list.warm(1_000);
    await jest.advanceTimersByTimeAsync(0);
    failure = null;

    expect(await list.read()).toMatchObject({ total: 3, failure: null });
    expect(limits).toEqual([1_000, undefined]);
  });

  it('loses a change that was decided at once, with its fields if it was approved', async () => {
    const [rejecting, approving] = [aList(), aList()];
    for (const list of [rejecting, approving]) await list.read();
    rejecting.decided('reject', 'orders', '/discount');
    approving.decided('approve', 'orders', '/discount');

    expect(
      [await rejecting.read(), await approving.read()].map((answer) => [answer.total, paths(answer)]),
    ).toEqual([
      [2, ['', '/discount/rate']],
      [1, ['']],
    ]);
  });

  it('does not show a decided change again that a read found before the decision', async () => {
    const list = aList();
    await list.read();
    held = Promise.withResolvers();
    const older = list.read({ fresh: true });
    await jest.advanceTimersByTimeAsync(10);
    list.decided('reject', 'orders', '/discount');
    held.resolve(undefined);

    expect(paths(await older)).toEqual(['', '/discount/rate']);
    await jest.advanceTimersByTimeAsync(10);
    expect(paths(await list.read({ fresh: true }))).toEqual(['', '/discount', '/discount/rate']);
  });

  it('has what a later read found, when a fresh one is asked for while it is warmed', async () => {
    const list = aList();
    held = Promise.withResolvers();
    list.warm(1_000);
    await jest.advanceTimersByTimeAsync(10);
    list.decided('reject', 'orders', '/discount');
    const fresh = list.read({ fresh: true });
    held.resolve(undefined);

    expect((await fresh).readAt).toBe('2026-11-29T10:00:00.010Z');
    expect((await list.read()).readAt).toBe('2026-11-29T10:00:00.010Z');
  });

  it('is read again when something is known to have changed, for readers of the last ten minutes', async () => {
    const list = aList();
    list.warm(1_000);
    await jest.advanceTimersByTimeAsync(0);
    list.refresh();
    await jest.advanceTimersByTimeAsync(0);
    expect(reads).toBe(1);
    await list.read();
    list.refresh();
    await jest.advanceTimersByTimeAsync(0);
    expect(reads).toBe(2);
    jest.advanceTimersByTime(600_001);
    list.refresh();
    await jest.advanceTimersByTimeAsync(0);

    expect(reads).toBe(2);
  });
});
