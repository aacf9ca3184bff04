import type { Field } from '../rules/field-schema.js';
import type { JsonObject } from '../rules/json.js';
import { tableKey } from '../rules/table-resource.js';
import type { DatasetEntry, TableEntry } from '../warehouse/catalog.js';

const API = '/bigquery/v2/projects';

/** The REST resource of a dataset. */
export function datasetResource(entry: DatasetEntry, origin: string): JsonObject {
  const { projectId, datasetId } = entry;
  return {
    kind: 'bigquery#dataset',
    etag: entry.etag,
    id: `${projectId}:${datasetId}`,
    selfLink: `${origin}${API}/${projectId}/datasets/${datasetId}`,
    datasetReference: { projectId, datasetId },
    location: 'US',
    type: 'DEFAULT',
    ...entry.properties,
    creationTime: String(entry.createdMs),
    lastModifiedTime: String(entry.modifiedMs),
  };
}

export function datasetListItem(entry: DatasetEntry): JsonObject {
  const { projectId, datasetId, properties } = entry;
  return {
    kind: 'bigquery#dataset',
    id: `${projectId}:${datasetId}`,
    datasetReference: { projectId, datasetId },
    location: properties['location'] ?? 'US',
    ...pick(properties, ['labels', 'friendlyName']),
  };
}

/** The REST resource of a table, with its number of rows where the caller has counted them. */
export function tableResource(
  entry: TableEntry,
  context: { readonly origin: string; readonly numRows?: string; readonly location: string },
): JsonObject {
  const { projectId, datasetId, tableId } = entry.name;
  return {
    kind: 'bigquery#table',
    etag: entry.etag,
    id: tableKey(entry.name),
    selfLink: `${context.origin}${API}/${projectId}/datasets/${datasetId}/tables/${encodeURIComponent(tableId)}`,
    tableReference: { projectId, datasetId, tableId },
    type: entry.kind,
    location: context.location,
    ...(entry.fields.length === 0 ? {} : { schema: { fields: entry.fields.map(showField) } }),
    ...entry.properties,
    ...(context.numRows === undefined
      ? {}
      : { numRows: context.numRows, numBytes: '0', numLongTermBytes: '0' }),
    creationTime: String(entry.createdMs),
    lastModifiedTime: String(entry.modifiedMs),
  };
}

function showField(field: Field): JsonObject {
  return { ...field, ...(field.fields === undefined ? {} : { fields: field.fields.map(showField) }) };
}

export function tableListItem(entry: TableEntry): JsonObject {
  const { projectId, datasetId, tableId } = entry.name;
  return {
    kind: 'bigquery#table',
    id: tableKey(entry.name),
    tableReference: { projectId, datasetId, tableId },
    type: entry.kind,
    creationTime: String(entry.createdMs),
    ...pick(entry.properties, [
      'labels',
      'friendlyName',
      'timePartitioning',
      'clustering',
      'expirationTime',
      'view',
    ]),
  };
}

function pick(from: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
}
