import { invalid } from '../rules/api-error.js';
import { objectAt, stringAt } from '../rules/json.js';
import type { TableName } from '../rules/table-resource.js';
import { deleteTable, insertTable, updateTable } from '../operations/table-operations.js';
import { countRows } from '../query/read-table.js';
import type { QueryEngine } from '../query/query-engine.js';
import { type TableEntry, withCurrentTables } from '../warehouse/catalog.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { page } from './paging.js';
import { tableListItem, tableResource } from './resources.js';
import { type ApiReply, type ApiRequest, type Route, route } from './router.js';

/** `tables.*` of REST v2. Source: cloud.google.com/bigquery/docs/reference/rest/v2/tables, read 2026-11-22. */
export function tableRoutes(warehouse: Warehouse, engine: QueryEngine): Route[] {
  const all = '/projects/:projectId/datasets/:datasetId/tables';
  const one = `${all}/:tableId`;
  const describeView = engine.describeView.bind(engine);
  const show = async (entry: TableEntry, request: ApiRequest): Promise<ApiReply> => {
    const numRows = await withCurrentTables(() => {
      const present = warehouse.catalog.table(entry.name) ?? entry;
      return present.kind === 'TABLE' ? countRows(warehouse, present) : Promise.resolve('0');
    });
    return {
      body: tableResource(entry, { origin: request.origin, numRows, location: locationOf(warehouse, entry) }),
    };
  };
  const change =
    (manner: 'patch' | 'update') =>
    async (request: ApiRequest): Promise<ApiReply> => {
      const { body, ifMatch } = request;
      const entry = await updateTable(warehouse, tableName(request), { body, manner, ifMatch, describeView });
      return show(entry, request);
    };
  return [
    route('GET', 'tables.list', all, (request) => listTables(warehouse, request)),
    route('POST', 'tables.insert', all, async (request) => {
      const tableId = stringAt(objectAt(request.body, 'tableReference'), 'tableId');
      if (tableId === undefined) throw invalid('Required parameter is missing: tableReference.tableId');
      const name = { ...tableName(request), tableId };
      return show(await insertTable(warehouse, name, request.body, describeView), request);
    }),
    route('GET', 'tables.get', one, (request) =>
      show(warehouse.catalog.requireTable(tableName(request)), request),
    ),
    route('PATCH', 'tables.patch', one, change('patch')),
    route('PUT', 'tables.update', one, change('update')),
    route('DELETE', 'tables.delete', one, async (request) => {
      await deleteTable(warehouse, tableName(request));
      return { status: 204 };
    }),
  ];
}

/** The table that a path names. */
export function tableName(request: ApiRequest): TableName {
  return {
    projectId: request.params['projectId'] ?? '',
    datasetId: request.params['datasetId'] ?? '',
    tableId: request.params['tableId'] ?? '',
  };
}

function locationOf(warehouse: Warehouse, entry: TableEntry): string {
  const location = warehouse.catalog.dataset(entry.name.projectId, entry.name.datasetId)?.properties[
    'location'
  ];
  return typeof location === 'string' ? location : 'US';
}

function listTables(warehouse: Warehouse, request: ApiRequest): ApiReply {
  const { projectId, datasetId } = tableName(request);
  warehouse.catalog.requireDataset(projectId, datasetId);
  const entries = warehouse.catalog.tables(projectId, datasetId);
  const { items, nextPageToken } = page(entries, {
    maxResults: request.query.get('maxResults') ?? '50',
    pageToken: request.query.get('pageToken'),
  });
  const tables = items.map(tableListItem);
  return {
    body: {
      kind: 'bigquery#tableList',
      ...(tables.length === 0 ? {} : { tables }),
      totalItems: entries.length,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    },
  };
}
