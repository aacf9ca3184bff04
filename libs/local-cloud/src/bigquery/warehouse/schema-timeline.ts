import type { Field } from '../rules/field-schema.js';

interface Version {
  readonly sinceMs: number;
  readonly fields: readonly Field[];
}

/**
 * What writers know of a table while metadata spreads: the schema as it was `lagMs` ago.
 *
 * Outcome `undefined`: the table itself is younger than the lag, so that writers do not find it yet.
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
    return this.#versions.filter((version) => version.sinceMs <= nowMs - lagMs).at(-1)?.fields;
  }
}
