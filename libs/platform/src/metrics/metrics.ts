import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A metric's name and help; names end in their unit or in `_total`. */
export interface MetricDescription {
  readonly name: string;
  readonly help: string;
}

/** Name and version of a service. */
export interface BuildInfo {
  readonly service: string;
  readonly version: string;
}

/** Counts by label values. */
export interface Tally<L extends string> {
  /** Adds one, or `by`; a label that is left out is empty. */
  count(labels: Readonly<Partial<Record<L, string>>>, by?: number): void;
}

/**
 * The metrics of one service, for Prometheus.
 *
 * Shape: `metrics.tally({name: 'pipeline_events_total', help: '…', labels: ['outcome']}).count({outcome: 'stored'})`.
 * Source: Prometheus, metric and label naming; exposition formats, read 2026-11-23.
 */
export class Metrics {
  readonly #registry = new Registry();

  /** Processor time, memory, event loop and garbage collection of this process. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** `pipeline_build_info`, always 1: joins other metrics with the version that wrote them. */
  describeBuild(build: BuildInfo): void {
    const help = 'Name and version of the service';
    const labelNames = ['service', 'version'];
    const gauge = new Gauge({ name: 'pipeline_build_info', help, labelNames, registers: [this.#registry] });
    gauge.set({ ...build }, 1);
  }

  tally<L extends string>(description: MetricDescription & { readonly labels: readonly L[] }): Tally<L> {
    const { name, help, labels } = description;
    const counter = new Counter({ name, help, labelNames: [...labels], registers: [this.#registry] });
    return {
      count: (values, by = 1) => {
        const whole = Object.fromEntries(labels.map((label) => [label, values[label] ?? '']));
        counter.inc(whole as Record<L, string>, by);
      },
    };
  }

  /**
   * A counter that is read when the metrics are, for what happens too often to be counted here each time. `read` returns
   * the counts since the service started, by label values.
   */
  counts<L extends string>(
    description: MetricDescription & {
      readonly labels: readonly L[];
      readonly read: () => Iterable<readonly [Readonly<Record<L, string>>, number]>;
    },
  ): void {
    const { name, help, labels, read } = description;
    const counter = new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const [values, count] of read()) {
          counter.inc({ ...values }, count);
        }
      },
    });
  }

  /** @param buckets upper bounds in the metric's unit, growing */
  histogram(description: MetricDescription & { readonly buckets: readonly number[] }): {
    observe(value: number): void;
  } {
    const { name, help, buckets } = description;
    return new Histogram({ name, help, buckets: [...buckets], registers: [this.#registry] });
  }

  /** A value that is read when the metrics are; left out while it is undefined. */
  gauge(description: MetricDescription & { readonly read: () => number | undefined }): void {
    const { name, help, read } = description;
    const gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: () => {
        const value = read();
        if (value === undefined) {
          gauge.remove();
        } else {
          gauge.set(value);
        }
      },
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in the text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
