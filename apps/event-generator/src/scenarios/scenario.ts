import type { Faker } from '@faker-js/faker';

/** The hostile streams, by their route names. */
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
  'webhooks',
] as const;

/** One of {@link SCENARIO_NAMES}. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/**
 * The expected outcome of a message: a row, or a dead letter with one of its codes. Every message carries it in the
 * attribute `expected`, so that each dead letter or row can be checked by itself.
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

/** One message of a scenario: bytes as published, not necessarily JSON. */
export interface HostileMessage {
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly expected: ExpectedOutcome;
}

/** A stream that tries to break the pipeline. A message depends only on the state of `faker` and its index. */
export interface Scenario {
  readonly name: ScenarioName;
  /** Content of the stream. */
  readonly summary: string;
  /** Expected outcome. */
  readonly outcome: string;
  readonly messageAt: (faker: Faker, index: number) => HostileMessage;
}

/** A message that must become a row; `json` is published as written, to control its literals. */
export function rowMessage(json: string, attributes: Readonly<Record<string, string>> = {}): HostileMessage {
  return { data: Buffer.from(json), attributes, expected: 'row' };
}

/** Returns the value at an index of a list that repeats without end. */
export function inTurn<T>(values: readonly [T, ...T[]], index: number): T {
  return values[index % values.length] ?? values[0];
}
