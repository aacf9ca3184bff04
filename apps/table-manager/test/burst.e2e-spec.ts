import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness } from './harness.js';

const EVENTS = 1_200;
const FIELDS = 30;
const CONNECTIONS = 60;

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});

afterAll(async () => {
  await harness.stop();
});

describe('a burst of one new type with fields spread over it, to three instances', () => {
  it('becomes one table with every column and every value, by changes that each add a column', async () => {
    const urls = await Promise.all([1, 2, 3].map(() => harness.startInstance()));
    const queue = Array.from({ length: EVENTS }, (_unused, index) => index);

    await Promise.all(
      Array.from({ length: CONNECTIONS }, async (_unused, connection) => {
        for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
          const url = urls[connection % urls.length] ?? '';
          await harness.deliver(url, { event_type: 'burst', [`f${index % FIELDS}`]: index });
        }
      }),
    );
    const rows = await harness.rows('burst');
    const values = rows.flatMap((row) =>
      Object.entries(row).flatMap(([name, value]) =>
        /^f\d+$/.test(name) && value !== null ? [Number(value)] : [],
      ),
    );

    expect(new Set(rows.map((row) => row['_message_id'])).size).toBe(EVENTS);
    expect(rows.filter((row) => row['_overflow'] !== null)).toEqual([]);
    expect(new Set(values).size).toBe(EVENTS);
    // How many fields a change gathers depends on the machine; none of the three instances makes a needless one.
    expect(harness.patchesOf('burst')).toBeLessThanOrEqual(FIELDS);
  });
});
