import { invalidQuery } from '../../rules/api-error.js';
import { parseTimestamp } from '../../rules/civil-time.js';
import type { JsonObject } from '../../rules/json.js';
import type { Options, OptionValue } from './ddl-statement.js';

/**
 * OPTIONS of a table or view as the properties of its REST resource; `null` removes a property.
 *
 * Source: data-definition-language#table_option_list, read 2026-11-22.
 */
export function propertiesOfOptions(options: Options): JsonObject {
  const properties: JsonObject = {};
  for (const [name, value] of Object.entries(options)) {
    const read = READERS[name];
    if (read === undefined) throw invalidQuery(`Not supported by this server: the option ${name}`);
    const [key, property] = read(value);
    properties[key] = property;
  }
  return properties;
}

type ReadOption = (value: OptionValue) => readonly [string, unknown];

const READERS: Readonly<Record<string, ReadOption>> = {
  description: (value) => ['description', value],
  friendly_name: (value) => ['friendlyName', value],
  labels: (value) => ['labels', value === null ? null : labels(value)],
  require_partition_filter: (value) => ['requirePartitionFilter', value],
  expiration_timestamp: (value) => ['expirationTime', value === null ? null : milliseconds(value)],
  location: (value) => ['location', value],
  default_table_expiration_days: (value) => [
    'defaultTableExpirationMs',
    value === null ? null : String(Number(value) * 86_400_000),
  ],
};

function labels(value: OptionValue): Record<string, string> {
  if (!Array.isArray(value)) throw invalidQuery('The option labels is not a list of pairs.');
  return Object.fromEntries(
    (value as readonly OptionValue[]).map((pair) => {
      if (!Array.isArray(pair) || pair.length !== 2)
        throw invalidQuery('The option labels is not a list of pairs.');
      return [String(pair[0]), String(pair[1])];
    }),
  );
}

function milliseconds(value: OptionValue): string {
  const micros = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (micros === undefined) throw invalidQuery(`Invalid timestamp: '${String(value)}'`);
  return String(micros / 1000n);
}

/** Splits off `partition_expiration_days`, which belongs to the partitioning. */
export function splitPartitionOptions(options: Options): {
  readonly rest: Options;
  readonly expirationMs: string | undefined;
} {
  const { partition_expiration_days: days, ...rest } = options;
  return { rest, expirationMs: typeof days === 'number' ? String(days * 86_400_000) : undefined };
}
