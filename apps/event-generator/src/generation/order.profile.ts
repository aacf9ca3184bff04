import type { Faker } from '@faker-js/faker';
import { PRODUCT_COUNT, productAt } from './catalog.js';
import type { OrderEvent, OrderItem } from './event.js';
import { toDay, toTimestamp } from './instants.js';
import { Money } from './money.js';

const MAX_ITEMS = 5;
const CUSTOMERS = 5_000;

/** Creates one order from faker's current state: one to five different products, mostly one piece of each. */
export function createOrder(faker: Faker, at: Date): OrderEvent {
  const items = createItems(faker);
  return {
    event_type: 'order',
    order_id: `order-${faker.string.alphanumeric({ length: 10, casing: 'lower' })}`,
    customer_id: `customer-${faker.number.int({ min: 1, max: CUSTOMERS })}`,
    order_date: toTimestamp(at),
    status: faker.helpers.weightedArrayElement([
      { value: 'pending', weight: 5 },
      { value: 'confirmed', weight: 3 },
      { value: 'shipped', weight: 2 },
      { value: 'delivered', weight: 2 },
      { value: 'cancelled', weight: 1 },
    ]),
    items,
    total_amount: items.reduce((sum, item) => sum.plus(item.unit_price.times(item.quantity)), new Money(0)),
    currency: faker.helpers.weightedArrayElement([
      { value: 'USD', weight: 8 },
      { value: 'EUR', weight: 2 },
      { value: 'GBP', weight: 1 },
    ]),
    event_date: toDay(at),
  };
}

function createItems(faker: Faker): OrderItem[] {
  const count = faker.number.int({ min: 1, max: MAX_ITEMS });
  const positions = faker.helpers.uniqueArray(
    () => faker.number.int({ min: 0, max: PRODUCT_COUNT - 1 }),
    count,
  );
  return positions.map((position) => {
    const product = productAt(position);
    return {
      product_id: product.productId,
      name: product.name,
      category: product.category,
      quantity: faker.helpers.weightedArrayElement([
        { value: 1, weight: 7 },
        { value: 2, weight: 2 },
        { value: faker.number.int({ min: 3, max: 12 }), weight: 1 },
      ]),
      unit_price: product.unitPrice,
    };
  });
}
