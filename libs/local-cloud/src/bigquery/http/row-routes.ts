import { insertAll } from '../operations/insert-all.js';
import type { Jobs } from '../query/job.js';
import { listRows } from '../query/read-table.js';
import { resultNamed } from '../query/result-tables.js';
import type { StatementResult } from '../query/query-engine.js';
import { invalid } from '../rules/api-error.js';
import { toWireRow } from '../rules/result-row.js';
import { withCurrentTables } from '../warehouse/catalog.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { pageRequestOf, resultPage, usesInt64 } from './result-page.js';
import { type ApiReply, type ApiRequest, type Route, route } from './router.js';
import { tableName } from './table-routes.js';

/** `tabledata.*` of REST v2. Source: cloud.google.com/bigquery/docs/reference/rest/v2/tabledata, read 2026-11-22. */
export function rowRoutes(warehouse: Warehouse, jobs: Pick<Jobs, 'get'>): Route[] {
  const table = '/projects/:projectId/datasets/:datasetId/tables/:tableId';
  return [
    route('POST', 'tabledata.insertAll', `${table}/insertAll`, async (request) => ({
      body: await insertAll(warehouse, tableName(request), request.body),
    })),
    route('GET', 'tabledata.list', `${table}/data`, (request) => {
      const result = resultNamed(jobs, tableName(request));
      return result === undefined ? listData(warehouse, request) : listResult(result, request);
    }),
  ];
}

function listResult(result: StatementResult, { query }: ApiRequest): ApiReply {
  if ((query.get('selectedFields') ?? '') !== '')
    throw invalid('selectedFields is not supported for the result of a query.', 'selectedFields');
  return {
    body: {
      kind: 'bigquery#tableDataList',
      totalRows: String(result.rows.length),
      ...resultPage(result, pageRequestOf(query)),
    },
  };
}

async function listData(warehouse: Warehouse, request: ApiRequest): Promise<ApiReply> {
  const useInt64Timestamp = usesInt64(request.query);
  const result = await withCurrentTables(() =>
    listRows(warehouse, warehouse.catalog.requireTable(tableName(request)), {
      maxResults: request.query.get('maxResults'),
      pageToken: request.query.get('pageToken'),
      startIndex: request.query.get('startIndex'),
      selectedFields: request.query.get('selectedFields'),
    }),
  );
  const rows = result.rows.map((cells) => toWireRow(cells, result.fields, { useInt64Timestamp }));
  return {
    body: {
      kind: 'bigquery#tableDataList',
      etag: warehouse.catalog.table(tableName(request))?.etag ?? '',
      totalRows: result.totalRows,
      ...(rows.length === 0 ? {} : { rows }),
      ...(result.nextPageToken === undefined ? {} : { pageToken: result.nextPageToken }),
    },
  };
}
