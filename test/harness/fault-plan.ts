import { seeded, wholeBetween } from './seeded.js';

/** Disturbances of deliveries by the balancer in front of the replicas. */
const DISTURBANCES = ['answer-lost', 'cut', 'late', 'again'] as const;

/**
 * `answer-lost`: the service's response is dropped, so that Pub/Sub delivers again. `cut`: the connection breaks before
 * the service has the request. `late`: the request is held up, some longer than Pub/Sub waits. `again`: the same request
 * comes a second time, long after its success.
 */
export type Disturbance = (typeof DISTURBANCES)[number];

/** One fault of a run. `times` is how many calls or deliveries it hits. */
export type PlannedFault = { readonly atMs: number } & (
  | { readonly kind: 'metadata-lag'; readonly milliseconds: number }
  | { readonly kind: 'rate-limit' }
  | { readonly kind: 'quota' | 'reset'; readonly method: string; readonly times: number }
  | { readonly kind: 'unavailable'; readonly rate: number; readonly times: number }
  | { readonly kind: 'kill'; readonly replica: number }
  | { readonly kind: Disturbance; readonly times: number; readonly milliseconds: number }
);

/** Every kind of fault, in the order of the result. */
export const FAULT_KINDS = [
  'metadata-lag',
  'rate-limit',
  'quota',
  'unavailable',
  'reset',
  'kill',
  ...DISTURBANCES,
] as const;

type FaultKind = (typeof FAULT_KINDS)[number];

/** Time between two faults if the run is long enough for several rounds. */
const STEP_MS = 3_000;
/** Calls that a fault hits: appends, and changes of tables. */
const METHODS = ['AppendRows', 'tables.patch', 'tables.get'] as const;
const LONGEST_LAG_MS = 10_000;
/** Beyond the ten seconds that Eventarc's subscription waits for an answer. */
const LONGEST_HOLD_MS = 12_000;

/**
 * Plans the faults of a run in rounds; each kind occurs once per round, in shuffled order.
 *
 * Shape: seed 1, 60,000 ms, 3 replicas → about 20 faults over the time of publishing, the same ones for the same seed.
 */
export function planFaults({
  seed,
  durationMs,
  replicas,
}: {
  readonly seed: number;
  readonly durationMs: number;
  readonly replicas: number;
}): PlannedFault[] {
  const random = seeded(seed);
  const stepMs = Math.min(STEP_MS, durationMs / (FAULT_KINDS.length + 1));
  const count = Math.round(durationMs / stepMs) - 1;
  const faults: PlannedFault[] = [];
  for (let round = 0; faults.length < count; round += 1) {
    for (const kind of shuffled(FAULT_KINDS, random).slice(0, count - faults.length)) {
      const atMs = Math.floor((faults.length + 1) * stepMs);
      faults.push(drawFault(kind, atMs, { random, durationMs, replicas, isLagging: round % 2 === 0 }));
    }
  }
  return faults;
}

function drawFault(
  kind: FaultKind,
  atMs: number,
  {
    random,
    durationMs,
    replicas,
    isLagging,
  }: {
    readonly random: () => number;
    readonly durationMs: number;
    readonly replicas: number;
    readonly isLagging: boolean;
  },
): PlannedFault {
  const between = (minimum: number, maximum: number): number => wholeBetween(random, minimum, maximum);
  switch (kind) {
    case 'metadata-lag': {
      const milliseconds = between(500, Math.max(500, Math.min(LONGEST_LAG_MS, durationMs / 3)));
      // Between two lags Pub/Sub gets to send at its full rate again.
      return { atMs, kind, milliseconds: isLagging ? milliseconds : 0 };
    }
    case 'rate-limit':
      return { atMs, kind };
    case 'quota':
    case 'reset':
      return {
        atMs,
        kind,
        method: METHODS[between(0, METHODS.length - 1)] ?? METHODS[0],
        times: between(3, 15),
      };
    case 'unavailable':
      return { atMs, kind, rate: between(2, 6) / 10, times: between(10, 40) };
    case 'kill':
      return { atMs, kind, replica: between(0, replicas - 1) };
    case 'late':
      return { atMs, kind, times: between(2, 6), milliseconds: between(500, LONGEST_HOLD_MS) };
    case 'answer-lost':
    case 'cut':
    case 'again':
      return { atMs, kind, times: between(2, 10), milliseconds: between(500, 8_000) };
  }
}

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  return values
    .map((value) => ({ value, order: random() }))
    .sort((left, right) => left.order - right.order)
    .map(({ value }) => value);
}
