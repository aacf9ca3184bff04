import { pause } from '@pipeline/cli';
import { SCENARIO_ATTRIBUTE } from '../harness/gather-evidence.js';
import type { ReplicatedPipeline } from '../harness/replicated-pipeline.js';
import { seeded, wholeBetween } from '../harness/seeded.js';
import { HOSTILE_SHAPES } from './hostile-shapes.js';

/** The name of the scenario, and of the messages of the worst producer. */
export const HOSTILE = 'hostile';
const GOOD_PRODUCERS = 9;
/** Between two hostile messages, and between two events of one good producer. */
const HOSTILE_EVERY_MS = 2_000;
const GOOD_EVERY_MS = 250;
/** Fields that the events of one good producer have in turn. */
const GOOD_FIELDS = 12;
/** `n` of a good producer's first event beside hostile messages. */
export const FIRST_N_BESIDE_HOSTILE = GOOD_FIELDS;
/** The run begins after so long even if the first events are not all rows. */
const MAX_WARM_UP_MS = 120_000;
const WARM_UP_LOOK_MS = 500;
/** Sizes of hostile messages, in bytes. Pub/Sub takes 10 MB at most, attributes included. */
export const SIZES = { smallest: 4_000_000, largest: 9_900_000 };
/** Sizes of a run of seconds, which is part of npm test. */
const SHORT_SIZES = { smallest: 200_000, largest: 800_000 };
const SHORT_SECONDS = 20;

/** The event type, and so the table, of a good producer. */
export function goodTypes(): string[] {
  return Array.from({ length: GOOD_PRODUCERS }, (_unused, index) => `good_${index + 1}`);
}

/**
 * Nine good producers publish small events at a steady rate, while one producer publishes every hostile shape in turn.
 *
 * Hostile messages begin when the first events of the good producers are rows, so that the start of a pipeline, and of a Java
 * process above all, is not part of what is measured. At least one message of each shape is published, whatever the duration.
 * @returns scenario → messages published
 */
export async function publishHostile(
  pipeline: ReplicatedPipeline,
  { durationSeconds, seed }: { readonly durationSeconds: number; readonly seed: number },
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (published: number) => void },
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let isOver = false;
  const publish = async (
    scenario: string,
    message: { readonly data: Buffer | string; readonly attributes?: Readonly<Record<string, string>> },
    expected: string,
  ): Promise<void> => {
    const attributes = { ...message.attributes, [SCENARIO_ATTRIBUTE]: scenario, expected };
    await pipeline.publish({ data: message.data, attributes });
    counts.set(scenario, (counts.get(scenario) ?? 0) + 1);
    onProgress([...counts.values()].reduce((sum, count) => sum + count, 0));
  };
  const publishGood = (type: string, producer: number, n: number): Promise<void> =>
    publish(type, { data: JSON.stringify(goodEvent(type, producer, n)) }, 'row');
  for (let n = 0; n < GOOD_FIELDS; n++)
    await Promise.all(goodTypes().map((type, producer) => publishGood(type, producer, n)));
  await awaitRows(pipeline, GOOD_PRODUCERS * GOOD_FIELDS, signal);
  const good = goodTypes().map(async (type, producer) => {
    for (let n = FIRST_N_BESIDE_HOSTILE; !isOver && !signal.aborted; n++) {
      await publishGood(type, producer, n);
      await pause(GOOD_EVERY_MS, signal);
    }
  });
  await publishShapes({ durationSeconds, seed, signal, publish });
  isOver = true;
  await Promise.all(good);
  return counts;
}

function goodEvent(type: string, producer: number, n: number): Readonly<Record<string, unknown>> {
  return {
    event_type: type,
    n,
    name: `event ${n}`,
    price: n / 100,
    [`field_${n % GOOD_FIELDS}`]: producer,
  };
}

/** Waits until the tables of the good producers have so many rows. */
async function awaitRows(
  { sql, tables }: Pick<ReplicatedPipeline, 'sql' | 'tables'>,
  expected: number,
  signal: AbortSignal,
): Promise<void> {
  const deadlineMs = performance.now() + MAX_WARM_UP_MS;
  while (!signal.aborted && performance.now() < deadlineMs) {
    const present = new Set((await tables.listTables()).map(({ tableId }) => tableId));
    const types = goodTypes();
    if (types.every((type) => present.has(type))) {
      const counts = types.map((type) => `SELECT COUNT(DISTINCT _message_id) AS c FROM ${sql.name(type)}`);
      let rows = 0;
      for await (const { c } of sql.rows({ sql: counts.join(' UNION ALL ') })) rows += Number(c);
      if (rows >= expected) return;
    }
    await pause(WARM_UP_LOOK_MS, signal);
  }
}

async function publishShapes({
  durationSeconds,
  seed,
  signal,
  publish,
}: {
  readonly durationSeconds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly publish: (
    scenario: string,
    message: { readonly data: Buffer; readonly attributes?: Readonly<Record<string, string>> },
    expected: string,
  ) => Promise<void>;
}): Promise<void> {
  const random = seeded(seed);
  const { smallest, largest } = durationSeconds <= SHORT_SECONDS ? SHORT_SIZES : SIZES;
  const shapes = Object.values(HOSTILE_SHAPES);
  const rounds = Math.max(shapes.length, Math.floor((durationSeconds * 1_000) / HOSTILE_EVERY_MS));
  const everyMs = (durationSeconds * 1_000) / rounds;
  for (let index = 0; index < rounds && !signal.aborted; index++) {
    const startedAtMs = performance.now();
    const shape = shapes[index % shapes.length];
    if (shape === undefined) return;
    await publish(HOSTILE, shape(wholeBetween(random, smallest, largest), index), 'any');
    await pause(Math.max(0, everyMs - (performance.now() - startedAtMs)), signal);
  }
}
