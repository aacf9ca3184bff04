import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InMemoryDeadLetters } from '../dead-letters/in-memory-dead-letters.fake.js';
import type { StoreOutcome } from '../storing/store-outcome.js';
import type { Taken } from './take-outcome.js';
import { TakePushService } from './take-push.service.js';

const publishTime = '2026-11-22T23:05:00Z';
const origin = { messageId: '1', publishTime, attributes: { source: 'shop' } };
const stored: StoreOutcome = { kind: 'stored', table: 'orders', overflowed: 0 };

let letters: InMemoryDeadLetters;

beforeEach(() => {
  letters = new InMemoryDeadLetters();
});

function push(data: string): Uint8Array {
  const message = { ...origin, data: Buffer.from(data, 'latin1').toString('base64') };
  return Buffer.from(JSON.stringify({ message }));
}

function take(body: Uint8Array, outcome: StoreOutcome = stored): Promise<Taken> {
  return new TakePushService(
    { store: () => Promise.resolve(outcome), knownSchema: () => undefined },
    letters,
    'backend-events-replay',
  ).take({ headers: {}, body })();
}

describe('TakePushService', () => {
  it('says what became of an event', async () => {
    expect(await take(push('{"event_type":"order"}'))).toEqual({
      outcome: stored,
      messageId: '1',
      eventType: 'order',
      publishTime,
    });
    expect(letters.letters).toEqual([]);
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
    const { outcome } = await take(push(data));

    expect(outcome).toMatchObject({ kind: 'dead-lettered', reason });
    expect(letters.letters).toEqual([
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

    expect(await take(body)).toMatchObject({
      outcome: { kind: 'dead-lettered', reason: 'ENVELOPE_INVALID' },
      messageId: null,
    });
    expect(letters.letters).toMatchObject([
      { reason: 'ENVELOPE_INVALID', stage: 'envelope', messageId: null, attributes: null, data: body },
    ]);
  });

  it('keeps an event that BigQuery refused, with its table and BigQuery’s words', async () => {
    const refused: StoreOutcome = {
      kind: 'rejected',
      table: 'orders',
      reason: 'APPEND_REJECTED',
      stage: 'append',
      detail: 'Cannot convert',
    };

    expect(await take(push('{"event_type":"order"}'), refused)).toMatchObject({
      outcome: { kind: 'dead-lettered', reason: 'APPEND_REJECTED', table: 'orders' },
    });
    expect(letters.letters).toMatchObject([
      { ...origin, reason: 'APPEND_REJECTED', detail: 'Cannot convert', eventType: 'order', table: 'orders' },
    ]);
  });

  it('holds a message whose dead letter Pub/Sub does not have', async () => {
    letters.outcome = { kind: 'failed', disposition: 'setup', message: 'no topic' };

    expect(await take(push('hello'))).toMatchObject({
      outcome: { kind: 'held', code: 'DEAD_LETTER_FAILED', disposition: 'setup', detail: 'no topic' },
    });
  });

  it('passes on that an event is held', async () => {
    const held: StoreOutcome = {
      kind: 'held',
      table: 't',
      code: 'X',
      disposition: 'transient',
      detail: 'later',
    };

    expect((await take(push('{"event_type":"order"}'), held)).outcome).toBe(held);
  });

  it('comes to an outcome for any headers and any bytes, and loses none of them', async () => {
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
    const service = new TakePushService(
      { store: () => Promise.resolve(stored), knownSchema: () => undefined },
      letters,
      'backend-events-replay',
    );

    await fc.assert(
      fc.asyncProperty(headers, bodies, async (someHeaders, body) => {
        letters.letters.length = 0;
        const { outcome } = await service.take({ headers: someHeaders, body })();

        expect(letters.letters).toHaveLength(outcome.kind === 'stored' ? 0 : 1);
      }),
      { numRuns: 500 },
    );
  });
});
