import { changeDataset, deleteDataset, insertDataset } from '../operations/dataset-operations.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { page } from './paging.js';
import { datasetListItem, datasetResource } from './resources.js';
import { type ApiReply, type ApiRequest, type Route, route } from './router.js';

/** `datasets.*` of REST v2. Source: cloud.google.com/bigquery/docs/reference/rest/v2/datasets, read 2026-11-22. */
export function datasetRoutes(warehouse: Warehouse): Route[] {
  const all = '/projects/:projectId/datasets';
  const one = `${all}/:datasetId`;
  const change =
    (manner: 'patch' | 'update') =>
    async (request: ApiRequest): Promise<ApiReply> => {
      const { body, ifMatch } = request;
      const entry = await changeDataset(warehouse, datasetId(request), { body, manner, ifMatch });
      return { body: datasetResource(entry, request.origin) };
    };
  return [
    route('GET', 'datasets.list', all, (request) => listDatasets(warehouse, request)),
    route('POST', 'datasets.insert', all, async (request) => {
      const entry = await insertDataset(warehouse, datasetId(request).projectId, request.body);
      return { body: datasetResource(entry, request.origin) };
    }),
    route('GET', 'datasets.get', one, (request) => {
      const { projectId, datasetId: id } = datasetId(request);
      return { body: datasetResource(warehouse.catalog.requireDataset(projectId, id), request.origin) };
    }),
    route('PATCH', 'datasets.patch', one, change('patch')),
    route('PUT', 'datasets.update', one, change('update')),
    route('DELETE', 'datasets.delete', one, async (request) => {
      await deleteDataset(
        warehouse,
        datasetId(request),
        /^true$/i.test(request.query.get('deleteContents') ?? ''),
      );
      return { status: 204 };
    }),
  ];
}

function datasetId(request: ApiRequest): { projectId: string; datasetId: string } {
  return { projectId: request.params['projectId'] ?? '', datasetId: request.params['datasetId'] ?? '' };
}

function listDatasets(warehouse: Warehouse, request: ApiRequest): ApiReply {
  const { projectId } = datasetId(request);
  const { items, nextPageToken } = page(warehouse.catalog.datasets(projectId), {
    maxResults: request.query.get('maxResults'),
    pageToken: request.query.get('pageToken'),
  });
  const datasets = items.map(datasetListItem);
  return {
    body: {
      kind: 'bigquery#datasetList',
      ...(datasets.length === 0 ? {} : { datasets }),
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    },
  };
}
