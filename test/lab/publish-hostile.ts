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
 * At least one message of each shape is published, whatever the duration.
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
  const good = goodTypes().map(async (type, producer) => {
    for (let n = 0; !isOver && !signal.aborted; n++) {
      const event = {
        event_type: type,
        n,
        name: `event ${n}`,
        price: n / 100,
        [`field_${n % 12}`]: producer,
      };
      await publish(type, { data: JSON.stringify(event) }, 'row');
      await pause(GOOD_EVERY_MS, signal);
    }
  });
  await publishShapes({ durationSeconds, seed, signal, publish });
  isOver = true;
  await Promise.all(good);
  return counts;
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
