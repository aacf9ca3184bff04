import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CloudError } from '@pipeline/google-clients';
import {
  decodeEvent,
  fit,
  PIPELINE_COLUMNS,
  type Column,
  type DecodedEvent,
} from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import type { TableChange, TableNeed } from './reconciler-options.js';
import { TableReconciler } from './table-reconciler.js';

function anEvent(fields: object): DecodedEvent {
  const decoded = decodeEvent({
    data: Buffer.from(JSON.stringify({ event_type: 't', ...fields })),
    attributes: {},
  });
  if (decoded.kind === 'rejected') {
    throw new Error(decoded.detail);
  }
  return decoded.event;
}

function need(fields: object, cause = 'm1'): TableNeed {
  const event = anEvent(fields);
  return { pendingIn: (compiled) => fit(event, compiled, { verdictOnly: true }).pending, cause };
}

const column = (name: string, type: Column['type'] = 'INT64'): Column => ({ name, type, mode: 'NULLABLE' });
const base = [...PIPELINE_COLUMNS, column('event_type', 'STRING')];
const failure = (code: ConstructorParameters<typeof CloudError>[0]['code']): CloudError =>
  new CloudError({ code, message: code });

let tables: InMemoryTables;
let changes: TableChange[];
let reconciler: TableReconciler;

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  tables = new InMemoryTables();
  changes = [];
  reconciler = new TableReconciler({
    store: tables,
    random: () => 1,
    maxAttempts: 3,
    onChange: (change) => changes.push(change),
  });
});

afterEach(() => {
  jest.useRealTimers();
});

async function settle(calls: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const results = Promise.allSettled(calls);
  await jest.runAllTimersAsync();
  return (await results).map((result) =>
    result.status === 'fulfilled' ? 'ok' : (result.reason as CloudError).code,
  );
}

function summary(): readonly string[] {
  return changes.map(
    ({ action, changes: planned, causes }) => `${action} ${planned.length} by ${causes.join(',')}`,
  );
}

describe('TableReconciler', () => {
  it('reads, creates a table for the first event, and makes no further call', async () => {
    const outcomes = await settle([reconciler.reconcile('t', need({ a: 1 }))]);
    const again = await settle([reconciler.reconcile('t', need({ a: 2 }))]);

    expect([...outcomes, ...again]).toEqual(['ok', 'ok']);
    expect(tables.calls).toEqual(['read t', 'create t event_type a']);
    expect(summary()).toEqual(['created 2 by m1']);
    expect(reconciler.known('t')?.compiled.schema.columns.map(({ name }) => name)).toContain('a');
  });

  it('reads a table again that was not read for five minutes, and uses it meanwhile', async () => {
    await settle([reconciler.reconcile('t', need({ a: 1 }))]);
    tables.put('t', [...base, column('a'), column('by_another_process')]);
    jest.setSystemTime(299_999);
    expect(reconciler.known('t')?.stored.schema.columns).toHaveLength(base.length + 1);
    expect(tables.calls).toHaveLength(2);

    jest.setSystemTime(300_000);
    const meanwhile = [reconciler.known('t'), reconciler.known('t')];
    await settle([]);

    expect(meanwhile.map((table) => table?.stored.schema.columns.length)).toEqual([9, 9]);
    expect(tables.calls.slice(2)).toEqual(['read t']);
    expect(reconciler.known('t')?.stored.schema.columns.map(({ name }) => name)).toContain(
      'by_another_process',
    );
  });

  it('does not use a table that could not be read for half an hour', async () => {
    await settle([reconciler.reconcile('t', need({ a: 1 }))]);
    const unavailable = (): CloudError[] => Array.from({ length: 3 }, () => failure('UNAVAILABLE'));
    tables.failNext('read', ...unavailable(), ...unavailable());
    jest.setSystemTime(1_799_000);
    const before = reconciler.known('t');
    await settle([]);
    jest.setSystemTime(1_800_000);

    expect([before === undefined, reconciler.known('t')]).toEqual([false, undefined]);
    expect(await settle([reconciler.reconcile('t', need({ a: 2 }))])).toEqual(['UNAVAILABLE']);
    expect(await settle([reconciler.reconcile('t', need({ a: 2 }))])).toEqual(['ok']);
    expect(reconciler.known('t')).toBeDefined();
  });

  it('makes a table for an event without fields of its own', async () => {
    tables.put('other', base);

    expect(await settle([reconciler.reconcile('t', { pendingIn: () => [], cause: 'm' })])).toEqual(['ok']);
    expect(tables.columnNames('t')).toEqual(PIPELINE_COLUMNS.map(({ name }) => name));
  });

  it('joins events that come while it reads into one patch', async () => {
    tables.put('t', base);
    const release = tables.hold('read');
    const calls = ['a', 'b', 'c'].map((key, index) =>
      reconciler.reconcile('t', need({ [key]: 1 }, `m${index}`)),
    );
    release();

    expect(await settle(calls)).toEqual(['ok', 'ok', 'ok']);
    expect(tables.calls).toEqual(['read t', 'patchSchema t event_type a b c']);
    expect(summary()).toEqual(['changed 3 by m0,m1,m2']);
  });

  it('serves those that come while it patches in the next round, or from what it learnt', async () => {
    tables.put('t', base);
    const release = tables.hold('patchSchema');
    const first = reconciler.reconcile('t', need({ a: 1 }));
    await jest.advanceTimersByTimeAsync(0);
    const later = [
      reconciler.reconcile('t', need({ a: 2 }, 'm2')),
      reconciler.reconcile('t', need({ b: 1 }, 'm3')),
    ];
    await jest.advanceTimersByTimeAsync(0);
    expect(tables.calls).toEqual(['read t', 'patchSchema t event_type a']);
    release();

    expect(await settle([first, ...later])).toEqual(['ok', 'ok', 'ok']);
    expect(tables.calls).toEqual([
      'read t',
      'patchSchema t event_type a',
      'read t',
      'patchSchema t event_type a b',
    ]);
    expect(summary()).toEqual(['changed 1 by m1', 'changed 1 by m3']);
  });

  it('works on many tables at once', async () => {
    const release = tables.hold('read');
    const calls = ['t', 'u'].map((tableId) => reconciler.reconcile(tableId, need({ a: 1 })));
    await jest.advanceTimersByTimeAsync(0);
    expect(tables.calls).toEqual(['read t', 'read u']);
    release();

    expect(await settle(calls)).toEqual(['ok', 'ok']);
  });

  it('reads and plans again, after a while, when another writer changed the table', async () => {
    tables.put('t', base);
    const release = tables.hold('read');
    const call = reconciler.reconcile('t', need({ a: 1 }));
    tables.put('t', [...base, column('theirs')]);
    release();

    expect(await settle([call])).toEqual(['ok']);
    expect(tables.calls).toEqual([
      'read t',
      'patchSchema t event_type a',
      'read t',
      'patchSchema t event_type theirs a',
    ]);
    expect(Date.now()).toBe(200);
  });

  it('reads the table that another writer created first, and adds what is missing there', async () => {
    const release = tables.hold('read');
    const call = reconciler.reconcile('t', need({ a: 1 }));
    tables.put('t', base);
    release();

    expect(await settle([call])).toEqual(['ok']);
    expect(tables.calls).toEqual(['read t', 'create t event_type a', 'read t', 'patchSchema t event_type a']);
  });

  it('changes nothing in a table that was widened by hand before', async () => {
    tables.put('t', base);
    await settle([reconciler.reconcile('t', need({}))]);
    tables.put('t', [...base, column('a')]);

    expect(await settle([reconciler.reconcile('t', need({ a: 1 }))])).toEqual(['ok']);
    expect(tables.calls).toEqual(['read t', 'read t']);
    expect(changes).toEqual([]);
  });

  it('makes a deleted table again with everything it had, and says so', async () => {
    tables.put('t', [...base, column('a')]);
    await settle([reconciler.reconcile('t', need({ a: 1 }))]);
    tables.drop('t');

    expect(await settle([reconciler.verify('t', 'm2')])).toEqual(['ok']);
    expect(tables.calls).toEqual(['read t', 'read t', 'create t event_type a']);
    expect(summary()).toEqual(['recreated 0 by m2']);
  });

  it('widens by a statement after the patch', async () => {
    tables.put('t', [...base, column('n')]);

    expect(await settle([reconciler.reconcile('t', need({ n: 1.5, a: 1 }))])).toEqual(['ok']);
    expect(tables.calls).toEqual(['read t', 'patchSchema t event_type n a', 'changeTypes t n NUMERIC']);
  });

  it('announces what it widens where there is nothing to add, and only once', async () => {
    tables.put('t', [...base, column('n')]);

    tables.failNext('changeTypes', failure('UNAVAILABLE'));

    expect(await settle([reconciler.reconcile('t', need({ n: 1.5 }))])).toEqual(['ok']);
    expect(tables.calls).toEqual([
      'read t',
      'patchSchema t event_type n',
      'changeTypes t n NUMERIC',
      'read t',
      'changeTypes t n NUMERIC',
    ]);
  });

  it('waits longer at each transient failure, longest at a limit, and gives up after its tries', async () => {
    tables.failNext('read', failure('UNAVAILABLE'), failure('RATE_LIMITED'), failure('UNAVAILABLE'));

    expect(await settle([reconciler.reconcile('t', need({ a: 1 }))])).toEqual(['UNAVAILABLE']);
    expect(tables.calls).toEqual(['read t', 'read t', 'read t']);
    expect(Date.now()).toBe(100 + 2_000);
  });

  it('gives up at once where a person has to act, and tries afresh for the next event', async () => {
    tables.failNext('read', failure('DATASET_NOT_FOUND'));

    expect(await settle([reconciler.reconcile('t', need({ a: 1 }))])).toEqual(['DATASET_NOT_FOUND']);
    expect(await settle([reconciler.reconcile('t', need({ a: 1 }))])).toEqual(['ok']);
    expect(tables.calls).toEqual(['read t', 'read t', 'create t event_type a']);
  });

  it('fails all waiting events, and later ones with their own error', async () => {
    tables.put('t', base);
    tables.failNext('patchSchema', failure('PERMISSION_DENIED'));
    const release = tables.hold('patchSchema');
    const first = reconciler.reconcile('t', need({ a: 1 }));
    await jest.advanceTimersByTimeAsync(0);
    const second = reconciler.reconcile('t', need({ b: 1 }));
    release();

    expect(await settle([first, second])).toEqual(['PERMISSION_DENIED', 'ok']);
  });

  it('gives who came while the tries were used up tries of its own', async () => {
    tables.put('t', base);
    tables.failNext('patchSchema', failure('UNAVAILABLE'), failure('UNAVAILABLE'), failure('UNAVAILABLE'));
    const early = reconciler.reconcile('t', need({ a: 1 }));
    await jest.advanceTimersByTimeAsync(50);
    const late = reconciler.reconcile('t', need({ b: 1 }));

    expect(await settle([early, late])).toEqual(['UNAVAILABLE', 'ok']);
    expect(tables.calls).toEqual([
      'read t',
      'patchSchema t event_type a',
      'read t',
      'patchSchema t event_type a b',
      'read t',
      'patchSchema t event_type a b',
      'read t',
      'read t', // a fourth change had to wait, and what was read before it is old by then
      'patchSchema t event_type b',
    ]);
  });

  it('takes a change that is refused again for no lost race', async () => {
    tables.put('t', base);
    tables.put('t', [...base, column('a', 'STRING')]);
    tables.refuseChange('Too many columns');
    tables.refuseChange('Too many columns');

    expect(await settle([reconciler.reconcile('t', need({ b: 1 }))])).toEqual(['INVALID']);
    expect(tables.calls).toEqual([
      'read t',
      'patchSchema t event_type a b',
      'read t',
      'patchSchema t event_type a b',
    ]);
  });

  it('respects a table that was closed meanwhile', async () => {
    tables.put('t', base);
    await settle([reconciler.reconcile('t', need({}))]);
    tables.put('t', base, { pipeline_schema: 'closed' });

    expect(await settle([reconciler.reconcile('t', need({ a: 1 }))])).toEqual(['ok']);
    expect(tables.calls).toEqual(['read t', 'read t']);
    expect(reconciler.known('t')?.compiled.isClosed).toBe(true);
  });

  it('changes a table that is not partitioned once in ten seconds, and reads it again before', async () => {
    tables.put('t', base, {}, { isPartitioned: false });
    await settle([reconciler.reconcile('t', need({ a: 1 }))]);
    await settle([reconciler.reconcile('t', need({ b: 1 }))]);

    expect(Date.now()).toBeGreaterThanOrEqual(10_000);
    expect(tables.calls).toEqual([
      'read t',
      'patchSchema t event_type a',
      'read t',
      'read t',
      'patchSchema t event_type a b',
    ]);
  });

  it('reports each change, its causes and their waiting time', async () => {
    tables.put('t', base);
    tables.latencyMs = 100;

    await settle([
      reconciler.reconcile('t', need({ a: 1 }, 'm1')),
      reconciler.reconcile('t', need({ b: 1 }, 'm2')),
    ]);

    expect(changes).toMatchObject([
      {
        tableId: 't',
        action: 'changed',
        causes: ['m1', 'm2'],
        durationMs: 200,
        version: 150,
        attributed: [
          { kind: 'ADD_COLUMN', path: 'a', toType: 'INT64', messageId: 'm1', sample: 'INT64' },
          { kind: 'ADD_COLUMN', path: 'b', toType: 'INT64', messageId: 'm2', sample: 'INT64' },
        ],
      },
    ]);
    expect(reconciler.size).toBe(1);
  });

  it('never goes back to an older schema, however reads and changes of four processes overlap', async () => {
    tables.put('t', base);
    tables.latencyMs = 90;
    let state = 7;
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    const processes = [1, 2, 3, 4].map(() => new TableReconciler({ store: tables, random }));
    const seen = new Map<TableReconciler, number>();
    const calls: Promise<void>[] = [];
    for (let index = 0; index < 200; index++) {
      await jest.advanceTimersByTimeAsync(37);
      const process = processes[index % 4] as TableReconciler;
      const isCheck = index % 7 === 0;
      const call = isCheck
        ? process.verify('t', `m${index}`)
        : process.reconcile('t', need({ [`k${index % 29}`]: 1 }, `m${index}`));
      calls.push(
        call.then(() => {
          const columns = process.known('t')?.stored.schema.columns.length ?? 0;
          expect(columns).toBeGreaterThanOrEqual(seen.get(process) ?? 0);
          seen.set(process, columns);
        }),
      );
    }

    expect(new Set(await settle(calls))).toEqual(new Set(['ok']));
    expect(tables.columnNames('t')).toHaveLength(base.length + 29);
  });

  it('forgets the table that was used least recently', async () => {
    const small = new TableReconciler({ store: tables, maxTables: 2 });
    await settle([small.reconcile('t', need({})), small.reconcile('u', need({}))]);
    small.known('t');
    await settle([small.reconcile('v', need({}))]);

    expect(['t', 'u', 'v'].map((tableId) => small.known(tableId) !== undefined)).toEqual([true, false, true]);
  });

  it('ends its waits when it stops', async () => {
    tables.failNext('read', failure('UNAVAILABLE'), failure('UNAVAILABLE'));
    const call = reconciler
      .reconcile('t', need({ a: 1 }))
      .catch((cause: unknown) => CloudError.from(cause).code);
    await jest.advanceTimersByTimeAsync(0);

    await reconciler.stop();

    expect(await call).toBe('UNAVAILABLE');
    expect(tables.calls).toEqual(['read t', 'read t']);
    expect(jest.getTimerCount()).toBe(0);
  });

  describe('with a table made by hand', () => {
    const own: readonly Column[] = [{ name: 'id', type: 'STRING', mode: 'REQUIRED' }];

    it('adds the pipeline’s columns as NULLABLE, in the patch that its event needs anyway', async () => {
      tables.put('t', own);

      expect(await settle([reconciler.reconcile('t', need({ id: 'x', a: 1 }))])).toEqual(['ok']);
      expect(tables.calls).toHaveLength(2);
      expect(reconciler.known('t')?.stored.schema.columns.map(({ name, mode }) => `${name} ${mode}`)).toEqual(
        expect.arrayContaining([
          'id REQUIRED',
          '_message_id NULLABLE',
          '_publish_time NULLABLE',
          'a NULLABLE',
        ]),
      );
    });

    it('does not know the table before it has them', async () => {
      tables.put('t', own);
      const release = tables.hold('patchSchema');
      const work = reconciler.reconcile('t', need({ id: 'x' }));
      await jest.advanceTimersByTimeAsync(0);

      expect(reconciler.known('t')).toBeUndefined();
      release();
      expect(await settle([work])).toEqual(['ok']);
      expect(reconciler.known('t')).toBeDefined();
    });

    it('recreates it with the pipeline’s columns if it is deleted before it had them', async () => {
      tables.put('t', own);
      tables.failNext('patchSchema', failure('PERMISSION_DENIED'));
      await settle([reconciler.reconcile('t', need({ id: 'x' }))]);
      tables.drop('t');

      expect(await settle([reconciler.reconcile('t', need({ id: 'x' }))])).toEqual(['ok']);
      expect(tables.columnNames('t').slice(0, 2)).toEqual(['_message_id', '_publish_time']);
    });

    it.each([
      ['a view', own, { kind: 'VIEW' }],
      ['an external table', own, { kind: 'EXTERNAL' }],
      ['a table with another type', [{ name: '_overflow', type: 'STRING', mode: 'NULLABLE' } as const], {}],
    ])('fails for %s as a setup problem, and works once it is gone', async (_name, columns, more) => {
      tables.put('t', columns, {}, more);
      const refused = reconciler.reconcile('t', need({ id: 'x' }));

      await expect(refused).rejects.toMatchObject({ code: 'TABLE_UNUSABLE', disposition: 'setup' });
      tables.drop('t');
      expect(await settle([reconciler.reconcile('t', need({ id: 'x' }))])).toEqual(['ok']);
    });
  });
});
