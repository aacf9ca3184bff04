import { en, Faker } from '@faker-js/faker';
import { createRandomizer } from '../generation/randomizer.js';
import { drift } from './drift.scenario.js';
import { duplicates } from './duplicates.scenario.js';
import { huge } from './huge.scenario.js';
import { keyExplosion } from './key-explosion.scenario.js';
import { nestedGrowth } from './nested-growth.scenario.js';
import { poison } from './poison.scenario.js';
import { precision } from './precision.scenario.js';
import { SCENARIO_NAMES, type HostileMessage, type Scenario, type ScenarioName } from './scenario.js';
import { typeFlip } from './type-flip.scenario.js';
import { unicodeKeys } from './unicode-keys.scenario.js';
import { webhooks } from './webhooks.scenario.js';

/** Every scenario by its name. */
export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  drift,
  'type-flip': typeFlip,
  'nested-growth': nestedGrowth,
  'key-explosion': keyExplosion,
  poison,
  duplicates,
  precision,
  'unicode-keys': unicodeKeys,
  huge,
  webhooks,
};

/** A request for messages of a scenario. */
export interface ScenarioRequest {
  readonly name: ScenarioName;
  /** Index of the first message. */
  readonly from: number;
  readonly count: number;
  /** 0 to 4,294,967,295. */
  readonly seed: number;
}

/** Offset that separates the seeds of scenarios from those of event types, which start at 0. */
const FIRST_STREAM = 100;

/**
 * Generates messages one by one; the same request always gives the same ones. Each depends only on name, seed and index.
 *
 * Shape: `{name: 'poison', from: 0, count: 2, seed: 7}` → a message of broken bytes, then a valid event.
 */
export function* scenarioMessages(request: ScenarioRequest): Generator<HostileMessage, void, undefined> {
  const faker = new Faker({ locale: en, randomizer: createRandomizer() });
  const scenario = SCENARIOS[request.name];
  const stream = FIRST_STREAM + SCENARIO_NAMES.indexOf(request.name);
  for (let index = request.from; index < request.from + request.count; index += 1) {
    faker.seed([request.seed, stream, index]);
    yield scenario.messageAt(faker, index);
  }
}
