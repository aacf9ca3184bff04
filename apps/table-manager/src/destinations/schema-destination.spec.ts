import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TableGuard, TableReconciler } from '@pipeline/bigquery-tables';
import { CloudError, type CloudErrorCode } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import type { EventOutcome, HandledEvent } from '../intake/event-outcome.js';
import { IntakeService } from '../intake/intake.service.js';
import { WorkingMemory } from '../memory/working-memory.js';
import { SchemaDestination, type SchemaDestinationOptions } from './schema-destination.js';

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

let handled: HandledEvent[];
let memory: WorkingMemory;

function anIntake(known: SchemaDestinationOptions['reconciler'] = reconciler): IntakeService {
  handled = [];
  memory = new WorkingMemory(1_000_000);
  const destination = new SchemaDestination({
    reconciler: known,
    routes: { order: 'orders' },
  });
  return new IntakeService({
    destination,
    replays: { projectId: 'p', topic: 'backend-events-replay' },
    memory,
    eventDeadlineMs: 9_000,
    metrics: { count: (event) => handled.push(event) },
    log: { write: () => undefined },
  });
}

/** The event as it was handled at once; null if there is work to wait for. */
function atOnce(data: string): HandledEvent | null {
  const outcome = anIntake().handle({ headers: {}, body: push(data) });
  return outcome instanceof Promise ? null : (handled[0] ?? null);
}

/** The event once its table was changed; fails if nothing had to be awaited. */
async function later(data: object, intake = anIntake()): Promise<HandledEvent> {
  const all = handled;
  const outcome = intake.handle({ headers: {}, body: push(JSON.stringify(data)) });
  if (!(outcome instanceof Promise)) throw new Error(`handled at once: ${outcome.kind}`);
  await outcome;
  const [event] = all;
  if (event === undefined) throw new Error('not counted');
  return event;
}

async function outcomeOf(data: object, intake?: IntakeService): Promise<EventOutcome> {
  const event = later(data, intake);
  await jest.runAllTimersAsync();
  return (await event).outcome;
}

const failure = (code: CloudErrorCode): CloudError => new CloudError({ code, message: `${code} it is` });

describe('SchemaDestination', () => {
  it('handles an event at once whose new field awaits an approval, and reads the table again in the background', async () => {
    tables.put('t', BASE, { pipeline_new_columns: 'approve' });
    expect(await later({ event_type: 't', a: 1 })).toMatchObject({
      outcome: { kind: 'changed', table: 't' },
    });

    expect(atOnce('{"event_type":"t","a":1}')).toMatchObject({ outcome: { kind: 'known', table: 't' } });
    await jest.runAllTimersAsync();
    expect(tables.calls).toEqual(['read t', 'read t']);
    expect(tables.columnNames('t')).not.toContain('a');
  });

  it('makes the table of a new type, and answers at once from then on', async () => {
    const first = later({ event_type: 'order', a: 1 });
    await jest.runAllTimersAsync();
    const again = atOnce('{"event_type":"order","a":2}');

    const whose = { messageId: '1', eventType: 'order', publishTime };
    expect(await first).toEqual({ outcome: { kind: 'changed', table: 'orders' }, ...whose });
    expect(again).toEqual({ outcome: { kind: 'known', table: 'orders' }, ...whose });
    expect(tables.calls).toEqual(['read orders', 'create orders event_type a']);
  });

  it('leaves events of unknown types to the job’s quarantine when the limit on tables is reached', async () => {
    const guard = new TableGuard({ store: tables, maxNewTablesPerHour: 1, maxTablesPerDataset: 5_000 });
    const guarded = anIntake(new TableReconciler({ store: tables, guard, random: () => 1 }));
    await outcomeOf({ event_type: 'first' }, guarded);
    handled.length = 0;

    expect(await outcomeOf({ event_type: 'new' }, guarded)).toMatchObject({
      kind: 'left',
      reason: 'TABLE_GUARD',
      table: 'new',
    });
    expect(tables.calls).not.toContain('create new event_type');
  });

  it.each([
    ['approve', 'AWAITING_APPROVAL'],
    ['reject', 'TYPE_NOT_ALLOWED'],
  ])('leaves events of unknown types to the job when a contract says %s: %s', async (verb, reason) => {
    tables.put('_quarantine', [], { pipeline_new_types: verb });
    tables.put('t', BASE);
    const guard = new TableGuard({ store: tables, maxNewTablesPerHour: 1, maxTablesPerDataset: 5_000 });
    const guarded = anIntake(new TableReconciler({ store: tables, guard, random: () => 1 }));

    expect(await outcomeOf({ event_type: 'new' }, guarded)).toMatchObject({
      kind: 'left',
      reason,
      table: 'new',
    });
    handled.length = 0;
    expect(await outcomeOf({ event_type: 't', a: 1 }, guarded)).toEqual({ kind: 'changed', table: 't' });
    expect(tables.calls.filter((call) => call.startsWith('create'))).toEqual([]);
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
    const outcome = anIntake().handle({ headers: {}, body: Buffer.from('{"message":7}') });

    expect(outcome).toMatchObject({ kind: 'left', reason: 'ENVELOPE_INVALID', table: null });
    expect(handled).toEqual([{ outcome, messageId: null, eventType: null, publishTime: null }]);
  });

  it('holds an event at its deadline, and the change goes on for the next delivery', async () => {
    tables.put('t', BASE);
    const release = tables.hold('patchSchema');
    const event = later({ event_type: 't', a: 1 });
    await jest.advanceTimersByTimeAsync(8_999);
    const early = await Promise.race([event, Promise.resolve('not yet')]);
    await jest.advanceTimersByTimeAsync(1);
    const { outcome } = await event;
    release();
    await jest.runAllTimersAsync();

    expect(early).toBe('not yet');
    expect(outcome).toEqual({
      kind: 'held',
      table: 't',
      code: 'NOT_IN_TIME',
      disposition: 'transient',
      detail: 'The time of this delivery is over',
    });
    expect(atOnce('{"event_type":"t","a":1}')?.outcome).toEqual({ kind: 'known', table: 't' });
  });

  it('ignores a change that fails after the deadline', async () => {
    tables.put('t', BASE);
    tables.failNext('patchSchema', failure('INVALID'));
    const release = tables.hold('patchSchema');
    const event = later({ event_type: 't', a: 1 });
    await jest.advanceTimersByTimeAsync(9_000);
    release();
    await jest.runAllTimersAsync();

    expect((await event).outcome).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
  });

  it('holds an event after five rounds in which another writer undid the change', async () => {
    tables.put('t', BASE);
    const before = await reconciler.reconcile('t', { pendingIn: () => [], cause: '0' });
    let rounds = 0;
    const undone = anIntake({
      known: () => before,
      refresh: () => undefined,
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
      detail: 'The table kept changing; gave up after 5 attempts',
    });
    expect(rounds).toBe(5);
  });

  it.each<CloudErrorCode>(['INVALID', 'REQUEST_TOO_LARGE', 'UNSUPPORTED'])(
    'leaves an event to the job if BigQuery never makes its table: %s',
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

  it('releases the memory of a heavy event at its deadline although the table is still being changed', async () => {
    const release = tables.hold('create');
    const event = later({ event_type: 't', a: 'x'.repeat(100_000) });
    await jest.advanceTimersByTimeAsync(8_999);
    const during = memory.bytes;
    await jest.advanceTimersByTimeAsync(1);

    expect([during > 800_000, memory.bytes]).toEqual([true, 0]);
    expect((await event).outcome).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
    release();
    await jest.runAllTimersAsync();
  });

  it('holds an event while an operator has to grant something', async () => {
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
