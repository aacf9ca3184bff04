import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TableError, TableReconciler, type TableErrorCode } from '@pipeline/bigquery-tables';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import { KeepTableService, type KeepTableOptions } from './keep-table.service.js';
import type { TakeOutcome, Taken } from './take-outcome.js';

const publishTime = '2026-11-22T23:05:00Z';
const BASE: readonly Column[] = [
  ...PIPELINE_COLUMNS,
  { name: 'event_type', type: 'STRING', mode: 'NULLABLE' },
];

let tables: InMemoryTables;
let reconciler: TableReconciler;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse(publishTime) });
  tables = new InMemoryTables();
  reconciler = new TableReconciler({ store: tables, random: () => 1, maxAttempts: 3 });
});

afterEach(() => {
  jest.useRealTimers();
});

function push(data: string): Uint8Array {
  const message = { messageId: '1', publishTime, data: Buffer.from(data, 'latin1').toString('base64') };
  return Buffer.from(JSON.stringify({ message }));
}

function aService(kept: KeepTableOptions['reconciler'] = reconciler): KeepTableService {
  return new KeepTableService({
    reconciler: kept,
    routes: { order: 'orders' },
    replayTopic: 'backend-events-replay',
    eventDeadlineMs: 9_000,
  });
}

/** What is answered at once; null where there is work to wait for. */
function atOnce(data: string): Taken | null {
  const taken = aService().take({ headers: {}, body: push(data) });
  return typeof taken === 'function' ? null : taken;
}

/** What comes of an event that is not answered at once. */
function later(data: object, service = aService()): Promise<Taken> {
  const taken = service.take({ headers: {}, body: push(JSON.stringify(data)) });
  if (typeof taken !== 'function') throw new Error(`answered at once: ${taken.outcome.kind}`);
  return taken();
}

async function outcomeOf(data: object, service?: KeepTableService): Promise<TakeOutcome> {
  const taken = later(data, service);
  await jest.runAllTimersAsync();
  return (await taken).outcome;
}

const failure = (code: TableErrorCode): TableError => new TableError({ code, message: `${code} it is` });

describe('KeepTableService', () => {
  it('makes the table of a new type, and answers at once from then on', async () => {
    const first = later({ event_type: 'order', a: 1 });
    await jest.runAllTimersAsync();
    const again = atOnce('{"event_type":"order","a":2}');

    const whose = { messageId: '1', eventType: 'order', publishTime };
    expect(await first).toEqual({ outcome: { kind: 'changed', table: 'orders' }, ...whose });
    expect(again).toEqual({ outcome: { kind: 'known', table: 'orders' }, ...whose });
    expect(tables.calls).toEqual(['read orders', 'create orders event_type a']);
  });

  it('adds a column, and appends no row', async () => {
    tables.put('t', BASE);

    expect(await outcomeOf({ event_type: 't', a: 1 })).toEqual({ kind: 'changed', table: 't' });
    expect(tables.calls).toEqual(['read t', 'patchSchema t event_type a']);
    expect(tables.rows('t')).toEqual([]);
  });

  it.each([
    ['NOT_JSON', 'hello'],
    ['NOT_UTF8', '\xff{}'],
    ['EVENT_TYPE_MISSING', '{"a":1}'],
  ])('leaves a message that is %s to the job, at once', (reason, data) => {
    expect(atOnce(data)).toEqual({
      outcome: { kind: 'left', reason, table: null, detail: expect.any(String) },
      messageId: '1',
      eventType: null,
      publishTime,
    });
    expect(tables.calls).toEqual([]);
  });

  it('leaves a body that holds no message to the job', () => {
    expect(aService().take({ headers: {}, body: Buffer.from('{"message":7}') })).toMatchObject({
      outcome: { kind: 'left', reason: 'ENVELOPE_INVALID', table: null },
      messageId: null,
    });
  });

  it('holds an event at its deadline, and the change goes on for the next delivery', async () => {
    tables.put('t', BASE);
    const release = tables.hold('patchSchema');
    const taken = later({ event_type: 't', a: 1 });
    await jest.advanceTimersByTimeAsync(8_999);
    const early = await Promise.race([taken, Promise.resolve('not yet')]);
    await jest.advanceTimersByTimeAsync(1);
    const { outcome } = await taken;
    release();
    await jest.runAllTimersAsync();

    expect(early).toBe('not yet');
    expect(outcome).toEqual({
      kind: 'held',
      table: 't',
      code: 'NOT_IN_TIME',
      disposition: 'transient',
      detail: 'The table did not come to rest in time',
    });
    expect(atOnce('{"event_type":"t","a":1}')?.outcome).toEqual({ kind: 'known', table: 't' });
  });

  it('does not care about a change that fails after the deadline', async () => {
    tables.put('t', BASE);
    tables.failNext('patchSchema', failure('INVALID'));
    const release = tables.hold('patchSchema');
    const taken = later({ event_type: 't', a: 1 });
    await jest.advanceTimersByTimeAsync(9_000);
    release();
    await jest.runAllTimersAsync();

    expect((await taken).outcome).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
  });

  it('holds an event after five rounds in which somebody else undid the change', async () => {
    tables.put('t', BASE);
    const before = await reconciler.reconcile('t', { pendingIn: () => [], cause: '0' });
    let rounds = 0;
    const undone = aService({
      known: () => before,
      reconcile: () => {
        rounds += 1;
        return Promise.resolve(before);
      },
    });

    expect(await outcomeOf({ event_type: 't', a: 1 }, undone)).toEqual({
      kind: 'held',
      table: 't',
      code: 'CONTENDED',
      disposition: 'transient',
      detail: 'The table did not come to rest in time',
    });
    expect(rounds).toBe(5);
  });

  it.each<TableErrorCode>(['INVALID', 'REQUEST_TOO_LARGE', 'UNSUPPORTED'])(
    'leaves an event to the job whose table BigQuery will never make: %s',
    async (code) => {
      tables.failNext('create', failure(code));

      expect(await outcomeOf({ event_type: 't', a: 1 })).toEqual({
        kind: 'left',
        reason: 'TABLE_REFUSED',
        table: 't',
        detail: `${code} it is`,
      });
      expect(tables.calls).toEqual(['read t', 'create t event_type a']);
    },
  );

  it('holds an event while a person has to grant something', async () => {
    tables.put('t', BASE);
    tables.failNext('patchSchema', failure('PERMISSION_DENIED'));

    expect(await outcomeOf({ event_type: 't', a: 1 })).toEqual({
      kind: 'held',
      table: 't',
      code: 'PERMISSION_DENIED',
      disposition: 'setup',
      detail: 'PERMISSION_DENIED it is',
    });
  });

  it('holds an event while BigQuery does not answer, after the tries of a round', async () => {
    tables.failNext('read', ...Array.from({ length: 3 }, () => failure('UNAVAILABLE')));

    expect(await outcomeOf({ event_type: 't', a: 1 })).toMatchObject({
      kind: 'held',
      code: 'UNAVAILABLE',
      disposition: 'transient',
    });
    expect(tables.calls).toEqual(['read t', 'read t', 'read t']);
  });
});
