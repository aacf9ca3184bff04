import { randomUUID } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { BigqueryError, invalid } from '../rules/api-error.js';
import { refuseDroppedNames } from '../rules/dropped-columns.js';
import { checkIfMatch, makeEtag } from '../rules/etag.js';
import type { Field } from '../rules/field-schema.js';
import { type JsonObject, objectAt, stringAt } from '../rules/json.js';
import { checkSchema, checkTableId } from '../rules/names.js';
import { changeSchema, type SchemaStep } from '../rules/schema-change.js';
import {
  checkTableProperties,
  chosenTableProperties,
  mergePatch,
  refuseUnsupportedTable,
  requestedFields,
  type TableName,
  tableKey,
} from '../rules/table-resource.js';
import { deleteEntry, storeEntry, type TableEntry } from '../warehouse/catalog.js';
import { isByIngestionTime, storedFields } from '../warehouse/ingestion-time.js';
import { createPhysical, dropPhysical, nextPhysical } from '../warehouse/physical-tables.js';
import type { Warehouse } from '../warehouse/warehouse.js';

/** Definition of a new table; `fill` may add rows in the same transaction. */
export interface TableDraft {
  readonly name: TableName;
  readonly kind: 'TABLE' | 'VIEW';
  readonly fields: readonly Field[];
  readonly properties: JsonObject;
  readonly fill?: (connection: DuckDBConnection, entry: TableEntry) => Promise<void>;
  /** Replaces an existing table; by default it is refused with 409. */
  readonly replace?: boolean;
  /** Only schema and rows are replaced: the table keeps its creation time, and writers see it all along. */
  readonly isSameTable?: boolean;
}

/** Columns of a view, found by preparing its query. */
export type DescribeView = (query: string, name: TableName) => Promise<readonly Field[]>;

/** Makes the table that a `tables.insert` body asks for. */
export async function insertTable(
  warehouse: Warehouse,
  name: TableName,
  body: JsonObject,
  describeView: DescribeView,
): Promise<TableEntry> {
  warehouse.catalog.requireDataset(name.projectId, name.datasetId);
  checkTableId(name.tableId);
  refuseUnsupportedTable(body);
  const properties = chosenTableProperties(body);
  const query = viewQuery(properties);
  const fields = query === undefined ? (requestedFields(body) ?? []) : await describeView(query, name);
  return createTable(warehouse, { name, kind: query === undefined ? 'TABLE' : 'VIEW', fields, properties });
}

/** Makes a table or view; 409 `duplicate` when the name is taken, 400 for a schema that cannot be. */
export function createTable(warehouse: Warehouse, draft: TableDraft): Promise<TableEntry> {
  return warehouse.runtime(draft.name).writes.change(() => putTable(warehouse, draft));
}

/** As {@link createTable}, for a caller that is in the table's write queue. */
export function putTable(warehouse: Warehouse, draft: TableDraft): Promise<TableEntry> {
  const { name, kind, fields } = draft;
  return warehouse.metadata.run(async () => {
    const { catalog, database } = warehouse;
    const dataset = catalog.requireDataset(name.projectId, name.datasetId);
    const properties = withDefaultExpiration(draft, dataset.properties, warehouse.now());
    const present = catalog.table(name);
    if (present !== undefined && draft.replace !== true)
      throw new BigqueryError({ reason: 'duplicate', message: `Already Exists: Table ${tableKey(name)}` });
    checkSchema(fields);
    checkTableProperties(properties, fields);
    warehouse.rateLimit.check(tableKey(name), isPartitioned(properties));
    const nowMs = warehouse.now();
    const isSame = present !== undefined && draft.isSameTable === true;
    const createdMs = isSame ? present.createdMs : nowMs;
    const times = { createdMs, modifiedMs: nowMs, etag: makeEtag(tableKey(name), randomUUID()) };
    const empty: TableEntry = {
      name,
      kind,
      physical: '',
      fields,
      properties,
      ...times,
      ...(isByIngestionTime(properties) ? { hasIngestionTime: true } : {}),
    };
    let entry = empty;
    if (present !== undefined || draft.fill !== undefined) {
      entry = await database.transaction(async (connection) => {
        const physical = draft.fill === undefined ? '' : await nextPhysical(connection);
        const made: TableEntry = { ...empty, physical };
        if (physical !== '') await createPhysical(connection, physical, storedFields(made));
        await draft.fill?.(connection, made);
        if (present !== undefined) await dropPhysical(connection, present.physical);
        await storeEntry(connection, 'table', tableKey(name), made, warehouse.log.last);
        return made;
      });
      warehouse.forgetTable(name);
      catalog.putTable(entry);
      warehouse.rows.noteColumns(entry.physical, storedFields(entry));
    } else await warehouse.changeEntry(entry);
    warehouse.rateLimit.record(tableKey(name));
    warehouse.announce(entry, !isSame);
    return entry;
  });
}

/** Change of a table: its columns with the steps that lead there, its properties, or both. */
export interface TableChange {
  readonly fields?: readonly Field[];
  readonly steps?: readonly SchemaStep[];
  readonly properties?: JsonObject;
}

/**
 * Changes a table's metadata in its write queue: precondition first, then `plan`, then everything in one transaction.
 *
 * Invariant: whatever `plan` or the precondition refuses has changed nothing.
 */
export function changeTable(
  warehouse: Warehouse,
  name: TableName,
  ifMatch: string | undefined,
  plan: (present: TableEntry) => Promise<TableChange> | TableChange,
): Promise<TableEntry> {
  return warehouse.runtime(name).writes.change(() => alterTable(warehouse, name, ifMatch, plan));
}

/** As {@link changeTable}, for a caller that is in the table's write queue. */
export function alterTable(
  warehouse: Warehouse,
  name: TableName,
  ifMatch: string | undefined,
  plan: (present: TableEntry) => Promise<TableChange> | TableChange,
): Promise<TableEntry> {
  return warehouse.metadata.run(async () => {
    const present = warehouse.catalog.requireTable(name);
    checkIfMatch(ifMatch, present.etag);
    warehouse.rateLimit.check(tableKey(name), isPartitioned(present.properties));
    const change = await plan(present);
    const draft: TableEntry = {
      ...present,
      fields: change.fields ?? present.fields,
      properties: change.properties ?? present.properties,
      modifiedMs: warehouse.now(),
      etag: makeEtag(tableKey(name), randomUUID()),
    };
    checkTableProperties(draft.properties, draft.fields);
    if (warehouse.reserveDroppedColumns)
      refuseDroppedNames(present, present.fields, draft.fields, draft.modifiedMs);
    await warehouse.changeEntry(draft);
    warehouse.rateLimit.record(tableKey(name));
    if (draft.fields !== present.fields) warehouse.announce(draft, false);
    return draft;
  });
}

/** `tables.patch` and `tables.update`: whole schema, properties laid over the present ones or in their place. */
export function updateTable(
  warehouse: Warehouse,
  name: TableName,
  request: {
    readonly body: JsonObject;
    readonly manner: 'patch' | 'update';
    readonly ifMatch: string | undefined;
    readonly describeView: DescribeView;
  },
): Promise<TableEntry> {
  return changeTable(warehouse, name, request.ifMatch, async (present) => {
    refuseUnsupportedTable(request.body);
    const base = request.manner === 'patch' ? present.properties : {};
    const merged = mergePatch(base, request.body);
    const properties = chosenTableProperties(merged);
    checkFixedProperties(present, request.manner, properties);
    const query = viewQuery(properties);
    if (present.kind === 'VIEW') {
      if (query === undefined) throw invalid('Cannot change a view to a table.');
      return { properties, fields: await request.describeView(query, name) };
    }
    if (query !== undefined) throw invalid('Cannot add a view to a table.');
    const wanted = requestedFields(request.body);
    if (wanted === undefined) return { properties };
    return { properties, ...changeSchema(tableKey(name), present.fields, wanted) };
  });
}

// Partitioning belongs to a table from its start; only its expiration may change.
function checkFixedProperties(present: TableEntry, manner: 'patch' | 'update', properties: JsonObject): void {
  for (const key of ['type', 'field'] as const) {
    const before = stringAt(objectAt(present.properties, 'timePartitioning'), key);
    const after = stringAt(objectAt(properties, 'timePartitioning'), key);
    const silent = manner === 'update' && properties['timePartitioning'] === undefined;
    if (before === after || (silent && before === undefined)) continue;
    throw invalid(
      `Cannot change partitioning/clustering of table ${tableKey(present.name)}: timePartitioning.${key} from ${before ?? 'none'} to ${after ?? 'none'}.`,
    );
  }
}

/** Removes a table or view with its rows. */
export function deleteTable(warehouse: Warehouse, name: TableName): Promise<void> {
  return warehouse.runtime(name).writes.change(() => dropTable(warehouse, name));
}

/** As {@link deleteTable}, for a caller that is in the table's write queue. */
export function dropTable(warehouse: Warehouse, name: TableName): Promise<void> {
  return warehouse.metadata.run(async () => {
    const entry = warehouse.catalog.requireTable(name);
    await warehouse.database.transaction(async (connection) => {
      await deleteEntry(connection, 'table', tableKey(name), warehouse.log.last);
      await dropPhysical(connection, entry.physical);
    });
    warehouse.catalog.removeTable(name);
    warehouse.forgetTable(name);
  });
}

/** The dataset's `defaultTableExpirationMs` is for new tables without an expiration of their own. */
function withDefaultExpiration(draft: TableDraft, dataset: JsonObject, nowMs: number): JsonObject {
  const { kind, properties } = draft;
  const defaultMs = Number(dataset['defaultTableExpirationMs'] ?? 0);
  const isWithout = properties['expirationTime'] === undefined && draft.isSameTable !== true;
  if (kind === 'VIEW' || !isWithout || !(defaultMs > 0)) return properties;
  return { ...properties, expirationTime: String(nowMs + defaultMs) };
}

function isPartitioned(properties: JsonObject): boolean {
  return properties['timePartitioning'] !== undefined || properties['rangePartitioning'] !== undefined;
}

function viewQuery(properties: JsonObject): string | undefined {
  const view = objectAt(properties, 'view');
  if (Object.keys(view).length === 0) return undefined;
  if (typeof view['query'] !== 'string' || view['query'].trim() === '')
    throw invalid('A view needs a query.', 'view.query');
  if (view['useLegacySql'] === true)
    throw invalid('Legacy SQL views are not supported by this server.', 'view.useLegacySql');
  return view['query'];
}
