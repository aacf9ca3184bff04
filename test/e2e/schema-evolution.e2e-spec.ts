import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';

const order = (more: object = {}): object => ({
  event_type: 'order',
  order_id: 'order-1',
  customer: { id: 'customer-1' },
  items: [{ product_id: 'p-1', quantity: 2 }],
  ...more,
});

describe('a table while events flow', () => {
  let pipeline: Pipeline;
  let firstMessageId: string;

  beforeAll(async () => {
    pipeline = await Pipeline.start();
    await pipeline.startTableManager();
    firstMessageId = await pipeline.publish(order());
    await eventually(() => pipeline.row('orders', firstMessageId));
  }, 300_000);

  afterAll(() => pipeline.stop());

  const stored = (messageId: string): Promise<Record<string, unknown>> =>
    eventually(() => pipeline.row('orders', messageId));

  it('gets a column for a new field, and the value is in it', async () => {
    const messageId = await pipeline.publish(order({ coupon_code: 'SPRING' }));

    expect(await stored(messageId)).toMatchObject({ coupon_code: 'SPRING', _overflow: null });
  });

  it('gets a nested column for a new field of a record', async () => {
    const messageId = await pipeline.publish(order({ customer: { id: 'customer-1', tier: 'gold' } }));

    expect(await stored(messageId)).toMatchObject({
      customer: { id: 'customer-1', tier: 'gold' },
      _overflow: null,
    });
  });

  it('gets a nested column for a new field of a repeated record', async () => {
    const items = [{ product_id: 'p-1', quantity: 2, gift: true }];
    const messageId = await pipeline.publish(order({ items }));

    expect(await stored(messageId)).toMatchObject({ items, _overflow: null });
  });

  it('keeps a value of another type in the overflow column, with the reason', async () => {
    const messageId = await pipeline.publish(order({ order_id: 42 }));

    const row = await stored(messageId);

    expect(row['order_id']).toBeNull();
    expect(JSON.parse(row['_overflow'] as string)).toEqual({
      '/order_id': { reason: 'TYPE_CONFLICT', value: 42 },
    });
  });

  it('still has its first row as it was, new columns being NULL', async () => {
    expect(await stored(firstMessageId)).toMatchObject({
      order_id: 'order-1',
      customer: { id: 'customer-1', tier: null },
      items: [{ product_id: 'p-1', quantity: 2, gift: null }],
      coupon_code: null,
      _overflow: null,
    });
  });
});
