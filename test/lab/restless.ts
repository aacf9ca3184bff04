import { pause } from '@pipeline/cli';
import { planFaults, type PlannedFault } from '../harness/fault-plan.js';
import { SCENARIO_ATTRIBUTE } from '../harness/gather-evidence.js';
import type { ReplicatedPipeline } from '../harness/replicated-pipeline.js';
import { findUnsettled } from './find-unsettled.js';
import { measureGoodEvents } from './measure-good-events.js';
import type { Percentiles } from './percentiles.js';
import { PromotionCalls } from './promotion-calls.js';
import { RESTLESS, RETYPED, restlessEvent, restlessTypes } from './restless-events.js';
import { countMoved, ValueTimes } from './value-times.js';

/** Delay after which BigQuery's writers learn a column. */
const LAG_MS = 120_000;
const EVENT_EVERY_MS = 250;
const FIELD_EVERY_MS = 5_000;
/** New fields of each producer in a run of seconds. */
const LEAST_FIELDS = 6;
const PROMOTION_EVERY_MS = 3_000;
const LOOK_EVERY_MS = 1_000;

/** Environment of the replicas: only the lab's own calls promote every table, as Cloud Scheduler's do. */
export const RESTLESS_ENVIRONMENT = { PROMOTION_INTERVAL_SECONDS: '0' };

/** Times and findings of the scenario. */
export interface RestlessResult {
  /** From publish to row. */
  readonly toRow: Percentiles;
  /** From publish to the last value in its column. */
  readonly toValue: Percentiles;
  readonly rows: number;
  /** Values that promotion and the retype moved to a column. */
  readonly moved: number;
  /** Deliveries beyond the first of each message, those to a replica that was killed included. */
  readonly redelivered: number;
  /** Values that still wait, and what is wrong with the retyped column. */
  readonly findings: readonly string[];
}

/** Writers that are two minutes late from the first event to the last, and the kills of the plan for this seed. */
export function planRestless(options: Parameters<typeof planFaults>[0]): PlannedFault[] {
  const kills = planFaults(options).filter(({ kind }) => kind === 'kill');
  return [{ atMs: 0, kind: 'metadata-lag', milliseconds: LAG_MS }, ...kills];
}

/** Producers that change all the time, a scheduler of promotions, and a retype in the middle. */
export class Restless {
  readonly #calls: PromotionCalls;
  readonly #values: ValueTimes;
  readonly #ending = new AbortController();
  #loops: Promise<unknown> = Promise.resolve();
  #published = 0;
  #isRetyped = false;

  constructor(
    private readonly pipeline: ReplicatedPipeline,
    private readonly options: { readonly durationSeconds: number; readonly patienceSeconds: number },
    private readonly signal: AbortSignal,
  ) {
    this.#calls = new PromotionCalls(pipeline.balancer.url);
    this.#values = new ValueTimes(pipeline.sql, restlessTypes());
  }

  /** Creates the tables: the writers are late with columns, not with whole tables. */
  async begin(): Promise<void> {
    for (const type of restlessTypes()) await this.#publish(type, 0, { share: 0, fields: 0 });
    while (!this.signal.aborted && this.#values.count < this.#published) {
      await pause(LOOK_EVERY_MS, this.signal);
      // The query fails until the last table exists.
      await this.#values.look().catch(() => undefined);
    }
  }

  /** @returns scenario → messages published, those of {@link begin} included */
  async publish(onProgress: (published: number) => void): Promise<ReadonlyMap<string, number>> {
    this.#loops = Promise.all([this.#promote(), this.#look(), this.#retype()]);
    const durationMs = this.options.durationSeconds * 1_000;
    const fields = Math.max(LEAST_FIELDS, Math.floor(durationMs / FIELD_EVERY_MS));
    const startedAtMs = performance.now();
    const producers = restlessTypes().map(async (type) => {
      for (let n = 1; !this.signal.aborted; n++) {
        const share = (performance.now() - startedAtMs) / durationMs;
        if (share >= 1) return;
        await this.#publish(type, n, { share, fields: Math.ceil(share * fields) });
        onProgress(this.#published);
        await pause(EVENT_EVERY_MS, this.signal);
      }
    });
    await Promise.all(producers);
    return new Map([[RESTLESS, this.#published]]);
  }

  /** Waits until every value is in its column, or nothing changes within the patience; then promotions end. */
  async settle(onProgress: (settled: number) => void): Promise<void> {
    await this.#untilPatienceEnds(async () => {
      await pause(LOOK_EVERY_MS, this.signal);
      onProgress(this.#values.count);
      const isSettled = this.#values.count >= this.#published && this.#isRetyped;
      return { isSettled, state: `${this.#values.count} ${this.#isRetyped}` };
    });
    this.#ending.abort();
    await this.#loops;
  }

  /** Promotes everything, as every night, until nothing is left. Call it when no delivery is in progress. */
  async finish(): Promise<RestlessResult> {
    const { sql, balancer } = this.pipeline;
    const deliveries = balancer.requestCounts.reduce((sum, count) => sum + count, 0) - this.#calls.count;
    let findings: readonly string[] = [];
    await this.#untilPatienceEnds(async () => {
      await this.#calls.promote({ scope: 'all' });
      findings = await findUnsettled(this.pipeline, restlessTypes(), RETYPED);
      return { isSettled: findings.length === 0, state: findings.join() };
    });
    const { rows, ...toRow } = await measureGoodEvents(sql, restlessTypes());
    return {
      rows,
      moved: await countMoved(sql),
      toRow,
      toValue: this.#values.times,
      redelivered: deliveries - this.#published,
      findings: [...this.#calls.refusals, ...findings],
    };
  }

  async #promote(): Promise<void> {
    while (!this.#isEnding) {
      await this.#calls.promote();
      await pause(PROMOTION_EVERY_MS, this.#ending.signal);
    }
  }

  async #look(): Promise<void> {
    while (!this.#isEnding) {
      await this.#values.look();
      await pause(LOOK_EVERY_MS, this.#ending.signal);
    }
  }

  /** A replica may be killed at any step: the next call continues. */
  async #retype(): Promise<void> {
    const { signal } = this.#ending;
    await pause(this.options.durationSeconds * 500, signal);
    this.#isRetyped = await this.#calls.insist('retypes', { ...RETYPED, numbersAsText: true }, signal);
  }

  async #publish(type: string, n: number, moment: Parameters<typeof restlessEvent>[2]): Promise<void> {
    const attributes = { [SCENARIO_ATTRIBUTE]: RESTLESS, expected: 'row' };
    await this.pipeline.publish({ data: JSON.stringify(restlessEvent(type, n, moment)), attributes });
    this.#published += 1;
  }

  async #untilPatienceEnds(
    step: () => Promise<{ readonly isSettled: boolean; readonly state: string }>,
  ): Promise<void> {
    let last = '';
    let changedAtMs = performance.now();
    while (!this.signal.aborted) {
      const { isSettled, state } = await step();
      if (isSettled) return;
      if (state !== last) changedAtMs = performance.now();
      last = state;
      if (performance.now() - changedAtMs > this.options.patienceSeconds * 1_000) return;
    }
  }

  get #isEnding(): boolean {
    return this.#ending.signal.aborted || this.signal.aborted;
  }
}
