import type { Faker } from '@faker-js/faker';
import { PRODUCT_COUNT, productAt } from './catalog.js';
import type { UserActivityEvent } from './event.js';
import { toDay, toTimestamp } from './instants.js';

const USERS = 20_000;

const ACTIVITIES = [
  { weight: 10, value: 'page_view' },
  { weight: 3, value: 'search' },
  { weight: 3, value: 'add_to_cart' },
  { weight: 1, value: 'remove_from_cart' },
  { weight: 1, value: 'checkout' },
  { weight: 1, value: 'login' },
] as const;

/** Creates one action of a visitor from faker's current state, on a page where that action happens. */
export function createUserActivity(faker: Faker, at: Date): UserActivityEvent {
  const activity = faker.helpers.weightedArrayElement(ACTIVITIES);
  return {
    event_type: 'user_activity',
    user_id: `user-${faker.number.int({ min: 1, max: USERS })}`,
    session_id: `sess-${faker.string.alphanumeric({ length: 12, casing: 'lower' })}`,
    activity_type: activity,
    page_url: createPageUrl(faker, activity),
    timestamp: toTimestamp(at),
    event_date: toDay(at),
  };
}

function createPageUrl(faker: Faker, activity: (typeof ACTIVITIES)[number]['value']): string {
  const product = productAt(faker.number.int({ min: 0, max: PRODUCT_COUNT - 1 }));
  switch (activity) {
    case 'page_view':
      return faker.helpers.arrayElement([`/products/${product.productId}`, '/', '/deals', '/account/orders']);
    case 'search':
      return `/search?q=${encodeURIComponent(product.name.toLowerCase())}`;
    case 'add_to_cart':
      return `/products/${product.productId}`;
    case 'remove_from_cart':
      return '/cart';
    case 'checkout':
      return '/checkout';
    case 'login':
      return '/login';
  }
}
