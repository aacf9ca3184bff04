import { invalid } from './api-error.js';
import { fieldNamed } from './field-places.js';
import { type Field, parseFields } from './field-schema.js';
import { isJsonObject, type JsonObject, objectAt } from './json.js';

/** Identifies a table: the catalog's key is `project:dataset.table`. */
export interface TableName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

export function tableKey(name: TableName): string {
  return `${name.projectId}:${name.datasetId}.${name.tableId}`;
}

/** Properties of a table that a caller sets and this server keeps as they come. */
const TABLE_PROPERTIES = [
  'friendlyName',
  'description',
  'labels',
  'expirationTime',
  'timePartitioning',
  'rangePartitioning',
  'clustering',
  'requirePartitionFilter',
  'view',
  'defaultCollation',
  'maxStaleness',
  'resourceTags',
  'defaultRoundingMode',
] as const;
const DATASET_PROPERTIES = [
  'friendlyName',
  'description',
  'labels',
  'access',
  'defaultTableExpirationMs',
  'defaultPartitionExpirationMs',
  'location',
  'isCaseInsensitive',
  'defaultCollation',
  'maxTimeTravelHours',
  'storageBillingModel',
  'resourceTags',
  'defaultRoundingMode',
] as const;
const UNSUPPORTED = [
  'externalDataConfiguration',
  'materializedView',
  'snapshotDefinition',
  'cloneDefinition',
  'tableConstraints',
  'encryptionConfiguration',
  'biglakeConfiguration',
  'foreignTypeInfo',
  'tableReplicationInfo',
  'partitionDefinition',
];

/** Throws for what a table of this server cannot be (external tables, materialised views, constraints…). */
export function refuseUnsupportedTable(body: JsonObject): void {
  for (const key of UNSUPPORTED)
    if (body[key] !== undefined && body[key] !== null)
      throw invalid(`${key} is not supported by this server.`, key);
}

/** When a table expires, in milliseconds since the epoch; `undefined` if never. */
export function expirationMs(properties: JsonObject): number | undefined {
  const time = Number(properties['expirationTime'] ?? 0);
  return time > 0 ? time : undefined;
}

/** The caller's properties of a new table or, for `tables.update`, of the table from now on. */
export function chosenTableProperties(body: JsonObject): JsonObject {
  return choose(body, TABLE_PROPERTIES);
}

export function chosenDatasetProperties(body: JsonObject): JsonObject {
  return choose(body, DATASET_PROPERTIES);
}

function choose(body: JsonObject, keys: readonly string[]): JsonObject {
  const chosen: JsonObject = {};
  for (const key of keys) {
    const value = body[key];
    if (value !== undefined && value !== null) chosen[key] = value;
  }
  return chosen;
}

/**
 * A patch laid over what was chosen before: `null` removes, objects merge by key, lists and the rest replace.
 *
 * Source: patch semantics of Google's JSON APIs (RFC 7396), read 2026-11-22.
 */
export function mergePatch(present: JsonObject, patch: JsonObject): JsonObject {
  const merged: JsonObject = { ...present };
  for (const [key, value] of Object.entries(patch)) {
    const old = merged[key];
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = isJsonObject(value) ? mergePatch(isJsonObject(old) ? old : {}, value) : value;
  }
  return merged;
}

/** Fields of a request's `schema`; `undefined` where the request says nothing about the schema. */
export function requestedFields(body: JsonObject): Field[] | undefined {
  if (!isJsonObject(body['schema'])) return undefined;
  return objectAt(body, 'schema')['fields'] === undefined
    ? undefined
    : parseFields(objectAt(body, 'schema')['fields']);
}

const CLUSTERABLE = new Set([
  'STRING',
  'INTEGER',
  'DATE',
  'TIMESTAMP',
  'DATETIME',
  'BOOLEAN',
  'NUMERIC',
  'BIGNUMERIC',
  'GEOGRAPHY',
  'BYTES',
]);
const PARTITION_TYPES = new Set(['DAY', 'HOUR', 'MONTH', 'YEAR']);

/**
 * Throws 400 unless partitioning, clustering and labels suit the columns.
 *
 * Source: REST reference Table, cloud.google.com/bigquery/docs/labels-intro, /docs/clustered-tables, read 2026-11-22.
 */
export function checkTableProperties(properties: JsonObject, fields: readonly Field[]): void {
  const expiration = properties['expirationTime'];
  if (expiration !== undefined && !/^\d{1,15}$/.test(JSON.stringify(expiration).replaceAll('"', '')))
    throw invalid(`Invalid value for expirationTime: ${JSON.stringify(expiration)}`, 'expirationTime');
  checkLabels(properties['labels']);
  checkPartitioning(properties['timePartitioning'], fields);
  checkClustering(properties['clustering'], fields);
}

export function checkLabels(labels: unknown): void {
  if (labels === undefined) return;
  if (!isJsonObject(labels)) throw invalid('labels is not an object.', 'labels');
  if (Object.keys(labels).length > 64) throw invalid('A resource can have at most 64 labels.', 'labels');
  for (const [key, value] of Object.entries(labels)) {
    if (!/^\p{Ll}[\p{Ll}\p{N}_-]{0,62}$/u.test(key) && !/^[a-z][a-z0-9_-]{0,62}$/.test(key))
      throw invalid(`Label key "${key}" has invalid characters or is too long.`, 'labels');
    if (typeof value !== 'string' || !/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value))
      throw invalid(`Label value "${String(value)}" has invalid characters or is too long.`, 'labels');
  }
}

function checkPartitioning(partitioning: unknown, fields: readonly Field[]): void {
  if (!isJsonObject(partitioning)) return;
  const type = partitioning['type'];
  if (typeof type !== 'string' || !PARTITION_TYPES.has(type))
    throw invalid(`Invalid time partitioning type: ${String(type)}`);
  const name = partitioning['field'];
  if (typeof name !== 'string') return;
  const field = fieldNamed(fields, name);
  if (field === undefined)
    throw invalid(`The field specified for partitioning cannot be found in the schema: ${name}.`);
  if (!['DATE', 'TIMESTAMP', 'DATETIME'].includes(field.type) || field.mode === 'REPEATED')
    throw invalid(
      `The field specified for partitioning must be a NULLABLE or REQUIRED DATE, TIMESTAMP or DATETIME: ${name}.`,
    );
}

function checkClustering(clustering: unknown, fields: readonly Field[]): void {
  if (!isJsonObject(clustering)) return;
  const names = clustering['fields'];
  if (!Array.isArray(names) || names.length === 0 || names.length > 4)
    throw invalid('Clustering needs one to four fields.');
  for (const name of names as unknown[]) {
    const field = fieldNamed(fields, String(name));
    if (field === undefined)
      throw invalid(`The field specified for clustering cannot be found in the schema: ${String(name)}.`);
    if (!CLUSTERABLE.has(field.type) || field.mode === 'REPEATED')
      throw invalid(
        `Clustering is not supported on non-orderable column '${field.name}' of type '${field.type}'`,
      );
  }
}
