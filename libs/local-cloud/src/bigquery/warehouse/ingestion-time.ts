import type { Field } from '../rules/field-schema.js';
import { type JsonObject, objectAt, stringAt } from '../rules/json.js';
import type { TableEntry } from './catalog.js';

/** Column that the rows of a table partitioned by ingestion time have before all others; no query's `*` shows it. */
export const PARTITION_TIME: Field = { name: '_PARTITIONTIME', type: 'TIMESTAMP', mode: 'NULLABLE' };

/** True for a definition of a table that is partitioned by the time at which rows arrive: without a column. */
export function isByIngestionTime(properties: JsonObject): boolean {
  return (
    properties['timePartitioning'] !== undefined &&
    stringAt(objectAt(properties, 'timePartitioning'), 'field') === undefined
  );
}

const withTime = new WeakMap<readonly Field[], readonly Field[]>();

/** Columns that the table's rows are stored with; always the same list for the same columns. */
export function storedFields({
  fields,
  hasIngestionTime,
}: Pick<TableEntry, 'fields' | 'hasIngestionTime'>): readonly Field[] {
  if (hasIngestionTime !== true) return fields;
  const known = withTime.get(fields) ?? [PARTITION_TIME, ...fields];
  withTime.set(fields, known);
  return known;
}

/** The partition of rows that arrive now, in microseconds: the beginning of the hour, day, month or year in UTC. */
export function partitionMicros({ properties }: Pick<TableEntry, 'properties'>, nowMs: number): bigint {
  const iso = new Date(nowMs).toISOString();
  const unit = stringAt(objectAt(properties, 'timePartitioning'), 'type') ?? 'DAY';
  const kept = { HOUR: 13, DAY: 10, MONTH: 7, YEAR: 4 }[unit] ?? 10;
  return BigInt(Date.parse(iso.slice(0, kept) + '0000-01-01T00:00:00.000Z'.slice(kept))) * 1_000n;
}

/** Encoded rows (see row-text.ts) with their partition, unless the table has none or they bring their own. */
export function stamped(entry: TableEntry, texts: readonly string[], nowMs: number): readonly string[] {
  if (entry.hasIngestionTime !== true) return texts;
  const member = `${JSON.stringify(PARTITION_TIME.name)}:"${partitionMicros(entry, nowMs)}"`;
  return texts.map((text) => (text === '{}' ? `{${member}}` : `{${member},${text.slice(1)}`));
}
