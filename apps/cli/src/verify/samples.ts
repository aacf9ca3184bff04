/** The expected outcome of a sample. */
export type Expected =
  | {
      readonly kind: 'row';
      readonly table: string;
      /** Columns that the table must have, nested ones as `items.quantity`, and their types. */
      readonly types: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'dead letter'; readonly reason: string };

/** One message of the integration test. */
export interface Sample {
  readonly name: string;
  readonly data: string;
  readonly expected: Expected;
}

/** The event type, and the table, of the sample with a new field: no other table grows by it. */
export const VERIFICATION_TABLE = 'pipeline_verification';

/**
 * The messages of one run: an event of each type, one with a new field, and one that is no event.
 *
 * Shape: run `1a2b3c4d` → five samples whose bytes all hold `verification-1a2b3c4d`; a table that had other types for
 * these fields before keeps them, and the test says so.
 */
export function samplesOf(run: string, now: Date): readonly Sample[] {
  const id = `verification-${run}`;
  const at = `${now.toISOString().slice(0, 19)}Z`;
  const day = at.slice(0, 10);
  return [
    {
      name: 'order',
      data: JSON.stringify({
        event_type: 'order',
        order_id: `${id}-order`,
        customer_id: 'customer-456',
        order_date: at,
        status: 'pending',
        items: [{ product_id: 'prod-789', name: 'Lamp', category: 'Home', quantity: 2, unit_price: 49.95 }],
        total_amount: 99.9,
        currency: 'EUR',
        event_date: day,
      }),
      expected: {
        kind: 'row',
        table: 'orders',
        types: {
          order_id: 'STRING',
          order_date: 'TIMESTAMP',
          items: 'RECORD REPEATED',
          'items.quantity': 'INT64',
          'items.unit_price': 'NUMERIC',
          total_amount: 'NUMERIC',
          event_date: 'DATE',
        },
      },
    },
    {
      name: 'inventory',
      data: JSON.stringify({
        event_type: 'inventory',
        inventory_id: `${id}-inventory`,
        product_id: 'prod-789',
        quantity_change: -2,
        warehouse_id: 'wh-us-central',
        reason: 'sale',
        timestamp: at,
        event_date: day,
      }),
      expected: {
        kind: 'row',
        table: 'inventory',
        types: {
          inventory_id: 'STRING',
          quantity_change: 'INT64',
          timestamp: 'TIMESTAMP',
          event_date: 'DATE',
        },
      },
    },
    {
      name: 'user_activity',
      data: JSON.stringify({
        event_type: 'user_activity',
        user_id: 'user-123',
        session_id: `${id}-session`,
        activity_type: 'page_view',
        page_url: '/products/prod-789',
        timestamp: at,
        event_date: day,
      }),
      expected: {
        kind: 'row',
        table: 'user_activity',
        types: { user_id: 'STRING', page_url: 'STRING', timestamp: 'TIMESTAMP', event_date: 'DATE' },
      },
    },
    {
      name: 'fresh field',
      data: JSON.stringify({ event_type: VERIFICATION_TABLE, run: id, [`run_${run}`]: 1 }),
      expected: {
        kind: 'row',
        table: VERIFICATION_TABLE,
        types: { run: 'STRING', [`run_${run}`]: 'INT64' },
      },
    },
    {
      name: 'poison',
      data: `{"event_type":"order","order_id":"${id}-poison",`,
      expected: { kind: 'dead letter', reason: 'NOT_JSON' },
    },
  ];
}
