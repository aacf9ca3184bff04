import type { Faker } from '@faker-js/faker';

/** The hostile streams, by the names of their routes. */
export const SCENARIO_NAMES = [
  'drift',
  'type-flip',
  'nested-growth',
  'key-explosion',
  'poison',
  'duplicates',
  'precision',
  'unicode-keys',
  'huge',
] as const;

/** One of {@link SCENARIO_NAMES}. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/**
 * What the pipeline owes a message: a row, or a dead letter with one of its codes. Every message carries it in the
 * attribute `expected`, so that a dead letter or a row shows by itself whether it is the right one.
 */
export type ExpectedOutcome =
  | 'row'
  | 'NOT_UTF8'
  | 'TOO_DEEP'
  | 'NOT_JSON'
  | 'DUPLICATE_KEY'
  | 'KEY_NOT_UNICODE'
  | 'NOT_AN_OBJECT'
  | 'EVENT_TYPE_MISSING'
  | 'EVENT_TYPE_INVALID'
  | 'TOO_LARGE';

/** One message of a scenario: bytes as they are published, which need not be JSON. */
export interface HostileMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly expected: ExpectedOutcome;
}

/** A stream that tries to break the pipeline. A message follows from the state of `faker` and its index alone. */
export interface Scenario {
  readonly name: ScenarioName;
  /** What it throws. */
  readonly summary: string;
  /** What must come of it. */
  readonly outcome: string;
  readonly messageAt: (faker: Faker, index: number) => HostileMessage;
}

/** A message that must become a row; `json` is published as it is written, so that literals are under control. */
export function rowMessage(json: string, attributes: Readonly<Record<string, string>> = {}): HostileMessage {
  return { data: Buffer.from(json), attributes, expected: 'row' };
}

/** The value whose turn it is: a list without end. */
export function inTurn<T>(values: readonly [T, ...T[]], index: number): T {
  return values[index % values.length] ?? values[0];
}
