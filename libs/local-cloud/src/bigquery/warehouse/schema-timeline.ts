import type { Field } from '../rules/field-schema.js';

interface Version {
  readonly sinceMs: number;
  /** The lag in force when the change was made. */
  readonly lagMs: number;
  readonly fields: readonly Field[];
}

/**
 * The schema that writers see while metadata spreads.
 *
 * A change is seen after the lag that was in force when it was made, or after the present one where that is shorter:
 * raising the lag hides nothing that was seen already, lowering it to 0 shows everything.
 *
 * Outcome `undefined`: the table itself is that new, so that writers do not find it yet.
 * Source: cloud.google.com/bigquery/docs/write-api-best-practices and /docs/streaming-data-into-bigquery, read 2026-11-22.
 */
export class SchemaTimeline {
  #versions: Version[];

  constructor(first: Version) {
    this.#versions = [first];
  }

  add(version: Version): void {
    this.#versions.push(version);
  }

  visible(nowMs: number, lagMs: number): readonly Field[] | undefined {
    return this.#versions
      .filter((version) => version.sinceMs + Math.min(version.lagMs, lagMs) <= nowMs)
      .at(-1)?.fields;
  }
}
