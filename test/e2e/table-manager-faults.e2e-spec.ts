import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awaitStillness } from '../harness/await-stillness.js';
import { evolvingMessages, EVOLVING, type EvolvingMessage } from '../harness/evolving-events.js';
import { examine, overflowReasons } from '../harness/examine.js';
import type { PlannedFault } from '../harness/fault-plan.js';
import { FaultThrower } from '../harness/fault-thrower.js';
import { neverRecorded, recordedChanges, recordedTwice } from '../harness/recorded-changes.js';
import { ReplicatedPipeline } from '../harness/replicated-pipeline.js';
import { eventually } from './eventually.js';

/** The long variant: `E2E_LONG=1`; sizes and lags as they are in production. */
const IS_LONG = process.env['E2E_LONG'] === '1';
const COUNT = IS_LONG ? 6_000 : 600;
const FIELDS = IS_LONG ? 60 : 20;
const LAG_MS = IS_LONG ? 20_000 : 3_000;
const KILLS = IS_LONG ? 20 : 2;
/** Every kill has a seed of its own; KILL_SEED repeats a run that failed. */
const KILL_SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 2_147_483_647);
const LIMIT_MS = IS_LONG ? 1_800_000 : 600_000;
const PATIENCE_MS = 240_000;
const REPLICAS = 4;
const { projectId, dataset } = DEFAULT_PIPELINE_NAMES;
/** More calls than any run makes. */
const ALWAYS = 1_000_000;
/** Reasons that lie in the event and its table; a change that came too late does not. */
const OF_THE_EVENT = ['TYPE_CONFLICT', 'NOT_WIDENABLE', 'MIXED_ARRAY'];

const never = new AbortController().signal;
const startedAt = new Date();
let logDirectory: string;
let pipeline: ReplicatedPipeline;
let thrower: FaultThrower;
let published: Set<string>;

beforeEach(async () => {
  logDirectory = await mkdtemp(join(tmpdir(), 'pipeline-faults-'));
  published = new Set();
  pipeline = await ReplicatedPipeline.start({ delivery: 'direct', replicas: REPLICAS, logDirectory });
  thrower = new FaultThrower({
    bigqueryUrl: pipeline.cloud.urls.bigquery,
    balancer: pipeline.balancer,
    replicas: pipeline.replicas,
  });
}, LIMIT_MS);

afterEach(async () => {
  await pipeline.stop();
  await rm(logDirectory, { recursive: true });
}, 300_000);

const messages = (from = 0, until = COUNT): EvolvingMessage[] =>
  evolvingMessages({ fields: FIELDS, count: COUNT }, from, until);

async function publishAll(all: readonly EvolvingMessage[]): Promise<void> {
  for (const id of await Promise.all(all.map((message) => pipeline.publish(message)))) published.add(id);
}

/** Throws faults at once, in order. */
const throwNow = (...plan: readonly PlannedFault[]): Promise<void> => thrower.throwAll(plan, never);

const spanOfRun = (): { from: Date; to: Date } => ({
  from: new Date(startedAt.getTime() - 60_000),
  to: new Date(Date.now() + 60_000),
});

/** Waits until every message is a row or a dead letter; `gone` are messages whose rows were deleted on purpose. */
async function untilNoneIsMissing(gone: ReadonlySet<string> = new Set()): Promise<void> {
  const { isStill, totals } = await awaitStillness(
    pipeline.sql,
    {
      span: spanOfRun(),
      published: published.size,
      balancer: pipeline.balancer,
      patienceMs: PATIENCE_MS,
      endsWithDeliveries: false,
      gone: gone.size,
    },
    { signal: never },
  );
  expect({ isStill, unaccounted: totals.unaccounted }).toEqual({ isStill: true, unaccounted: gone.size });
}

/**
 * Waits until every message is somewhere, then judges them: each in one place, nothing altered, every replica alive, and
 * no value in `_overflow` because a change came too late.
 */
async function expectNothingLost(gone: ReadonlySet<string> = new Set()): Promise<void> {
  await untilNoneIsMissing(gone);
  const { problems, deep } = await examine(pipeline, {
    span: spanOfRun(),
    published: new Map([[EVOLVING, published.size]]),
  });
  expect(problems.filter(({ messageId }) => messageId === null || !gone.has(messageId))).toEqual([]);
  expect(deep.altered).toBe(0);
  expect(deep.rows).toBeGreaterThan(0);
  // Promotion moves what landed before its column.
  await eventually(async () => {
    const reasons = await overflowReasons(pipeline.sql);
    expect(reasons.filter((reason) => !OF_THE_EVENT.includes(reason))).toEqual([]);
  }, PATIENCE_MS);
  await pipeline.replicas.allRunning();
  expect(pipeline.replicas.crashes).toEqual([]);
}

async function expectHistoryWhole(): Promise<void> {
  await eventually(async () => {
    expect(await neverRecorded(pipeline, await recordedChanges(pipeline))).toEqual([]);
  }, PATIENCE_MS);
  const changes = await recordedChanges(pipeline);
  expect(recordedTwice(changes)).toEqual([]);
  const causeless = changes.filter(
    ({ actor, messageId }) => actor !== 'unknown' && !published.has(messageId ?? ''),
  );
  expect(causeless).toEqual([]);
}

const arrived = (): number => pipeline.balancer.requestCounts.reduce((sum, count) => sum + count, 0);

/** Waits until so many more requests than now have reached the balancer. */
async function arrivals(count: number): Promise<void> {
  const expected = arrived() + count;
  await eventually(() => {
    expect(arrived()).toBeGreaterThanOrEqual(expected);
    return Promise.resolve();
  }, PATIENCE_MS);
}

describe('four replicas', () => {
  it(
    'race for the same new fields, and every event is one row of them or one dead letter',
    async () => {
      await publishAll(messages());

      await expectNothingLost();
      await expectHistoryWhole();
      expect(pipeline.balancer.requestCounts.every((count) => count > 0)).toBe(true);
    },
    LIMIT_MS,
  );

  it(
    `write what they know while BigQuery's writers learn of columns ${LAG_MS / 1000} s late`,
    async () => {
      await throwNow({ atMs: 0, kind: 'metadata-lag', milliseconds: LAG_MS });

      await publishAll(messages());

      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    'wait out an exhausted quota and the limit on changes of a table',
    async () => {
      await throwNow({ atMs: 0, kind: 'rate-limit' });
      await publishAll(messages(0, COUNT / 3));
      await throwNow(
        { atMs: 0, kind: 'quota', method: 'tables.get', times: 60 },
        { atMs: 0, kind: 'quota', method: 'tables.patch', times: 60 },
        { atMs: 0, kind: 'quota', method: 'AppendRows', times: 60 },
      );

      await publishAll(messages(COUNT / 3));

      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    'get through while 30 % of all calls to BigQuery fail with 503',
    async () => {
      await throwNow({ atMs: 0, kind: 'unavailable', rate: 0.3, times: ALWAYS });

      await publishAll(messages());

      await untilNoneIsMissing();
      await thrower.heal();
      await expectNothingLost();
      await expectHistoryWhole();
    },
    LIMIT_MS,
  );

  it(
    `lose nothing when one of them is killed at any moment, ${KILLS} times`,
    async () => {
      console.log(`KILL_SEED=${KILL_SEED}`);
      const random = seeded(KILL_SEED);
      const chunk = Math.ceil(COUNT / KILLS);
      for (let kill = 0; kill < KILLS; kill++) {
        const publishing = publishAll(messages(kill * chunk, Math.min(COUNT, (kill + 1) * chunk)));
        await arrivals(Math.floor(random() * chunk));
        await throwNow({ atMs: 0, kind: 'kill', replica: Math.floor(random() * REPLICAS) });
        await pipeline.replicas.allRunning();
        await publishing;
      }

      await expectNothingLost();
      await expectHistoryWhole();
      expect(await thrower.heal()).toMatchObject({ kill: KILLS });
    },
    LIMIT_MS,
  );

  it(
    'recreate a deleted table, keep a widened one as it is, and store every later event',
    async () => {
      await publishAll(messages(0, COUNT / 2));
      await expectNothingLost();
      const gone = await idsIn('ticket');
      await deleteTable('ticket');

      const publishing = publishAll(messages(COUNT / 2));
      await execute(
        `ALTER TABLE ${pipeline.sql.name('invoice')} ADD COLUMN by_hand STRING, ADD COLUMN field_${FIELDS - 1} STRING`,
      );
      await execute(
        `ALTER TABLE ${pipeline.sql.name('sensor')} ALTER COLUMN amount SET DATA TYPE BIGNUMERIC`,
      );
      await publishing;

      await expectNothingLost(gone);
      expect(await pipeline.tables.read('ticket')).not.toBeNull();
      const changes = await eventually(async () => {
        const recorded = await recordedChanges(pipeline);
        expect(recorded.map(({ kind }) => kind)).toContain('RECREATE_TABLE');
        return recorded;
      }, PATIENCE_MS);
      expect(changes.filter(({ kind }) => kind === 'RECREATE_TABLE')).toHaveLength(1);
    },
    LIMIT_MS,
  );
});

async function idsIn(table: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  const query = `SELECT DISTINCT _message_id AS id FROM ${pipeline.sql.name(table)}`;
  for await (const { id } of pipeline.sql.rows({ sql: query })) ids.add(id as string);
  return ids;
}

const execute = (sql: string): Promise<void> => pipeline.sql.execute({ sql });

async function deleteTable(table: string): Promise<void> {
  const path = `projects/${projectId}/datasets/${dataset}/tables/${table}`;
  const response = await fetch(`${pipeline.cloud.urls.bigquery}/bigquery/v2/${path}`, { method: 'DELETE' });
  expect(response.status).toBe(204);
}

/** Park–Miller: the same moments for the same seed. @returns numbers in [0, 1) */
function seeded(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state - 1) / 2_147_483_646;
  };
}
