import { DELIVERY_MODES } from '@pipeline/cli';

/** Volume of a scenario. */
interface ScenarioPace {
  /** Messages a minute; `huge` and `key-explosion` weigh a hundred times what others do. */
  readonly perMinute: number;
  /** Minimum messages of a run, so that each kind of the scenario occurs at least once. */
  readonly atLeast: number;
}

/** The hostile streams of event-generator that the lab throws, by name; `webhooks`, which makes 60 tables, is not one. */
export const SCENARIO_PACES: Readonly<Record<string, ScenarioPace>> = {
  drift: { perMinute: 240, atLeast: 40 },
  'type-flip': { perMinute: 240, atLeast: 27 },
  'nested-growth': { perMinute: 90, atLeast: 18 },
  'key-explosion': { perMinute: 30, atLeast: 25 },
  poison: { perMinute: 240, atLeast: 28 },
  duplicates: { perMinute: 240, atLeast: 30 },
  precision: { perMinute: 180, atLeast: 18 },
  'unicode-keys': { perMinute: 60, atLeast: 12 },
  huge: { perMinute: 6, atLeast: 6 },
};

/** Messages a second of a scenario, so that a run of this length has at least one of each kind. */
export function ratePerSecond(scenario: string, durationSeconds: number): number {
  const { perMinute, atLeast } = SCENARIO_PACES[scenario] ?? { perMinute: 60, atLeast: 1 };
  return Math.max(perMinute / 60, atLeast / durationSeconds);
}

/** Writers of rows in a run. */
export type Delivery = (typeof DELIVERY_MODES)[number];

/** Values of `--delivery`. */
export const DELIVERIES = [...DELIVERY_MODES, 'both'] as const;

/**
 * Deliberate bugs that a run must find.
 *
 * `row-dropped`: a row is reported as stored and is not. `value-rounded`: a decimal loses its digits after the point.
 * `dead-letter-swallowed`: a dead letter is reported as published and is not. `duplicate-merged-wrongly`: an event is treated as
 * a duplicate of another, and stored under its message id. `all`: each of them, on different events.
 */
export const SABOTAGES = [
  'row-dropped',
  'value-rounded',
  'dead-letter-swallowed',
  'duplicate-merged-wrongly',
  'all',
] as const;

/** One of {@link SABOTAGES}. */
export type Sabotage = (typeof SABOTAGES)[number];

/** Validated options of `npm run lab`. */
export interface LabOptions {
  readonly scenarios: readonly string[];
  readonly durationSeconds: number;
  readonly seed: number;
  readonly deliveries: readonly Delivery[];
  readonly sabotage?: Sabotage;
  readonly replicas: number;
  /** Seconds without progress after which missing messages count as lost. */
  readonly patienceSeconds: number;
  /** Limit of the good producers' events in the scenario `hostile`, 99th percentile from publishing to row. */
  readonly maxP99Ms: number;
  readonly verbose: boolean;
}
