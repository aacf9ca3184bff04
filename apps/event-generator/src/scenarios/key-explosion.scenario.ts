import { rowMessage, type Scenario } from './scenario.js';

const USERS_PER_EVENT = 10;
const FRESH_KEYS_PER_EVENT = 8;
/** Events between two objects with more keys than a record may have. */
const WIDE_EVERY = 25;
const WIDE_KEYS = 400;

/** A producer that uses data as keys. */
export const keyExplosion: Scenario = {
  name: 'key-explosion',
  summary: 'Objects keyed by user id, new keys in every event, and sometimes 400 keys at once.',
  outcome:
    'Objects whose keys are data are JSON columns; a full record and a table without column budget are closed, and later values are in `_overflow`.',
  messageAt(faker, index) {
    const byUser = Object.fromEntries(
      Array.from({ length: USERS_PER_EVENT }, () => [faker.string.uuid(), faker.number.int({ max: 100 })]),
    );
    const fresh = Object.fromEntries(
      Array.from({ length: FRESH_KEYS_PER_EVENT }, (_, position) => [
        `k_${index}_${position}`,
        faker.word.noun(),
      ]),
    );
    const wide =
      index % WIDE_EVERY === WIDE_EVERY - 1
        ? { wide: Object.fromEntries(Array.from({ length: WIDE_KEYS }, (_, key) => [`w${key}`, key])) }
        : {};
    return rowMessage(
      JSON.stringify({
        event_type: 'scenario_key_explosion',
        sequence: index,
        by_user: byUser,
        fresh,
        ...wide,
      }),
    );
  },
};
