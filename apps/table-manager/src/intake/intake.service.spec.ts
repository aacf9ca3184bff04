import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { DeadLetter } from '../dead-letters/dead-letter.js';
import { WorkingMemory } from '../memory/working-memory.js';
import type { EventDestination } from './event-destination.port.js';
import type { EventOutcome, HandledEvent } from './event-outcome.js';
import { IntakeService } from './intake.service.js';

const publishTime = '2026-11-22T23:05:00Z';
const origin = { messageId: '1', publishTime, attributes: { source: 'shop' } };
const stored: EventOutcome = { kind: 'stored', table: 'orders', overflowed: 0 };

let letters: DeadLetter[];
let handled: HandledEvent[];
let logged: HandledEvent[];

beforeEach(() => {
  letters = [];
  handled = [];
  logged = [];
});

function push(data: string): Uint8Array {
  const message = { ...origin, data: Buffer.from(data, 'latin1').toString('base64') };
  return Buffer.from(JSON.stringify({ message }));
}

/** Delivers with the given outcome; keeps rejected messages in `letters`. */
function aDestination(outcome: EventOutcome, atOnce: EventOutcome | null = null): EventDestination {
  return {
    decoding: {},
    outcomeAtOnce: () => atOnce,
    deliver: () => Promise.resolve(outcome),
    reject: (letter) => {
      letters.push(letter);
      const { reason, table, detail } = letter;
      return Promise.resolve({ kind: 'dead-lettered', reason, table, detail });
    },
  };
}

function anIntake(destination = aDestination(stored), memory = new WorkingMemory(1_000_000)): IntakeService {
  return new IntakeService({
    destination,
    replays: { projectId: 'p', topic: 'backend-events-replay' },
    memory,
    eventDeadlineMs: 9_000,
    metrics: { count: (event) => handled.push(event) },
    log: { write: (event) => logged.push(event) },
  });
}

async function handle(body: Uint8Array, destination?: EventDestination): Promise<EventOutcome> {
  return anIntake(destination).handle({ headers: {}, body });
}

describe('IntakeService', () => {
  it('counts and logs each outcome with its message', async () => {
    expect(await handle(push('{"event_type":"order"}'))).toBe(stored);

    expect(handled).toEqual([{ outcome: stored, messageId: '1', eventType: 'order', publishTime }]);
    expect(logged).toEqual(handled);
    expect(letters).toEqual([]);
  });

  it('returns a plain value for an event that needs no call', () => {
    const known: EventOutcome = { kind: 'known', table: 'orders' };
    const outcome = anIntake(aDestination(stored, known)).handle({
      headers: {},
      body: push('{"event_type":"order"}'),
    });

    expect(outcome).toBe(known);
    expect(handled).toEqual([{ outcome: known, messageId: '1', eventType: 'order', publishTime }]);
  });

  it.each([
    ['NOT_UTF8', '\xff{}'],
    ['TOO_DEEP', '['.repeat(101)],
    ['NOT_JSON', 'hello'],
    ['DUPLICATE_KEY', '{"a":1,"\\u0061":2}'],
    ['KEY_NOT_UNICODE', '{"\\ud800":1}'],
    ['NOT_AN_OBJECT', '[1]'],
    ['EVENT_TYPE_MISSING', '{"a":1}'],
    ['EVENT_TYPE_INVALID', '{"event_type":7}'],
  ])('keeps a message that is %s as a dead letter, whole', async (reason, data) => {
    const outcome = await handle(push(data));

    expect(outcome).toMatchObject({ kind: 'dead-lettered', reason });
    expect(letters).toEqual([
      {
        ...origin,
        reason,
        stage: 'decode',
        detail: expect.any(String),
        eventType: null,
        table: null,
        data: Buffer.from(data, 'latin1'),
      },
    ]);
  });

  it('keeps a body that holds no message', async () => {
    const body = Buffer.from('{"message":7}');
    const outcome = await handle(body);

    expect(outcome).toMatchObject({ kind: 'dead-lettered', reason: 'ENVELOPE_INVALID' });
    expect(handled).toEqual([{ outcome, messageId: null, eventType: null, publishTime: null }]);
    expect(letters).toMatchObject([
      { reason: 'ENVELOPE_INVALID', stage: 'envelope', messageId: null, attributes: null, data: body },
    ]);
  });

  it('passes on that an event is held', async () => {
    const held: EventOutcome = {
      kind: 'held',
      table: 't',
      code: 'X',
      disposition: 'transient',
      detail: 'later',
    };

    expect(await handle(push('{"event_type":"order"}'), aDestination(held))).toBe(held);
  });

  it('reaches an outcome for any headers and any bytes, and loses none of them', async () => {
    const headers = fc.dictionary(fc.string(), fc.string());
    const anyData = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('{"event_type":"order"}', '{"event_type":{}}'),
    );
    const bodies = fc.oneof(
      fc.uint8Array(),
      anyData.map(push),
      anyData.map((text) => Buffer.from(text)),
    );
    const intake = anIntake();

    await fc.assert(
      fc.asyncProperty(headers, bodies, async (someHeaders, body) => {
        letters.length = 0;
        const outcome = await intake.handle({ headers: someHeaders, body });

        expect(letters).toHaveLength(outcome.kind === 'stored' ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });

  describe('with a heavy event', () => {
    const heavy = push(`{"event_type":"order","a":[${'1,'.repeat(50_000)}1]}`);

    it('handles it once there is memory, and releases the memory when it is done', async () => {
      const memory = new WorkingMemory(1_000_000);
      const ends: (() => void)[] = [];
      const destination = {
        ...aDestination(stored),
        deliver: () =>
          new Promise<EventOutcome>((resolve) => {
            ends.push(() => {
              resolve(stored);
            });
          }),
      };
      const intake = anIntake(destination, memory);
      const outcomes = [heavy, heavy].map(async (body) => intake.handle({ headers: {}, body }));
      await eventually(() => ends.length === 1);
      const held = memory.bytes;
      ends[0]?.();
      await eventually(() => ends.length === 2);
      ends[1]?.();

      expect(await Promise.all(outcomes)).toEqual([stored, stored]);
      expect([held > 20_000_000, memory.bytes]).toEqual([true, 0]);
    });

    it('handles many compressed events at a time that unpack to little', async () => {
      const data = gzipSync(`{"event_type":"order","a":"${'x'.repeat(9_000)}"}`).toString('base64');
      const message = { ...origin, attributes: { 'content-encoding': 'gzip' }, data };
      const body = Buffer.from(JSON.stringify({ message }));
      const memory = new WorkingMemory(10_000_000);
      let running = 0;
      const deliver = async (): Promise<EventOutcome> => {
        running++;
        await eventually(() => running === 100);
        return stored;
      };
      const intake = anIntake({ ...aDestination(stored), deliver }, memory);
      const outcomes = Array.from({ length: 100 }, async () => intake.handle({ headers: {}, body }));

      expect(await Promise.all(outcomes)).toEqual(Array(100).fill(stored));
    });

    it('keeps no dead letter of it after the deadline', async () => {
      jest.useFakeTimers();
      const slow = {
        ...aDestination(stored),
        get decoding() {
          jest.setSystemTime(Date.now() + 9_000);
          return {};
        },
      };
      const outcome = handle(push(`[${'1,'.repeat(50_000)}1]`), slow);
      await jest.runAllTimersAsync();
      jest.useRealTimers();

      expect(await outcome).toMatchObject({ kind: 'held', code: 'NOT_IN_TIME' });
      expect(letters).toEqual([]);
    });

    describe('that outlasts its delivery', () => {
      let ends: ((outcome: EventOutcome) => void)[];
      let intake: IntakeService;

      beforeEach(() => {
        jest.useFakeTimers();
        ends = [];
        const deliver = (): Promise<EventOutcome> => new Promise((resolve) => ends.push(resolve));
        intake = anIntake({ ...aDestination(stored), deliver }, new WorkingMemory(1_000_000_000));
      });

      afterEach(() => {
        jest.useRealTimers();
      });

      function deliverHeavy(messageId: string, subscription?: string): Promise<EventOutcome> {
        const data = Buffer.from(`{"event_type":"order","a":"${'x'.repeat(5_000)}"}`).toString('base64');
        const body = Buffer.from(JSON.stringify({ message: { ...origin, messageId, data }, subscription }));
        return Promise.resolve(intake.handle({ headers: {}, body }));
      }
      const name = 'projects/p/subscriptions/s';

      it('joins a redelivery to the running work, and acknowledges the next one at once', async () => {
        const first = deliverHeavy('1', name);
        await jest.advanceTimersByTimeAsync(9_000);
        const second = deliverHeavy('1', name);
        await jest.advanceTimersByTimeAsync(0);
        ends[0]?.(stored);

        expect(await first).toMatchObject({ code: 'NOT_IN_TIME' });
        expect([await second, await deliverHeavy('1', name), ends.length]).toEqual([stored, stored, 1]);
      });

      it.each([
        ['of another message', '2', name],
        ['of another subscription', '1', `${name}2`],
        ['of an unknown subscription', '1', undefined],
        ['of another subscription with a long name', '1', `${name}${'x'.repeat(1_000)}`],
      ])('does not join a delivery %s', async (_case, messageId, subscription) => {
        const first = deliverHeavy('1', name);
        const other = deliverHeavy(messageId, subscription);
        await jest.advanceTimersByTimeAsync(0);
        ends.forEach((end) => {
          end(stored);
        });

        expect([await first, await other, ends.length]).toEqual([stored, stored, 2]);
      });

      it.each([
        ['was held', 9_000, { kind: 'held', table: null, code: 'X', disposition: 'transient', detail: '' }],
        ['came in time', 0, stored],
      ] as const)('handles a message again whose outcome %s', async (_case, afterMs, outcome) => {
        const first = deliverHeavy('1', name);
        await jest.advanceTimersByTimeAsync(afterMs);
        ends[0]?.(outcome);
        await first;
        await jest.advanceTimersByTimeAsync(0);
        const second = deliverHeavy('1', name);
        await jest.advanceTimersByTimeAsync(0);
        ends[1]?.(stored);

        expect([await second, ends.length]).toEqual([stored, 2]);
      });
    });

    it('holds it at the deadline, and its memory until its work ends', async () => {
      jest.useFakeTimers();
      const memory = new WorkingMemory(1_000_000);
      let end = (): void => undefined;
      const deliver = (): Promise<EventOutcome> =>
        new Promise((resolve) => {
          end = () => {
            resolve(stored);
          };
        });
      const intake = anIntake({ ...aDestination(stored), deliver }, memory);
      const [first, second] = [heavy, heavy].map(async (body) => intake.handle({ headers: {}, body }));
      await jest.advanceTimersByTimeAsync(9_000);

      expect([await first, await second]).toMatchObject([{ code: 'NOT_IN_TIME' }, { code: 'NOT_IN_TIME' }]);
      expect(memory.bytes).toBeGreaterThan(0);
      end();
      await jest.advanceTimersByTimeAsync(0);
      jest.useRealTimers();
      expect(memory.bytes).toBe(0);
    });
  });
});

async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
