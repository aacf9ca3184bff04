import type { Faker } from '@faker-js/faker';
import { rowMessage, type Scenario } from './scenario.js';

/** Deeper than BigQuery's 15 levels of RECORD, so that the depth guard applies. */
const DEEPEST = 18;

/** Records that grow inside: more fields, more levels, and records in arrays that gain fields. */
export const nestedGrowth: Scenario = {
  name: 'nested-growth',
  summary: 'Objects gain levels and fields at every level, also inside arrays, to eighteen levels.',
  outcome: 'Nested columns to fifteen levels of RECORD, JSON from there; every value kept.',
  messageAt(faker, index) {
    const levels = 1 + (index % DEEPEST);
    return rowMessage(
      JSON.stringify({
        event_type: 'scenario_nested_growth',
        sequence: index,
        tree: branch(faker, levels, index),
        lines: Array.from({ length: 1 + (index % 3) }, (_, position) => ({
          position,
          [`detail_${index % 12}`]: { text: faker.word.noun(), [`score_${index % 7}`]: index },
        })),
      }),
    );
  },
};

function branch(faker: Faker, levels: number, index: number): Record<string, unknown> {
  const leaf = { [`leaf_${index % 10}`]: faker.number.int({ min: 0, max: 9_999 }) };
  return levels === 1 ? leaf : { ...leaf, next: branch(faker, levels - 1, index) };
}
