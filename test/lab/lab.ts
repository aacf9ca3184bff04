import { ensureDataflowJob } from '@pipeline/cli';
import type { BooksCounts, DeepAudit, Span } from '@pipeline/books';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { awaitStillness, type Stillness } from '../harness/await-stillness.js';
import { examine } from '../harness/examine.js';
import { planFaults, type PlannedFault } from '../harness/fault-plan.js';
import { FaultThrower, type Thrown } from '../harness/fault-thrower.js';
import { measureColumnTimes, type ColumnTimes } from '../harness/gather-evidence.js';
import type { Judgement } from '../harness/judge.js';
import { slownessOfMachine } from '../harness/slowness.js';
import type { Delivery, LabOptions, Sabotage } from './lab.options.js';
import { ReplicatedPipeline, type Preload } from '../harness/replicated-pipeline.js';
import { measureGoodEvents, type GoodEvents } from './measure-good-events.js';
import { FIRST_N_BESIDE_HOSTILE, goodTypes, HOSTILE, publishHostile } from './publish-hostile.js';
import { publishScenarios } from './publish-scenarios.js';
import { planRestless, Restless, RESTLESS_ENVIRONMENT, type RestlessResult } from './restless.js';
import { RESTLESS } from './restless-events.js';

/** The result of one run of the lab. */
export interface LabResult extends Judgement {
  readonly delivery: Delivery;
  readonly seed: number;
  readonly durationSeconds: number;
  readonly replicas: number;
  readonly sabotage: Sabotage | null;
  readonly thrown: Thrown;
  readonly books: BooksCounts;
  readonly deep: Pick<DeepAudit, 'rows' | 'leaves' | 'altered'>;
  readonly columnTimes: ColumnTimes | null;
  /** Times of the good producers in the hostile scenario; null in others. */
  readonly goodEvents: GoodEvents | null;
  /** Times of rows and values in the restless scenario; null in others. */
  readonly restless: RestlessResult | null;
  /** Problems of the run itself: a service that ended by itself, or messages still in progress. */
  readonly failures: readonly string[];
  /** Folder of the services' logs; null after a run that passed. */
  readonly logDirectory: string | null;
  readonly passed: boolean;
}

/** Callbacks for progress. */
export interface LabListener {
  readonly signal: AbortSignal;
  /** Called when a phase of the run begins. */
  onStep(text: string): void;
  /** Called often with the progress of the phase. */
  onProgress(text: string): void;
  onLine?: (service: string, line: string) => void;
}

const MARGIN_MS = 60_000;
/** The heap of a deployed replica: docker/table-manager.Dockerfile. */
const DEPLOYED_NODE_OPTIONS = '--max-semi-space-size=16 --max-old-space-size=512';

/** Publishes, throws faults, removes them, waits until nothing is in progress, and audits: once for each delivery mode. */
export async function runLab(options: LabOptions, listener: LabListener): Promise<LabResult[]> {
  if (options.deliveries.includes('dataflow')) await ensureDataflowJob();
  const results: LabResult[] = [];
  for (const delivery of options.deliveries) {
    if (listener.signal.aborted) break;
    results.push(await runOnce(delivery, options, listener));
  }
  return results;
}

async function runOnce(delivery: Delivery, options: LabOptions, listener: LabListener): Promise<LabResult> {
  const logDirectory = join(await mkdtemp(join(tmpdir(), 'pipeline-lab-')), delivery);
  await mkdir(logDirectory);
  listener.onStep(`${delivery}: starting the local cloud and ${options.replicas} replicas`);
  const startedAt = new Date();
  const { onLine } = listener;
  const isHostile = options.scenarios.includes(HOSTILE);
  const pipeline = await ReplicatedPipeline.start({
    delivery,
    replicas: options.replicas,
    ...(options.sabotage === undefined ? {} : { preload: sabotagePreload(options.sabotage) }),
    ...(isHostile ? { environment: { NODE_OPTIONS: DEPLOYED_NODE_OPTIONS } } : {}),
    ...(options.scenarios.includes(RESTLESS) ? { environment: RESTLESS_ENVIRONMENT } : {}),
    logDirectory,
    // Hundreds of messages of up to 10 MB: DuckDB reads 2,048 values of a column at a time.
    ...(isHostile ? { queryMemoryMib: Math.floor((totalmem() / 1_048_576) * 0.7) } : {}),
    ...(onLine === undefined ? {} : { onLine }),
  });
  try {
    const result = await experiment(pipeline, { delivery, options, listener, startedAt, logDirectory });
    if (result.passed || listener.signal.aborted) await rm(join(logDirectory, '..'), { recursive: true });
    return result.passed ? { ...result, logDirectory: null } : result;
  } finally {
    await pipeline.stop();
  }
}

async function experiment(
  pipeline: ReplicatedPipeline,
  {
    delivery,
    options,
    listener,
    startedAt,
    logDirectory,
  }: {
    readonly delivery: Delivery;
    readonly options: LabOptions;
    readonly listener: LabListener;
    readonly startedAt: Date;
    readonly logDirectory: string;
  },
): Promise<LabResult> {
  const { seed, durationSeconds, replicas, sabotage = null } = options;
  const { signal } = listener;
  const begin = (text: string): void => {
    listener.onStep(`${delivery}: ${text}`);
  };
  const report = (text: string): void => {
    listener.onProgress(`${delivery}: ${text}`);
  };
  const thrower = new FaultThrower({
    bigqueryUrl: pipeline.cloud.urls.bigquery,
    balancer: pipeline.balancer,
    replicas: pipeline.replicas,
  });
  const isHostile = options.scenarios.includes(HOSTILE);
  const listen = {
    signal,
    onProgress: (count: number): void => {
      report(`${count} messages published`);
    },
  };
  const restless = options.scenarios.includes(RESTLESS) ? new Restless(pipeline, options, signal) : null;
  await restless?.begin();
  const publish = (): Promise<ReadonlyMap<string, number>> => {
    if (restless !== null) return restless.publish(listen.onProgress);
    return isHostile
      ? publishHostile(pipeline, options, listen)
      : publishScenarios(pipeline.eventGeneratorUrl, options, listen);
  };
  const [published] = await Promise.all([publish(), thrower.throwAll(planOf(options), signal)]);
  const slowness = await slownessOfMachine();
  begin('healing');
  const thrown = await thrower.heal();
  const total = [...published.values()].reduce((sum, count) => sum + count, 0);
  const span: Span = {
    from: new Date(startedAt.getTime() - MARGIN_MS),
    to: new Date(Date.now() + MARGIN_MS),
  };
  const takeBooks = (): Promise<Stillness> =>
    awaitStillness(
      pipeline.sql,
      {
        span,
        published: total,
        balancer: pipeline.balancer,
        patienceMs: options.patienceSeconds * 1_000,
        endsWithDeliveries: delivery === 'direct',
      },
      {
        signal,
        onProgress: ({ received, rows, deadLetters, unaccounted }) => {
          report(
            `${received} received, ${rows} rows, ${deadLetters} dead letters, ${unaccounted} unaccounted`,
          );
        },
        onFailure: (error) => {
          report(
            `the audit failed and is repeated: ${error instanceof Error ? error.message : String(error)}`,
          );
        },
      },
    );
  await restless?.settle((count) => {
    report(`${count} messages have their values in columns`);
  });
  let { isStill, totals } = await takeBooks();
  const settled = (await restless?.finish()) ?? null;
  // Promotion must not change the books.
  if (settled !== null) ({ isStill, totals } = await takeBooks());
  begin('rebuilding every value and comparing every message with its expectation');
  const { deep, ...judgement } = await examine(pipeline, {
    span,
    published,
    signal,
    onProgress: (count) => {
      report(`${count} rows rebuilt`);
    },
  });
  const failures = [
    ...pipeline.replicas.crashes,
    ...(settled?.findings ?? []),
    ...(isStill || totals.unaccounted > 0 ? [] : ['deliveries were still under way when patience ended']),
  ];
  const goodEvents = isHostile
    ? await measureGoodEvents(pipeline.sql, goodTypes(), FIRST_N_BESIDE_HOSTILE)
    : null;
  if (goodEvents !== null && goodEvents.p99Ms > options.maxP99Ms * slowness)
    failures.push(
      `the good producers' events took ${goodEvents.p99Ms} ms at the 99th percentile: at most ${options.maxP99Ms} ms on an idle machine, which is ${slowness.toFixed(1)} times as fast`,
    );
  const isRight = judgement.problems.length === 0 && failures.length === 0;
  return {
    ...judgement,
    delivery,
    seed,
    durationSeconds,
    replicas,
    sabotage,
    thrown,
    books: totals,
    deep,
    columnTimes: await measureColumnTimes(pipeline.sql),
    goodEvents,
    restless: settled,
    failures,
    logDirectory,
    passed: isRight && totals.unaccounted === 0 && deep.altered === 0 && !signal.aborted,
  };
}

/** Hostile producers get a healthy cloud: what fails is theirs. */
function planOf({ scenarios, seed, durationSeconds, replicas }: LabOptions): PlannedFault[] {
  if (scenarios.includes(HOSTILE)) return [];
  const run = { seed, durationMs: durationSeconds * 1_000, replicas };
  return scenarios.includes(RESTLESS) ? planRestless(run) : planFaults(run);
}

/** The module that puts the bug into table-manager, and the variable that names it. */
function sabotagePreload(sabotage: Sabotage): Preload {
  return {
    module: new URL('./sabotage.js', import.meta.url).href,
    environment: { LAB_SABOTAGE: sabotage },
  };
}
