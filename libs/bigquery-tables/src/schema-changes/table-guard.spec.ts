import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS } from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import { GUARD_LABEL, NEW_TYPES_LABEL } from './new-types.js';
import { TableGuard } from './table-guard.js';
import { TableReconciler } from './table-reconciler.js';

let tables: InMemoryTables;
let notices: string[];
let guard: TableGuard;

function aGuard(
  limits: { readonly hour?: number; readonly dataset?: number } = {},
  replicas = 1,
): TableGuard {
  return new TableGuard({
    store: tables,
    maxNewTablesPerHour: limits.hour ?? 1_000,
    maxTablesPerDataset: limits.dataset ?? 1_000,
    replicas,
    onWarning: ({ limit, percent }) => notices.push(`${percent} % of ${limit}`),
    onTripped: ({ limit, used, max }) => notices.push(`tripped by ${limit}: ${used} of ${max}`),
  });
}

/** Asks for a new table and creates it if the guard admits it. */
async function ask(tableId: string, by = guard): Promise<boolean> {
  const isAdmitted = (await by.admit(tableId)) === null;
  if (isAdmitted) tables.put(tableId, PIPELINE_COLUMNS);
  return isAdmitted;
}

async function askMany(count: number, by = guard, prefix = 't'): Promise<number> {
  let admitted = 0;
  for (let index = 0; index < count; index++) {
    if (await ask(`${prefix}${index}`, by)) admitted++;
  }
  return admitted;
}

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2026-11-29T10:00:00Z') });
  tables = new InMemoryTables();
  notices = [];
  guard = aGuard();
});

afterEach(() => {
  jest.useRealTimers();
});

describe('TableGuard', () => {
  it.each([
    ['the hour', { hour: 20 }, 'hour'],
    ['the dataset', { dataset: 20 }, 'dataset'],
  ])(
    'admits as many tables as the limit of %s, then sets the label for every process',
    async (_name, limits, limit) => {
      guard = aGuard(limits);

      expect(await askMany(30)).toBe(20);
      expect(notices).toEqual([
        `50 % of ${limit}`,
        `80 % of ${limit}`,
        `95 % of ${limit}`,
        `tripped by ${limit}: 20 of 20`,
      ]);
      expect((await tables.read('_quarantine'))?.labels).toMatchObject({ [GUARD_LABEL]: 'on' });
      expect(await aGuard().admit('other')).toBe('TABLE_GUARD');
    },
  );

  it('counts views and the pipeline’s own tables as no tables of events', async () => {
    guard = aGuard({ dataset: 3 });
    tables.put('_schema_history', []);
    tables.put('_dead_letters', []);

    expect(await askMany(5)).toBe(3);
  });

  it('keeps the labels of an existing quarantine', async () => {
    tables.put('_quarantine', [], { owner: 'me' });
    guard = aGuard({ dataset: 1 });
    await askMany(2);

    expect((await tables.read('_quarantine'))?.labels).toEqual({ owner: 'me', [GUARD_LABEL]: 'on' });
  });

  it('forgets tables of earlier hours for the limit of the hour', async () => {
    guard = aGuard({ hour: 10 });
    await askMany(9);
    jest.advanceTimersByTime(3_600_001);

    expect(await askMany(9, guard, 'later')).toBe(9);
  });

  it('makes two calls for many tables', async () => {
    await askMany(100);

    expect(tables.calls).toEqual(['read _quarantine', 'listTables']);
  });

  it('refuses a table again without a call, for a minute', async () => {
    guard = aGuard({ dataset: 1 });
    await askMany(2);

    expect([guard.lastRefusal('t1'), guard.lastRefusal('t0')]).toEqual(['TABLE_GUARD', undefined]);
    jest.advanceTimersByTime(60_001);
    expect(guard.lastRefusal('t1')).toBeUndefined();
  });

  it('admits tables again within a minute after an operator removed the label and raised the limit', async () => {
    tables.put('_quarantine', [], { [GUARD_LABEL]: 'on' });

    expect(await ask('a')).toBe(false);
    tables.put('_quarantine', []);
    expect(await ask('b')).toBe(false);
    jest.advanceTimersByTime(60_001);
    expect(await ask('b')).toBe(true);
  });

  it('stays close to the limit when replicas create tables at the same time', async () => {
    const replicas = [1, 2, 3, 4, 5].map(() => aGuard({ dataset: 100 }, 5));
    let admitted = 0;
    for (let index = 0; index < 60; index++) {
      for (const [replica, one] of replicas.entries()) {
        if (await ask(`t${replica}x${index}`, one)) admitted++;
      }
    }

    expect(admitted).toBeGreaterThanOrEqual(100);
    expect(admitted).toBeLessThanOrEqual(105);
  });

  it('fails with BigQuery’s error and decides again afterwards', async () => {
    tables.failNext('listTables', new CloudError({ code: 'UNAVAILABLE', message: '503' }));

    await expect(guard.admit('t')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await guard.admit('t')).toBeNull();
  });

  describe('by the verb of a contract for new event types', () => {
    it.each([
      ['approve', 'AWAITING_APPROVAL'],
      ['reject', 'TYPE_NOT_ALLOWED'],
    ])('admits no table under %s, whatever the limits, and lists no tables', async (verb, refusal) => {
      tables.put('_quarantine', [], { [NEW_TYPES_LABEL]: verb });
      guard = aGuard({ dataset: 0 });

      expect([await guard.admit('a'), guard.lastRefusal('a'), guard.isOn]).toEqual([refusal, refusal, false]);
      expect([tables.calls, notices]).toEqual([['read _quarantine'], []]);
    });

    it('reads the verb once in five seconds, however many new types there are', async () => {
      tables.put('_quarantine', [], { [NEW_TYPES_LABEL]: 'approve' });
      expect(await askMany(100)).toBe(0);
      jest.advanceTimersByTime(4_999);
      expect(await askMany(100)).toBe(0);

      expect(tables.calls).toEqual(['read _quarantine']);
    });

    it('admits tables within five seconds once the verb is evolve again', async () => {
      tables.put('_quarantine', [], { [NEW_TYPES_LABEL]: 'approve' });
      expect(await ask('a')).toBe(false);
      tables.put('_quarantine', [], { [NEW_TYPES_LABEL]: 'evolve' });
      jest.advanceTimersByTime(5_001);

      expect(guard.lastRefusal('a')).toBeUndefined();
      expect(await ask('a')).toBe(true);
    });

    it('refuses tables within a minute once the verb is approve', async () => {
      expect(await ask('a')).toBe(true);
      tables.put('_quarantine', [], { [NEW_TYPES_LABEL]: 'approve' });
      jest.advanceTimersByTime(60_001);

      expect(await ask('b')).toBe(false);
    });
  });
});

describe('TableReconciler with a guard', () => {
  const need = { pendingIn: () => [], cause: 'm1' };

  it('refuses new tables beyond the limit, and serves and recreates known ones', async () => {
    const failures: string[] = [];
    const reconciler = new TableReconciler({
      store: tables,
      guard: aGuard({ dataset: 2 }),
      onFailure: (_tableId, { code }) => failures.push(code),
    });
    await reconciler.reconcile('a', need);
    await reconciler.reconcile('b', need);
    const refused = { code: 'TABLE_LIMIT_REACHED', disposition: 'permanent', tableId: 'c' };
    await expect(reconciler.reconcile('c', need)).rejects.toMatchObject(refused);
    const calls = tables.calls.length;

    await expect(reconciler.reconcile('c', need)).rejects.toMatchObject(refused);
    expect(tables.calls).toHaveLength(calls);
    tables.drop('a');
    await expect(reconciler.verify('a', 'm2')).resolves.toMatchObject({ stored: { tableId: 'a' } });
    expect(failures).toEqual([]);
  });

  it.each([
    ['approve', 'TYPE_AWAITS_APPROVAL'],
    ['reject', 'TYPE_NOT_ALLOWED'],
  ])(
    'under %s refuses a new type without a call for five seconds, and sees its table once a person made it',
    async (verb, code) => {
      const failures: string[] = [];
      tables.put('_quarantine', [], { [NEW_TYPES_LABEL]: verb });
      tables.put('known', PIPELINE_COLUMNS);
      const reconciler = new TableReconciler({
        store: tables,
        guard: aGuard(),
        onFailure: (_tableId, error) => failures.push(error.code),
      });
      const refused = { code, disposition: 'permanent', tableId: 'new' };
      await expect(reconciler.reconcile('new', need)).rejects.toMatchObject(refused);
      const calls = tables.calls.length;
      await expect(reconciler.reconcile('new', need)).rejects.toMatchObject(refused);
      expect(tables.calls).toHaveLength(calls);

      await expect(reconciler.reconcile('known', need)).resolves.toMatchObject({
        stored: { tableId: 'known' },
      });
      tables.drop('known');
      await expect(reconciler.verify('known', 'm2')).resolves.toMatchObject({ stored: { tableId: 'known' } });
      tables.put('new', PIPELINE_COLUMNS);
      jest.advanceTimersByTime(5_001);
      await expect(reconciler.reconcile('new', need)).resolves.toMatchObject({ stored: { tableId: 'new' } });
      expect(failures).toEqual([]);
    },
  );

  it('uses a table that another process created meanwhile', async () => {
    const reconciler = new TableReconciler({ store: tables, guard: aGuard({ dataset: 1 }) });
    await reconciler.reconcile('a', need);
    tables.put('b', PIPELINE_COLUMNS);

    await expect(reconciler.reconcile('b', need)).resolves.toMatchObject({ stored: { tableId: 'b' } });
  });
});
