import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_TYPES, type EventType, type GeneratedEvent } from './event.js';
import { generateEvents, MAX_SEED, type GenerationRequest } from './generate-events.js';
import { instantOfSeed } from './instants.js';
import { serializeEvent } from './serialize-event.js';

const UNTIL = new Date('2024-01-15T11:00:00Z');
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function generate(request: Partial<GenerationRequest> = {}): GeneratedEvent[] {
  return [...generateEvents({ type: 'mix', count: 20, seed: 7, until: UNTIL, ...request })];
}

function write(events: readonly GeneratedEvent[]): string[] {
  return events.map(serializeEvent);
}

const anyRequest = fc.record({
  type: fc.constantFrom<EventType | 'mix'>(...EVENT_TYPES, 'mix'),
  count: fc.integer({ min: 1, max: 30 }),
  seed: fc.integer({ min: 0, max: MAX_SEED }),
});

describe('generateEvents', () => {
  it.each([
    [
      'order',
      [
        'event_type',
        'order_id',
        'customer_id',
        'order_date',
        'status',
        'items',
        'total_amount',
        'currency',
        'event_date',
      ],
    ],
    [
      'inventory',
      [
        'event_type',
        'inventory_id',
        'product_id',
        'quantity_change',
        'warehouse_id',
        'reason',
        'timestamp',
        'event_date',
      ],
    ],
    [
      'user_activity',
      ['event_type', 'user_id', 'session_id', 'activity_type', 'page_url', 'timestamp', 'event_date'],
    ],
  ] as const)('gives every %s exactly the documented fields, in order', (type, fields) => {
    for (const event of generate({ type, count: 200 })) {
      expect(Object.keys(event)).toEqual(fields);
    }
  });

  it.each([
    ['order', { order_id: /^order-[a-z0-9]{10}$/, customer_id: /^customer-\d+$/, currency: /^[A-Z]{3}$/ }],
    [
      'inventory',
      { inventory_id: /^inv-[a-z0-9]{10}$/, product_id: /^prod-\d+$/, warehouse_id: /^wh-[a-z-]+$/ },
    ],
    ['user_activity', { user_id: /^user-\d+$/, session_id: /^sess-[a-z0-9]{12}$/, page_url: /^\// }],
  ] as const)('gives %s ids of the documented look', (type, patterns) => {
    for (const event of generate({ type, count: 100 })) {
      const fields = new Map<string, unknown>(Object.entries(event));
      for (const [field, pattern] of Object.entries(patterns)) {
        expect(fields.get(field)).toMatch(pattern);
      }
    }
  });

  it('sums the items of an order to the cent', () => {
    for (const event of generate({ type: 'order', count: 500 })) {
      const cents =
        event.event_type === 'order' ? event.items.map((item) => item.quantity * item.unit_price.cents) : [];

      expect(event).toMatchObject({ total_amount: { cents: cents.reduce((sum, value) => sum + value, 0) } });
    }
  });

  it('changes stock by whole, non-zero amounts: out for sales, in for restocking', () => {
    for (const event of generate({ type: 'inventory', count: 500 })) {
      const change = event.event_type === 'inventory' ? event.quantity_change : 0;

      expect(Number.isInteger(change) && change !== 0).toBe(true);
      if (event.event_type === 'inventory' && ['sale', 'restock'].includes(event.reason)) {
        expect(change < 0).toBe(event.reason === 'sale');
      }
    }
  });

  it('shows every type among the first four events of a mix', () => {
    const types = new Set(generate({ count: 4 }).map((event) => event.event_type));

    expect([...types].sort()).toEqual([...EVENT_TYPES].sort());
  });

  it('gives the same product the same name and price in every order', () => {
    const seen = new Map<string, string>();
    for (const event of generate({ type: 'order', count: 500 })) {
      for (const item of event.event_type === 'order' ? event.items : []) {
        const product = `${item.name} ${item.unit_price.toLiteral()}`;
        expect(seen.get(item.product_id) ?? product).toBe(product);
        seen.set(item.product_id, product);
      }
    }
  });

  it('gives no id twice in ten thousand orders', () => {
    const ids = new Set<string>();
    for (const event of generate({ type: 'order', count: 10_000 })) {
      ids.add(event.event_type === 'order' ? event.order_id : '');
    }

    expect(ids.size).toBe(10_000);
  });

  it('is the same for the same request', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        expect(write(generate(request))).toEqual(write(generate(request)));
      }),
    );
  });

  it('depends on the index alone: a longer batch begins with the shorter one', () => {
    fc.assert(
      fc.property(anyRequest, fc.integer({ min: 1, max: 30 }), (request, more) => {
        const longer = write(generate({ ...request, count: request.count + more }));

        expect(longer.slice(0, request.count)).toEqual(write(generate(request)));
      }),
    );
  });

  it('differs with the seed', () => {
    fc.assert(
      fc.property(anyRequest, fc.integer({ min: 0, max: MAX_SEED }), (request, other) => {
        fc.pre(other !== request.seed);

        expect(write(generate({ ...request, seed: other }))).not.toEqual(write(generate(request)));
      }),
    );
  });

  it('writes times in whole seconds of UTC within the hour before, and the day of that time', () => {
    fc.assert(
      fc.property(anyRequest, (request) => {
        for (const event of generate({ ...request, until: instantOfSeed(request.seed) })) {
          const time = event.event_type === 'order' ? event.order_date : event.timestamp;
          const ageMs = instantOfSeed(request.seed).getTime() - Date.parse(time);

          expect(time).toMatch(TIMESTAMP);
          expect(event.event_date).toBe(time.slice(0, 10));
          expect(ageMs >= 0 && ageMs < 3_600_000).toBe(true);
        }
      }),
    );
  });
});
