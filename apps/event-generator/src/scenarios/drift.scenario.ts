import { rowMessage, type Scenario } from './scenario.js';

/** Events between two releases of the producer. */
const EVENTS_PER_RELEASE = 5;
/** A field is sent for this many releases, then dropped. */
const LIFETIME_RELEASES = 4;

/** A producer that releases often: every few events a field is added, and an old one is no longer sent. */
export const drift: Scenario = {
  name: 'drift',
  summary: 'Every fifth event adds a new field; fields of four releases ago are no longer sent.',
  outcome: 'A column for each field, and every value in it.',
  messageAt(faker, index) {
    const release = Math.floor(index / EVENTS_PER_RELEASE);
    const fields: Record<string, unknown> = {
      event_type: 'scenario_drift',
      order_id: faker.string.alphanumeric(10),
      release,
    };
    for (let age = 0; age < LIFETIME_RELEASES && age <= release; age += 1) {
      const added = release - age;
      fields[`field_${added}`] = valueOf(added, faker.number.int({ min: 1, max: 1_000_000 }));
    }
    return rowMessage(JSON.stringify(fields));
  },
};

function valueOf(release: number, value: number): unknown {
  switch (release % 5) {
    case 0:
      return value;
    case 1:
      return `value ${value}`;
    case 2:
      return value % 2 === 0;
    case 3:
      return { code: `c-${value}`, count: value };
    default:
      return [value, value + 1];
  }
}
