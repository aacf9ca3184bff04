import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QUARANTINE_COLUMNS, RowWriter, TableGuard, TableReconciler } from '@pipeline/bigquery-tables';
import type { PubsubMessage, PushRequest } from '@pipeline/cloudevents';
import { CloudError } from '@pipeline/google-clients';
import { PIPELINE_COLUMNS, type Column } from '@pipeline/schema-inference';
import { InMemoryTables } from '@pipeline/testing';
import { InMemoryDeadLetters } from '../dead-letters/in-memory-dead-letters.fake.js';
import { IntakeService } from '../intake/intake.service.js';
import { WorkingMemory } from '../memory/working-memory.js';
import { RowDestination } from './row-destination.js';

const START = Date.parse('2026-11-22T23:00:00Z');
const BASE: readonly Column[] = [
  ...PIPELINE_COLUMNS,
  { name: 'event_type', type: 'STRING', mode: 'NULLABLE' },
];

let tables: InMemoryTables;
let reconciler: TableReconciler;
let letters: InMemoryDeadLetters;
let intake: IntakeService;
let memory: WorkingMemory;

function anIntake(destination: RowDestination): IntakeService {
  return new IntakeService({
    destination,
    replays: { projectId: 'p', topic: 'backend-events-replay' },
    memory,
    eventDeadlineMs: 9_000,
    metrics: { count: () => undefined },
    log: { write: () => undefined },
  });
}

function aMessage(messageId: string, event: object, publishTime = '2026-11-22T23:00:00Z'): PubsubMessage {
  const data = Buffer.from(JSON.stringify({ event_type: 't', ...event }));
  return { messageId, publishTime, attributes: {}, data, orderingKey: null, deliveryAttempt: null };
}

function toPush({ data, ...message }: PubsubMessage): PushRequest {
  const wrapped = { ...message, data: Buffer.from(data).toString('base64') };
  return { headers: {}, body: Buffer.from(JSON.stringify({ message: wrapped })) };
}

/** Everything that comes of some deliveries at once, with the effects in `tables.calls`. */
async function store(...messages: readonly PubsubMessage[]): Promise<readonly unknown[]> {
  const outcomes = Promise.all(messages.map(async (message) => intake.handle(toPush(message))));
  await jest.runAllTimersAsync();
  return outcomes;
}

const failure = (code: ConstructorParameters<typeof CloudError>[0]['code']): CloudError =>
  new CloudError({ code, message: `${code} it is` });

beforeEach(() => {
  jest.useFakeTimers({ now: START });
  tables = new InMemoryTables();
  reconciler = new TableReconciler({ store: tables, random: () => 1 });
  const writer = new RowWriter({
    appender: tables,
    random: () => 1,
    onNotYet: (tableId, cause) => {
      reconciler.verify(tableId, cause).catch(() => undefined);
    },
  });
  letters = new InMemoryDeadLetters();
  memory = new WorkingMemory(1_000_000);
  const destination = new RowDestination({
    reconciler,
    writer,
    deadLetters: letters,
    routes: { order: 'orders' },
    schemaGraceMs: 2_000,
  });
  intake = anIntake(destination);
});

afterEach(() => {
  jest.useRealTimers();
});

describe('RowDestination', () => {
  it('makes a table for a new type, then appends; later events only append', async () => {
    const first = await store(aMessage('1', { a: 1 }));
    const second = await store(aMessage('2', { a: 2 }), aMessage('3', { a: 3 }));

    expect([...first, ...second]).toEqual(Array(3).fill({ kind: 'stored', table: 't', overflowed: 0 }));
    expect(tables.calls).toEqual(['read t', 'create t event_type a', 'append t 1', 'append t 2,3']);
    expect(tables.rows('t')).toMatchObject([
      { _message_id: '1', _publish_time: '2026-11-22T23:00:00Z', _event_type: 't', a: 1, _overflow: null },
      { _message_id: '2', a: 2 },
      { _message_id: '3', a: 3 },
    ]);
  });

  it('takes the table of a type from the routes', async () => {
    expect(await store(aMessage('1', { event_type: 'order' }))).toMatchObject([
      { kind: 'stored', table: 'orders' },
    ]);
  });

  it('adds the fields of events that come at once by one patch, and appends them together', async () => {
    tables.put('t', BASE);

    expect(await store(aMessage('1', { a: 1 }), aMessage('2', { b: 'x' }))).toMatchObject([
      { kind: 'stored' },
      { kind: 'stored' },
    ]);
    expect(tables.calls).toEqual(['read t', 'patchSchema t event_type a b', 'append t 1,2']);
  });

  it('puts a value of another kind into the overflow at once, with its reason', async () => {
    tables.put('t', [...BASE, { name: 'n', type: 'INT64', mode: 'NULLABLE' }]);

    expect(await store(aMessage('1', { n: 'seven' }))).toEqual([
      { kind: 'stored', table: 't', overflowed: 1 },
    ]);
    expect(tables.calls).toEqual(['read t', 'append t 1']);
    expect(tables.rows('t')).toMatchObject([
      { _overflow: '{"/n":{"reason":"TYPE_CONFLICT","value":"seven"}}' },
    ]);
  });

  describe('when a contract wants a person to approve new columns', () => {
    const APPROVE = { pipeline_new_columns: 'approve' };

    it('writes the row at once, with the value in the overflow, and does not change the table', async () => {
      tables.put('t', BASE, APPROVE);

      expect(await store(aMessage('1', { a: 1 }))).toEqual([{ kind: 'stored', table: 't', overflowed: 1 }]);
      expect(tables.calls).toEqual(['read t', 'read t', 'append t 1']);
      expect(tables.rows('t')).toMatchObject([
        { _message_id: '1', _overflow: '{"/a":{"reason":"AWAITING_APPROVAL","value":1}}' },
      ]);
      expect(Date.now() - START).toBeLessThan(2_000);
    });

    it('reads the table again after five seconds, so that an approval is seen', async () => {
      tables.put('t', BASE, APPROVE);
      await store(aMessage('1', { a: 1 }));
      tables.put('t', [...BASE, { name: 'a', type: 'INT64', mode: 'NULLABLE' }], APPROVE);

      expect(await store(aMessage('2', { a: 2 }))).toMatchObject([{ overflowed: 1 }]);
      await jest.advanceTimersByTimeAsync(5_000);
      expect(await store(aMessage('3', { a: 3 }))).toMatchObject([{ overflowed: 1 }]);
      expect(await store(aMessage('4', { a: 4 }))).toMatchObject([{ overflowed: 0 }]);
    });

    it('changes nothing for events that were fitted before the contract was applied', async () => {
      tables.put('t', BASE);
      await store(aMessage('1', {}));
      tables.put('t', BASE, APPROVE);

      expect(await store(aMessage('2', { a: 2 }))).toMatchObject([{ kind: 'stored', overflowed: 1 }]);
      expect(tables.columnNames('t')).not.toContain('a');
    });
  });

  it('still gives an old event its column where the column comes', async () => {
    tables.put('t', BASE);

    expect(await store(aMessage('1', { a: 1 }, '2026-11-01T00:00:00Z'))).toMatchObject([{ overflowed: 0 }]);
    expect(tables.rows('t')).toMatchObject([{ a: 1 }]);
  });

  it('holds an event of a new type while there is no dataset, however old it is', async () => {
    tables.failNext('read', failure('DATASET_NOT_FOUND'));

    expect(await store(aMessage('1', { a: 1 }, '2026-11-01T00:00:00Z'))).toMatchObject([
      { kind: 'held', code: 'DATASET_NOT_FOUND', disposition: 'setup' },
    ]);
  });

  it('rejects an event whose table BigQuery will never make', async () => {
    tables.failNext('create', failure('INVALID'));

    expect(await store(aMessage('1', { a: 1 }))).toEqual([
      {
        kind: 'dead-lettered',
        table: 't',
        reason: 'APPEND_REJECTED',
        detail: 'INVALID it is',
      },
    ]);
    expect(letters.letters).toMatchObject([{ messageId: '1', stage: 'reconcile', eventType: 't' }]);
  });

  it('holds an event whose table does not come at its deadline and does not append it after', async () => {
    const release = tables.hold('create');
    const message = aMessage('1', { a: 1 });
    const outcome = intake.handle(toPush(message));
    await jest.advanceTimersByTimeAsync(9_000);

    expect(await outcome).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME', disposition: 'transient' });
    release();
    await jest.runAllTimersAsync();
    expect(tables.calls).toEqual(['read t', 'create t event_type a']);
  });

  it('creates a deleted table again and stores the row', async () => {
    await store(aMessage('1', { a: 1 }));
    tables.drop('t');

    expect(await store(aMessage('2', { a: 2 }))).toMatchObject([{ kind: 'stored' }]);
    expect(tables.calls.slice(3)).toEqual(['append t 2', 'read t', 'create t event_type a', 'append t 2']);
    expect(tables.rows('t')).toMatchObject([{ _message_id: '2' }]);
  });

  describe('when BigQuery’s writers have not learnt a column', () => {
    const KNOWN_TO_WRITERS = [...BASE, { name: 'a', type: 'INT64', mode: 'NULLABLE' } as const];
    let notYet: number;

    beforeEach(() => {
      notYet = 0;
      const append = tables.append.bind(tables);
      tables.append = async (tableId, rows) => {
        const early = rows.flatMap(({ row }, index) =>
          row['b'] === undefined || row['b'] === null ? [] : [index],
        );
        if (early.length === 0) return append(tableId, rows);
        notYet += 1;
        const errors = early.map(
          (index) => ({ index, kind: 'unknown-field', message: 'no such field: b' }) as const,
        );
        return { kind: 'answered', errors, writerColumns: KNOWN_TO_WRITERS };
      };
      tables.put('t', [...KNOWN_TO_WRITERS, { name: 'b', type: 'STRING', mode: 'NULLABLE' }]);
    });

    it('writes the row without the value once the grace is over, and says why', async () => {
      const outcome = await store(aMessage('1', { a: 1, b: 'x' }));

      expect(outcome).toEqual([{ kind: 'stored', table: 't', overflowed: 1 }]);
      expect(Date.now() - START).toBeGreaterThanOrEqual(2_000);
      expect(notYet).toBeGreaterThan(1);
      expect(tables.rows('t')).toMatchObject([
        { a: 1, _overflow: '{"/b":{"reason":"AWAITING_COLUMN","value":"x"}}' },
      ]);
      expect(tables.rows('t')[0]).not.toHaveProperty('b');
    });

    it('does not let other events wait', async () => {
      const outcome = await store(aMessage('1', { a: 1, b: 'x' }), aMessage('2', { a: 2 }));

      expect(outcome).toMatchObject([{ overflowed: 1 }, { kind: 'stored', overflowed: 0 }]);
    });
  });

  it('holds an event whose table BigQuery’s writers do not know, however old it is', async () => {
    tables.put('t', BASE);
    tables.append = () => Promise.resolve({ kind: 'missing', message: 'Not found: Table t' });

    expect(await store(aMessage('1', {}, '2026-11-01T00:00:00Z'))).toMatchObject([
      { kind: 'held', code: 'NOT_YET', disposition: 'transient' },
    ]);
  });

  describe('with a contract about new event types', () => {
    const KNOWN = { event_type: 't', a: 1 };
    const NEW = { event_type: 'never.seen', b: 1.5 };

    beforeEach(() => {
      tables.put('t', BASE);
      const options = { routes: {}, schemaGraceMs: 2_000, deadLetters: letters };
      const reconciler = new TableReconciler({
        store: tables,
        random: () => 1,
        guard: new TableGuard({ store: tables, maxNewTablesPerHour: 100, maxTablesPerDataset: 100 }),
      });
      const writer = new RowWriter({ appender: tables, random: () => 1 });
      intake = anIntake(new RowDestination({ reconciler, writer, ...options }));
    });

    it('appends the whole message of an unapproved type to _quarantine, and a row once a person made its table', async () => {
      tables.put('_quarantine', QUARANTINE_COLUMNS, { pipeline_new_types: 'approve' });
      const message = { ...aMessage('1', NEW), attributes: { key: 'value' } };

      expect(await store(message)).toEqual([
        { kind: 'quarantined', reason: 'AWAITING_APPROVAL', table: 'never_seen' },
      ]);
      expect(await store(aMessage('2', KNOWN))).toMatchObject([{ kind: 'stored', table: 't' }]);
      expect(tables.rows('_quarantine')).toMatchObject([
        {
          message_id: '1',
          event_type: 'never.seen',
          table_name: 'never_seen',
          reason: 'AWAITING_APPROVAL',
          data: Buffer.from(message.data).toString('base64'),
          attributes: '{"key":"value"}',
        },
      ]);

      tables.put('never_seen', BASE);
      await jest.advanceTimersByTimeAsync(5_001);
      expect(await store(message)).toMatchObject([{ kind: 'stored', table: 'never_seen' }]);
      expect(letters.letters).toEqual([]);
    });

    it('dead-letters an event of a type that is not allowed, whole, and goes on with known types', async () => {
      tables.put('_quarantine', [], { pipeline_new_types: 'reject' });

      const detail = 'The contract of the dataset rejects new event types, and the table does not exist.';
      const message = aMessage('1', NEW);
      expect(await store(message)).toEqual([
        { kind: 'dead-lettered', reason: 'TYPE_NOT_ALLOWED', table: 'never_seen', detail },
      ]);
      expect(await store(aMessage('2', KNOWN))).toMatchObject([{ kind: 'stored', table: 't' }]);
      expect(letters.letters).toMatchObject([
        {
          reason: 'TYPE_NOT_ALLOWED',
          stage: 'reconcile',
          detail,
          eventType: 'never.seen',
          table: 'never_seen',
          messageId: '1',
          data: message.data,
        },
      ]);
      expect(tables.calls.filter((call) => call.startsWith('create'))).toEqual([]);
    });

    it('costs nothing for events of known types', async () => {
      tables.put('_quarantine', [], { pipeline_new_types: 'reject' });
      await store(aMessage('1', KNOWN));
      await store(aMessage('2', KNOWN));

      expect(tables.calls.filter((call) => call.includes('_quarantine'))).toEqual([]);
    });
  });

  describe('when the limit on tables is reached', () => {
    beforeEach(() => {
      const guarded = new RowDestination({
        reconciler: new TableReconciler({
          store: tables,
          random: () => 1,
          guard: new TableGuard({ store: tables, maxNewTablesPerHour: 1, maxTablesPerDataset: 5_000 }),
        }),
        writer: new RowWriter({ appender: tables, random: () => 1 }),
        deadLetters: letters,
        routes: {},
        schemaGraceMs: 2_000,
      });
      intake = anIntake(guarded);
    });

    it('appends the whole message of an unknown type to _quarantine and goes on with known types', async () => {
      await store(aMessage('1', { a: 1 }));
      const attributed = { ...aMessage('2', { event_type: 'new', b: 2 }), attributes: { key: 'value' } };

      expect(await store(attributed)).toEqual([{ kind: 'quarantined', reason: 'TABLE_GUARD', table: 'new' }]);
      expect(await store(aMessage('3', { a: 3, c: 4 }))).toMatchObject([{ kind: 'stored', table: 't' }]);
      expect(tables.rows('_quarantine')).toMatchObject([
        {
          message_id: '2',
          publish_time: '2026-11-22T23:00:00Z',
          event_type: 'new',
          table_name: 'new',
          reason: 'TABLE_GUARD',
          data: Buffer.from(attributed.data).toString('base64'),
          attributes: '{"key":"value"}',
        },
      ]);
      expect(letters.letters).toEqual([]);
    });

    it('holds the message if _quarantine refuses it', async () => {
      await store(aMessage('1', {}));
      tables.failNext('append', failure('PERMISSION_DENIED'));

      expect(await store(aMessage('2', { event_type: 'new' }))).toMatchObject([
        { kind: 'held', table: 'new', code: 'PERMISSION_DENIED', disposition: 'setup' },
      ]);
    });
  });

  it('rejects a row that is too large', async () => {
    const value = 'x'.repeat(9_500_000);

    expect(await store(aMessage('1', { value }))).toMatchObject([
      { kind: 'dead-lettered', table: 't', reason: 'TOO_LARGE' },
    ]);
    expect(letters.letters).toMatchObject([{ messageId: '1', stage: 'fit' }]);
  });

  it('writes a publish time as exactly as a TIMESTAMP holds it', async () => {
    await store(aMessage('1', {}, '2026-11-22T23:00:00.123456789Z'));

    expect(tables.rows('t')).toMatchObject([{ _publish_time: '2026-11-22T23:00:00.123456Z' }]);
  });

  it('rejects a row that BigQuery refuses for good, with BigQuery’s words', async () => {
    tables.put('t', BASE);
    tables.refuseNext('Cannot convert value');

    expect(await store(aMessage('1', {}))).toEqual([
      {
        kind: 'dead-lettered',
        table: 't',
        reason: 'APPEND_REJECTED',
        detail: 'Cannot convert value',
      },
    ]);
    expect(letters.letters).toMatchObject([
      { messageId: '1', table: 't', stage: 'append', detail: 'Cannot convert value' },
    ]);
    expect(tables.calls).toEqual(['read t', 'append t 1', 'read t']);
  });

  it('fits again when a row is refused because the type of a column was changed', async () => {
    await store(aMessage('1', { a: 1 }));
    tables.put('t', [...BASE, { name: 'a', type: 'BOOL', mode: 'NULLABLE' }]);
    tables.refuseNext('Cannot convert value to boolean');

    expect(await store(aMessage('2', { a: 2 }))).toEqual([{ kind: 'stored', table: 't', overflowed: 1 }]);
    expect(tables.calls.slice(3)).toEqual(['append t 2', 'read t', 'append t 2']);
  });

  it('adds a dropped column again at the next delivery', async () => {
    await store(aMessage('1', { a: 1 }));
    tables.put('t', BASE);

    expect(await store(aMessage('2', { a: 2 }))).toMatchObject([{ kind: 'held', code: 'NOT_YET' }]);
    expect(await store(aMessage('2', { a: 2 }))).toMatchObject([{ kind: 'stored', overflowed: 0 }]);
    expect(tables.columnNames('t')).toContain('a');
  });

  it('holds a message whose dead letter could not be published', async () => {
    tables.failNext('create', failure('INVALID'));
    letters.outcome = { kind: 'failed', disposition: 'setup', message: 'no topic' };

    expect(await store(aMessage('1', { a: 1 }))).toEqual([
      { kind: 'held', table: 't', code: 'DEAD_LETTER_FAILED', disposition: 'setup', detail: 'no topic' },
    ]);
  });

  describe('after the deadline of its delivery', () => {
    const notInTime = { kind: 'held', code: 'NOT_IN_TIME' };

    /** The outcome of a message while a call is held back until its delivery is over. */
    async function late(call: 'append' | 'create' | 'read', message: PubsubMessage): Promise<unknown> {
      const release = tables.hold(call);
      const outcome = Promise.resolve(intake.handle(toPush(message)));
      await jest.advanceTimersByTimeAsync(9_000);
      release();
      await jest.runAllTimersAsync();
      return outcome;
    }

    it('publishes no dead letter', async () => {
      tables.put('t', BASE);
      tables.refuseNext('Cannot convert value');

      expect(await late('append', aMessage('1', {}))).toMatchObject(notInTime);
      expect(letters.letters).toEqual([]);
    });

    it('publishes no dead letter for a table that BigQuery refuses', async () => {
      tables.failNext('create', failure('INVALID'));

      expect(await late('create', aMessage('1', {}))).toMatchObject(notInTime);
      expect(letters.letters).toEqual([]);
    });

    it('quarantines nothing', async () => {
      const guard = new TableGuard({ store: tables, maxNewTablesPerHour: 0, maxTablesPerDataset: 0 });
      const guarded = new TableReconciler({ store: tables, random: () => 1, guard });
      const writer = new RowWriter({ appender: tables, random: () => 1 });
      const options = { deadLetters: letters, routes: {}, schemaGraceMs: 2_000 };
      intake = anIntake(new RowDestination({ reconciler: guarded, writer, ...options }));

      expect(await late('read', aMessage('1', {}))).toMatchObject(notInTime);
      expect(tables.calls.filter((call) => call.startsWith('append'))).toEqual([]);
    });

    it('releases the memory of a heavy event whose table is still being changed', async () => {
      const release = tables.hold('create');
      const outcome = Promise.resolve(intake.handle(toPush(aMessage('1', { a: 'x'.repeat(100_000) }))));
      await jest.advanceTimersByTimeAsync(8_999);
      const during = memory.bytes;
      await jest.advanceTimersByTimeAsync(1);

      expect([during > 800_000, memory.bytes]).toEqual([true, 0]);
      expect(await outcome).toMatchObject(notInTime);
      release();
      await jest.runAllTimersAsync();
    });
  });

  describe('with a heavy event that takes longer than its delivery', () => {
    const HEAVY = { a: 'x'.repeat(100_000) };

    function deliver(messageId: string, event: object): Promise<unknown> {
      const { data, ...message } = aMessage(messageId, event);
      const wrapped = { ...message, data: Buffer.from(data).toString('base64') };
      const body = { message: wrapped, subscription: 'projects/p/subscriptions/s' };
      return Promise.resolve(intake.handle({ headers: {}, body: Buffer.from(JSON.stringify(body)) }));
    }

    it('finishes the append, and acknowledges the redelivery without another', async () => {
      tables.put('t', [...BASE, { name: 'a', type: 'STRING', mode: 'NULLABLE' }]);
      const release = tables.hold('append');
      const first = deliver('1', HEAVY);
      await jest.advanceTimersByTimeAsync(12_000);
      release();
      await jest.advanceTimersByTimeAsync(100);

      expect(await first).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
      expect(await deliver('1', HEAVY)).toEqual({ kind: 'stored', table: 't', overflowed: 0 });
      expect(tables.calls.filter((call) => call.startsWith('append'))).toHaveLength(1);
      expect(memory.bytes).toBe(0);
    });

    it('publishes its dead letter once, and acknowledges the redelivery', async () => {
      tables.put('t', [...BASE, { name: 'a', type: 'STRING', mode: 'NULLABLE' }]);
      tables.refuseNext('Cannot convert value');
      const release = tables.hold('append');
      const first = deliver('1', HEAVY);
      await jest.advanceTimersByTimeAsync(12_000);
      release();
      await jest.advanceTimersByTimeAsync(10_000);

      expect(await first).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
      expect(await deliver('1', HEAVY)).toMatchObject({ kind: 'dead-lettered', reason: 'APPEND_REJECTED' });
      expect(letters.letters).toHaveLength(1);
    });

    it('makes nothing durable half a minute after there was memory for it', async () => {
      tables.put('t', [...BASE, { name: 'a', type: 'STRING', mode: 'NULLABLE' }]);
      tables.refuseNext('Cannot convert value');
      const release = tables.hold('append');
      const first = deliver('1', HEAVY);
      await jest.advanceTimersByTimeAsync(31_000);
      release();
      await jest.advanceTimersByTimeAsync(10_000);

      expect(await first).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
      expect([letters.letters, memory.bytes]).toEqual([[], 0]);
    });
  });

  describe('when a column does not come at once', () => {
    const waiting = { kind: 'stored', table: 't', overflowed: 1 };

    it('writes the row without a column that does not come in that time', async () => {
      tables.put('t', BASE);
      const release = tables.hold('patchSchema');
      const outcome = Promise.resolve(intake.handle(toPush(aMessage('1', { a: 1 }))));
      await jest.advanceTimersByTimeAsync(1_999);
      const early = await Promise.race([outcome, Promise.resolve('not yet')]);
      await jest.advanceTimersByTimeAsync(100);
      release();

      expect([early, await outcome]).toEqual(['not yet', waiting]);
      expect(tables.rows('t')).toMatchObject([
        { _overflow: '{"/a":{"reason":"AWAITING_COLUMN","value":1}}' },
      ]);
    });

    it('writes it at once when the change is refused', async () => {
      tables.put('t', BASE);
      tables.failNext('patchSchema', failure('PERMISSION_DENIED'));

      expect(await store(aMessage('1', { a: 1 }))).toEqual([waiting]);
      expect(Date.now() - START).toBeLessThan(2_000);
    });

    it('gives the value its column when the change comes in that time', async () => {
      tables.put('t', BASE);

      expect(await store(aMessage('1', { a: 1 }))).toEqual([{ kind: 'stored', table: 't', overflowed: 0 }]);
      expect(tables.rows('t')).toMatchObject([{ a: 1 }]);
    });

    it('waits longer for a table that is missing, and holds the event at its deadline', async () => {
      const release = tables.hold('create');
      const outcome = Promise.resolve(intake.handle(toPush(aMessage('1', { a: 1 }))));
      await jest.advanceTimersByTimeAsync(8_999);
      const early = await Promise.race([outcome, Promise.resolve('not yet')]);
      await jest.advanceTimersByTimeAsync(1);

      expect(early).toBe('not yet');
      expect(await outcome).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
      release();
      await jest.runAllTimersAsync();
    });
  });
});
