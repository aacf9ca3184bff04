import { en, Faker } from '@faker-js/faker';
import { EVENT_TYPES, type EventType, type GeneratedEvent } from './event.js';
import { createInventoryChange } from './inventory.profile.js';
import { createOrder } from './order.profile.js';
import { createRandomizer } from './randomizer.js';
import { createUserActivity } from './user-activity.profile.js';

/** Largest seed, so that it fits the 32 bits of the random generator. */
export const MAX_SEED = 2 ** 32 - 1;

/** Span of a batch's events before `until`, in seconds: one hour. */
const SPAN_SECONDS = 3_600;

/** The mix, in rotation: ten events are six activities, three orders and one stock change; any four contain all types. */
const MIX: readonly EventType[] = [
  'order',
  'user_activity',
  'inventory',
  'user_activity',
  'user_activity',
  'order',
  'user_activity',
  'user_activity',
  'order',
  'user_activity',
];

/** A request for events. */
export interface GenerationRequest {
  readonly type: EventType | 'mix';
  /** Index of the first event; default 0. */
  readonly from?: number;
  readonly count: number;
  /** 0 to {@link MAX_SEED}. */
  readonly seed: number;
  /** End of the hour that contains the events. */
  readonly until: Date;
}

/**
 * Generates events one by one; the same request always gives the same events.
 *
 * Each event depends only on type, seed, its index and `until`, not on the events before it: the first ten of a
 * thousand equal a batch of ten.
 */
export function* generateEvents(request: GenerationRequest): Generator<GeneratedEvent, void, undefined> {
  const faker = new Faker({ locale: en, randomizer: createRandomizer() });
  const from = request.from ?? 0;
  for (let index = from; index < from + request.count; index += 1) {
    yield createEvent(faker, typeAt(request.type, index), request, index);
  }
}

function typeAt(type: EventType | 'mix', index: number): EventType {
  return type === 'mix' ? (MIX[index % MIX.length] ?? 'order') : type;
}

function createEvent(
  faker: Faker,
  type: EventType,
  request: GenerationRequest,
  index: number,
): GeneratedEvent {
  faker.seed([request.seed, EVENT_TYPES.indexOf(type), index]);
  const at = new Date(request.until.getTime() - faker.number.int({ min: 0, max: SPAN_SECONDS - 1 }) * 1000);
  switch (type) {
    case 'order':
      return createOrder(faker, at);
    case 'inventory':
      return createInventoryChange(faker, at);
    case 'user_activity':
      return createUserActivity(faker, at);
  }
}
