import type { JsonObject } from '../rules/json.js';
import { type Route, route } from './router.js';

/** Query parameters that Google's clients pass, by method; path parameters come from the paths themselves. */
const QUERY_PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'datasets.list': ['all', 'filter', 'maxResults', 'pageToken'],
  'datasets.get': ['datasetView', 'accessPolicyVersion'],
  'datasets.insert': ['accessPolicyVersion'],
  'datasets.patch': ['accessPolicyVersion', 'updateMode'],
  'datasets.update': ['accessPolicyVersion', 'updateMode'],
  'datasets.delete': ['deleteContents'],
  'tables.list': ['maxResults', 'pageToken'],
  'tables.get': ['selectedFields', 'view'],
  'tables.patch': ['autodetect_schema'],
  'tables.update': ['autodetect_schema'],
  'tabledata.list': [
    'maxResults',
    'pageToken',
    'startIndex',
    'selectedFields',
    'formatOptions_useInt64Timestamp',
    'formatOptions_timestampOutputFormat',
  ],
  'jobs.list': [
    'allUsers',
    'maxResults',
    'pageToken',
    'projection',
    'stateFilter',
    'minCreationTime',
    'maxCreationTime',
    'parentJobId',
  ],
  'jobs.get': ['location'],
  'jobs.cancel': ['location'],
  'jobs.delete': ['location'],
  'jobs.getQueryResults': [
    'location',
    'maxResults',
    'pageToken',
    'startIndex',
    'timeoutMs',
    'formatOptions_useInt64Timestamp',
    'formatOptions_timestampOutputFormat',
  ],
  'projects.list': ['maxResults', 'pageToken'],
};

const UPLOAD_PATH = '/upload/bigquery/v2/projects/{projectId}/jobs';
const MEDIA_UPLOAD: JsonObject = {
  accept: ['*/*'],
  protocols: {
    simple: { multipart: true, path: UPLOAD_PATH },
    resumable: { multipart: true, path: `/resumable${UPLOAD_PATH}` },
  },
};

const BODIES: Readonly<Record<string, string>> = {
  datasets: 'Dataset',
  tables: 'Table',
  tabledata: 'TableDataInsertAllRequest',
  jobs: 'Job',
  projects: 'ProjectList',
};

/** The parts of a route that {@link discoveryRoutes} describes: its method, name and path template. */
export interface DescribedRoute {
  readonly method: string;
  readonly id: string;
  readonly path: string;
}

/**
 * The discovery document that `bq` reads before it makes or fills a table: this server's own routes.
 *
 * Source: developers.google.com/discovery/v1/reference/apis, read 2026-11-22.
 */
export function discoveryRoutes(routes: readonly DescribedRoute[]): Route[] {
  return ['/\\$discovery/rest', '/discovery/v1/apis/bigquery/v2/rest'].map((path) =>
    route('GET', 'discovery.getRest', path, (request) => ({ body: document(routes, request.origin) })),
  );
}

function document(routes: readonly DescribedRoute[], origin: string): JsonObject {
  const resources: Record<string, { methods: Record<string, JsonObject> }> = {};
  for (const described of routes) {
    const [resource = '', method = ''] = described.id.split('.');
    resources[resource] ??= { methods: {} };
    resources[resource].methods[method] = describe(described, resource);
  }
  const schemas = Object.values(BODIES).map((id) => [id, { id, type: 'object' }] as const);
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'bigquery:v2',
    name: 'bigquery',
    version: 'v2',
    title: 'BigQuery API',
    protocol: 'rest',
    rootUrl: `${origin}/`,
    basePath: '/bigquery/v2/',
    servicePath: 'bigquery/v2/',
    baseUrl: `${origin}/bigquery/v2/`,
    batchPath: 'batch/bigquery/v2',
    auth: { oauth2: { scopes: { 'https://www.googleapis.com/auth/bigquery': { description: 'BigQuery' } } } },
    parameters: Object.fromEntries(
      [
        'alt',
        'fields',
        'key',
        'oauth_token',
        'prettyPrint',
        'quotaUser',
        'userIp',
        'trace',
        'access_token',
      ].map((name) => [name, { type: 'string', location: 'query' }]),
    ),
    schemas: Object.fromEntries(schemas),
    resources,
  };
}

function describe({ method, id, path }: DescribedRoute, resource: string): JsonObject {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');
  const inPath = names.map((name) => [name, { type: 'string', required: true, location: 'path' }] as const);
  const inQuery = (QUERY_PARAMETERS[id] ?? []).map(
    (name) =>
      [
        name.replace('_use', '.use').replace('_timestamp', '.timestamp'),
        { type: 'string', location: 'query' },
      ] as const,
  );
  const $ref = BODIES[resource] ?? 'Job';
  return {
    id: `bigquery.${id}`,
    httpMethod: method,
    path: path.replaceAll(/:(\w+)/g, '{$1}').replace(/^\//, ''),
    parameters: Object.fromEntries([...inPath, ...inQuery]),
    parameterOrder: names,
    ...(['POST', 'PATCH', 'PUT'].includes(method) && id !== 'jobs.cancel' ? { request: { $ref } } : {}),
    ...(method === 'DELETE' ? {} : { response: { $ref } }),
    scopes: ['https://www.googleapis.com/auth/bigquery'],
    ...(id === 'jobs.insert' ? { supportsMediaUpload: true, mediaUpload: MEDIA_UPLOAD } : {}),
  };
}
