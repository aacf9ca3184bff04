import type { Faker } from '@faker-js/faker';
import { PRODUCT_COUNT, productAt } from './catalog.js';
import type { InventoryEvent } from './event.js';
import { toDay, toTimestamp } from './instants.js';

const WAREHOUSES = ['wh-us-central', 'wh-us-east', 'wh-us-west', 'wh-eu-west', 'wh-asia-east'];

/** Reasons for stock changes with their frequency and quantity: sales and damage reduce stock, the rest increases it. */
const REASONS = [
  { weight: 6, value: { reason: 'sale', min: -12, max: -1 } },
  { weight: 2, value: { reason: 'restock', min: 10, max: 500 } },
  { weight: 1, value: { reason: 'return', min: 1, max: 3 } },
  { weight: 1, value: { reason: 'damage', min: -5, max: -1 } },
  { weight: 1, value: { reason: 'transfer', min: -50, max: -1 } },
];

/** Creates one stock change from faker's current state. */
export function createInventoryChange(faker: Faker, at: Date): InventoryEvent {
  const { reason, min, max } = faker.helpers.weightedArrayElement(REASONS);
  return {
    event_type: 'inventory',
    inventory_id: `inv-${faker.string.alphanumeric({ length: 10, casing: 'lower' })}`,
    product_id: productAt(faker.number.int({ min: 0, max: PRODUCT_COUNT - 1 })).productId,
    quantity_change: faker.number.int({ min, max }),
    warehouse_id: faker.helpers.arrayElement(WAREHOUSES),
    reason,
    timestamp: toTimestamp(at),
    event_date: toDay(at),
  };
}
