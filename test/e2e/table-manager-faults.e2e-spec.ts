import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { Fleet } from './fleet.js';
import { restlessEvents } from './restless-events.js';
import { neverTold, toldChanges, toldTwice } from './told-changes.js';
import { eventTables, findAll } from './whereabouts.js';

/** The long variant: `E2E_LONG=1`; sizes and lags as they are in production. */
const IS_LONG = process.env['E2E_LONG'] === '1';
const COUNT = IS_LONG ? 6_000 : 600;
const FIELDS = IS_LONG ? 60 : 20;
const LAG_MS = IS_LONG ? 20_000 : 3_000;
const KILLS = IS_LONG ? 20 : 2;
/** Every kill has a seed of its own; KILL_SEED repeats a run that failed. */
const KILL_SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 2_147_483_647);
const LIMIT_MS = IS_LONG ? 1_800_000 : 300_000;
const { dataset } = DEFAULT_PIPELINE_NAMES;

let fleet: Fleet;

afterEach(() => fleet.stop(), 60_000);

const events = (from = 0, until = COUNT): (object | string)[] =>
  restlessEvents({ fields: FIELDS, count: COUNT }, from, until);

/**
 * Wait until every message is somewhere, then hold the books against it: each in one place, nothing altered, nothing
 * given up, and the history tells each change once.
 * @param gone messages whose rows somebody deleted
 */
async function expectNothingLost(gone: ReadonlySet<string> = new Set()): Promise<void> {
  const expected = await untilNoneIsMissing(gone);
  const found = await fleet.eventually(() => findAll(fleet.pipeline, fleet.published));
  const wrongPlaces = expected.flatMap((id) => {
    const places = found.places.get(id) ?? [];
    const isJson = isParsable(fleet.published.get(id) ?? '');
    const isRight = places.length === 1 && (places[0] === 'dead_letters') === !isJson;
    return isRight ? [] : [`${id}: ${places.join(', ')}`];
  });
  expect(wrongPlaces).toEqual([]);
  expect(found.alterations).toEqual([]);
  expect(Object.keys(found.overflowReasons).filter((reason) => !isOfTheEvent(reason))).toEqual([]);
  expect(await fleet.areAllAlive()).toBe(true);
}

/** @returns the ids of all messages but those whose rows are gone; each is somewhere */
async function untilNoneIsMissing(gone: ReadonlySet<string> = new Set()): Promise<readonly string[]> {
  const expected = [...fleet.published.keys()].filter((id) => !gone.has(id));
  await fleet.untilNoneIsMissing(async () => {
    const ids = await fleet.pipeline.messageIdsAnywhere(await eventTables(fleet.pipeline));
    return expected.filter((id) => !ids.has(id));
  });
  return expected;
}

/** Reasons that lie in the event and its table; that a change came too late does not. */
function isOfTheEvent(reason: string): boolean {
  return reason === 'TYPE_CONFLICT' || reason === 'NOT_WIDENABLE' || reason === 'MIXED_ARRAY';
}

async function expectHistoryWhole(): Promise<void> {
  await fleet.eventually(async () => {
    expect(await neverTold(fleet.pipeline, await toldChanges(fleet.pipeline))).toEqual([]);
  });
  const changes = await toldChanges(fleet.pipeline);
  expect(toldTwice(changes)).toEqual([]);
  const causeless = changes.filter(
    ({ actor, message_id: id }) => actor !== 'unknown' && !fleet.published.has(id ?? ''),
  );
  expect(causeless).toEqual([]);
}

function isParsable(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('four replicas', () => {
  it(
    'race for the same new fields, and every event is one row of them or one dead letter',
    async () => {
      fleet = await Fleet.start();

      await fleet.publishAll(events());

      await expectNothingLost();
      await expectHistoryWhole();
      expect(fleet.requestCounts.every((count) => count > 0)).toBe(true);
    },
    LIMIT_MS,
  );

  it(
    `write what they know while BigQuery's writers learn of columns ${LAG_MS / 1000} s late`,
    async () => {
      fleet = await Fleet.start();
      await fleet.pipeline.admin('PUT', 'metadata-lag', { milliseconds: LAG_MS });

      await fleet.publishAll(events());

      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    'wait out an exhausted quota and the limit on changes of a table',
    async () => {
      fleet = await Fleet.start();
      await fleet.pipeline.admin('PUT', 'metadata-rate-limit', { enabled: true });
      await fleet.publishAll(events(0, COUNT / 3));
      for (const method of ['tables.get', 'tables.patch', 'AppendRows']) {
        await fleet.pipeline.admin('POST', 'faults', { method, quota: true, times: 60 });
      }

      await fleet.publishAll(events(COUNT / 3));

      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    'get through while 30 % of all calls to BigQuery fail with 503',
    async () => {
      fleet = await Fleet.start();
      await fleet.pipeline.admin('POST', 'faults', { method: '*', rate: 0.3, error: { code: 503 } });

      await fleet.publishAll(events());

      await untilNoneIsMissing();
      await fleet.pipeline.admin('DELETE', 'faults');
      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    `lose nothing when one of them is killed at any moment, ${KILLS} times`,
    async () => {
      console.log(`KILL_SEED=${KILL_SEED}`);
      fleet = await Fleet.start();
      const random = seeded(KILL_SEED);
      const chunk = Math.ceil(COUNT / KILLS);
      for (let kill = 0; kill < KILLS; kill++) {
        const published = fleet.publishAll(events(kill * chunk, Math.min(COUNT, (kill + 1) * chunk)));
        await fleet.arrivals(Math.floor(random() * chunk));
        await fleet.killAndReplace(Math.floor(random() * fleet.size));
        await published;
      }

      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    'make a deleted table again, take a widened one as it is, and keep every later event',
    async () => {
      fleet = await Fleet.start();
      await fleet.publishAll(events(0, COUNT / 2));
      await expectNothingLost();
      const gone = await idsIn('ticket');
      await fleet.pipeline.bigquery.dataset(dataset).table('ticket').delete();

      const published = fleet.publishAll(events(COUNT / 2));
      await fleet.pipeline.query(
        `ALTER TABLE \`${dataset}.invoice\` ADD COLUMN by_hand STRING, ADD COLUMN field_${FIELDS - 1} STRING`,
      );
      await fleet.pipeline.query(
        `ALTER TABLE \`${dataset}.sensor\` ALTER COLUMN amount SET DATA TYPE BIGNUMERIC`,
      );
      await published;

      await expectNothingLost(gone);
      expect(await eventTables(fleet.pipeline)).toContain('ticket');
      const changes = await fleet.eventually(async () => {
        const told = await toldChanges(fleet.pipeline);
        expect(told.map(({ kind }) => kind)).toContain('RECREATE_TABLE');
        return told;
      });
      expect(changes.filter(({ kind }) => kind === 'RECREATE_TABLE')).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

async function idsIn(table: string): Promise<ReadonlySet<string>> {
  return fleet.pipeline.messageIds(table);
}

/** Park–Miller: the same moments for the same seed. @returns numbers in [0, 1) */
function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
