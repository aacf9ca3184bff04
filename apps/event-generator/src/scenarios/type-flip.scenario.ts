import type { Faker } from '@faker-js/faker';
import { inTurn, rowMessage, type Scenario } from './scenario.js';

type Kind = (faker: Faker) => string;

const KINDS: readonly [Kind, ...Kind[]] = [
  (faker) => String(faker.number.int({ min: -1_000, max: 1_000 })),
  (faker) => `${faker.number.int({ min: 0, max: 999 })}.25`,
  (faker) => JSON.stringify(faker.word.noun()),
  (faker) => String(faker.datatype.boolean()),
  (faker) => `{"amount":${faker.number.int({ min: 0, max: 99 })},"currency":"EUR"}`,
  (faker) => `[${faker.number.int({ min: 0, max: 9 })},"two",null]`,
  () => '"2024-02-30"',
  () => '"2024-01-15T10:30:00.123456+02:00"',
  () => 'null',
];

/** A field with another kind of value in every event; its first value decides the column. */
export const typeFlip: Scenario = {
  name: 'type-flip',
  summary:
    'One field is a number, a text, a boolean, an object, an array and a date in turn; another widens.',
  outcome:
    'Every event is a row. Integers widen to decimals in place; values that the column cannot hold are exactly in `_overflow`.',
  messageAt(faker, index) {
    const widening = index % 3 === 0 ? String(index) : `${index}.125`;
    return rowMessage(
      `{"event_type":"scenario_type_flip","sequence":${index},"flips":${inTurn(KINDS, index)(faker)},"widens":${widening}}`,
    );
  },
};
