import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';
import type { Service } from './service.js';

const TOO_MANY_LEVELS = 101;
/** More than a row may have, less than a message may. */
const TOO_LARGE_BYTES = 9_600_000;

const POISON: readonly (readonly [string, Buffer | string])[] = [
  ['NOT_UTF8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['TOO_DEEP', `{"event_type":"order","deep":${'['.repeat(TOO_MANY_LEVELS)}${']'.repeat(TOO_MANY_LEVELS)}}`],
  ['NOT_JSON', '{"event_type":"order",}'],
  ['DUPLICATE_KEY', String.raw`{"event_type":"order","a":1,"\u0061":2}`],
  ['KEY_NOT_UNICODE', String.raw`{"event_type":"order","\ud800":1}`],
  ['NOT_AN_OBJECT', '[{"event_type":"order"}]'],
  ['EVENT_TYPE_MISSING', '{"order_id":"order-1"}'],
  ['EVENT_TYPE_INVALID', '{"event_type":7}'],
  ['TOO_LARGE', `{"event_type":"order","text":"${'x'.repeat(TOO_LARGE_BYTES)}"}`],
];

describe('an event that cannot become a row', () => {
  let pipeline: Pipeline;
  let tableManager: Service;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
    tableManager = await pipeline.startTableManager();
  }, 300_000);

  afterAll(() => pipeline.stop());

  it.each(POISON)('becomes a dead letter with the reason %s and its bytes', async (reason, data) => {
    const messageId = await pipeline.publish(data, { producer: 'shop' });

    const deadLetter = await eventually(() => pipeline.deadLetter(messageId));

    const bytes = Buffer.from(data);
    expect(deadLetter).toMatchObject({
      reason,
      message_id: messageId,
      service: 'table-manager',
      attempt: 1,
      data: bytes.length > 6_000_000 ? null : bytes.toString('base64'),
    });
    expect(JSON.parse(deadLetter['attributes'] as string)).toEqual({ producer: 'shop' });
  });

  it('is acknowledged and kept when not even the envelope can be read', async () => {
    const response = await fetch(tableManager.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"neither":"message nor event"}',
    });

    expect(response.status).toBe(204);
    await eventually(async () => {
      const reasons = await pipeline.query<{ reason: string }>(
        "SELECT reason FROM `prod_events_dataset.dead_letters` WHERE reason = 'ENVELOPE_INVALID'",
      );
      expect(reasons).toEqual([{ reason: 'ENVELOPE_INVALID' }]);
    });
  });

  it('does not hold up its neighbours', async () => {
    const messageId = await pipeline.publish({ event_type: 'order', order_id: 'order-1' });

    expect(await eventually(() => pipeline.row('orders', messageId))).toMatchObject({ order_id: 'order-1' });
  });
});
