import { en, Faker } from '@faker-js/faker';
import { Money } from './money.js';

/** A product of the shop; the same id always has the same name, category and price. */
export interface Product {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly unitPrice: Money;
}

/** Number of products of the shop, `prod-100` to `prod-599`. */
export const PRODUCT_COUNT = 500;

const FIRST_PRODUCT = 100;
const CATALOG_SEED = 20_240_115;

const catalog = createCatalog();

/** The product at a position; positions beyond the catalog wrap around. */
export function productAt(position: number): Product {
  const product = catalog[position % PRODUCT_COUNT];
  if (product === undefined) {
    throw new RangeError(`There is no product at position ${position}`);
  }
  return product;
}

function createCatalog(): readonly Product[] {
  const faker = new Faker({ locale: en, seed: CATALOG_SEED });
  return Array.from({ length: PRODUCT_COUNT }, (_, index) => ({
    productId: `prod-${FIRST_PRODUCT + index}`,
    name: faker.commerce.productName(),
    category: faker.commerce.department(),
    unitPrice: new Money(
      faker.number.int({ min: 2, max: 250 }) * 100 + faker.helpers.arrayElement([0, 49, 95, 99]),
    ),
  }));
}
