import { invalid } from '../rules/api-error.js';
import { isJsonObject, type JsonObject } from '../rules/json.js';
import type { TableName } from '../rules/table-resource.js';
import type { AppendRequest } from '../warehouse/append-batch.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** Rows of one insertAll request. Source: cloud.google.com/bigquery/quotas#streaming_inserts, read 2026-11-22. */
const MAX_ROWS = 50_000;
const MAX_INSERT_ID_LENGTH = 128;

/**
 * Stores the rows of an insertAll request, or says per row why not.
 *
 * Shape: → `{kind, insertErrors?: [{index, errors: [{reason, location, debugInfo, message}]}]}`.
 * One bad row stores nothing, the others being `stopped`, unless `skipInvalidRows`.
 * Errors: 404 for a table that writers do not know (yet), 400 for no rows or too many.
 */
export async function insertAll(
  warehouse: Warehouse,
  name: TableName,
  body: JsonObject,
): Promise<JsonObject> {
  if (typeof body['templateSuffix'] === 'string')
    throw invalid('templateSuffix is not supported by this server.', 'templateSuffix');
  const reply = await warehouse.runtime(name).writes.append({
    rows: readRows(body['rows']),
    skipInvalidRows: body['skipInvalidRows'] === true,
    ignoreUnknownValues: body['ignoreUnknownValues'] === true,
  });
  if (reply.kind === 'refused') throw reply.error;
  const kind = 'bigquery#tableDataInsertAllResponse';
  return reply.rowErrors.length === 0 ? { kind } : { kind, insertErrors: reply.rowErrors };
}

function readRows(rows: unknown): AppendRequest['rows'] {
  if (!Array.isArray(rows) || rows.length === 0) throw invalid('No rows present in the request.');
  if (rows.length > MAX_ROWS)
    throw invalid(`Too many rows present in the request, limit: ${MAX_ROWS} row count: ${rows.length}.`);
  return rows.map((entry: unknown) => {
    if (!isJsonObject(entry)) throw invalid('Invalid JSON payload received: rows must be objects.');
    const insertId = entry['insertId'];
    if (typeof insertId !== 'string' || insertId === '') return { row: entry['json'] ?? {} };
    if (insertId.length > MAX_INSERT_ID_LENGTH)
      throw invalid(`insertId is longer than ${MAX_INSERT_ID_LENGTH} characters.`);
    return { insertId, row: entry['json'] ?? {} };
  });
}
