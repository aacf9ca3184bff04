import { BigqueryError, invalid } from '../rules/api-error.js';
import { isJsonObject, type JsonObject, objectAt, stringAt } from '../rules/json.js';
import { cancelled, type Job, type Jobs } from '../query/job.js';
import type { StatementResult } from '../query/query-engine.js';
import { page } from './paging.js';
import { dmlStats, jobResource } from './job-resource.js';
import { maxResultsOf, type PageRequest, pageRequestOf, resultPage } from './result-page.js';
import { type ApiReply, type ApiRequest, type Route, route } from './router.js';

/** Longest wait of a request for its job, in milliseconds. */
const MAX_WAIT_MS = 200_000;
const DEFAULT_WAIT_MS = 10_000;

/** `jobs.*` of REST v2. Source: cloud.google.com/bigquery/docs/reference/rest/v2/jobs, read 2026-11-22. */
export function jobRoutes(jobs: Jobs): Route[] {
  const project = '/projects/:projectId';
  return [
    route('POST', 'jobs.query', `${project}/queries`, (request) => query(jobs, request)),
    route('GET', 'jobs.getQueryResults', `${project}/queries/:jobId`, (request) => results(jobs, request)),
    route('POST', 'jobs.insert', `${project}/jobs`, (request) => insert(jobs, request)),
    route('GET', 'jobs.list', `${project}/jobs`, (request) => list(jobs, request)),
    route('GET', 'jobs.get', `${project}/jobs/:jobId`, (request) => ({
      body: jobResource(find(jobs, request), request.origin),
    })),
    route('POST', 'jobs.cancel', `${project}/jobs/:jobId/cancel`, (request) => {
      const job = find(jobs, request);
      job.cancel(cancelled());
      return { body: { kind: 'bigquery#jobCancelResponse', job: jobResource(job, request.origin) } };
    }),
    route('DELETE', 'jobs.delete', `${project}/jobs/:jobId/delete`, (request) => {
      jobs.forget(request.params['projectId'] ?? '', request.params['jobId'] ?? '');
      return { status: 204 };
    }),
  ];
}

function find(jobs: Jobs, request: ApiRequest): Job {
  return jobs.get(request.params['projectId'] ?? '', request.params['jobId'] ?? '');
}

async function insert(jobs: Jobs, request: ApiRequest): Promise<ApiReply> {
  const job = startJob(jobs, request.params['projectId'] ?? '', request.body);
  if (job.dryRun) {
    await job.done;
    if (job.outcome?.kind === 'error') throw job.outcome.failure;
  }
  return { body: jobResource(job, request.origin) };
}

/** Starts the job that a `jobs.insert` body describes; `upload` is the content that came with it. */
export function startJob(
  jobs: Jobs,
  projectId: string,
  body: JsonObject,
  upload?: AsyncIterable<Uint8Array>,
): Job {
  const configuration = objectAt(body, 'configuration');
  const isKnown = isJsonObject(configuration['load']) || (isJsonObject(configuration['query']) && !upload);
  if (!isKnown)
    throw new BigqueryError({
      reason: 'notImplemented',
      message: 'Only query and load jobs are supported by this server.',
    });
  return jobs.start(projectId, objectAt(body, 'jobReference'), configuration, upload);
}

async function query(jobs: Jobs, request: ApiRequest): Promise<ApiReply> {
  const { body } = request;
  const configuration: JsonObject = {
    jobType: 'QUERY',
    query: body,
    ...(body['dryRun'] === true ? { dryRun: true } : {}),
    ...(body['jobTimeoutMs'] === undefined ? {} : { jobTimeoutMs: body['jobTimeoutMs'] }),
    ...(isJsonObject(body['labels']) ? { labels: body['labels'] } : {}),
  };
  const reference = { location: stringAt(body, 'location') };
  const job = jobs.start(request.params['projectId'] ?? '', reference, configuration);
  // A client that has left before the answer does not know the job: nothing could ever read its result.
  const leave = (): void => {
    job.cancel(cancelled());
  };
  request.clientGone.addEventListener('abort', leave, { once: true });
  await wait(job, body['timeoutMs']);
  request.clientGone.removeEventListener('abort', leave);
  return {
    body: queryReply(job, 'bigquery#queryResponse', {
      maxResults: maxResultsOf(body['maxResults']),
      pageToken: undefined,
      startIndex: undefined,
      useInt64Timestamp: objectAt(body, 'formatOptions')['useInt64Timestamp'] === true,
    }),
  };
}

async function results(jobs: Jobs, request: ApiRequest): Promise<ApiReply> {
  const job = find(jobs, request);
  await wait(job, request.query.get('timeoutMs'));
  return {
    body: queryReply(job, 'bigquery#getQueryResultsResponse', pageRequestOf(request.query)),
  };
}

function list(jobs: Jobs, request: ApiRequest): ApiReply {
  const all = jobs.list(request.params['projectId'] ?? '', request.query.get('parentJobId') ?? undefined);
  const { items, nextPageToken } = page(all, {
    maxResults: request.query.get('maxResults') ?? '50',
    pageToken: request.query.get('pageToken'),
  });
  const shown = items.map((job) => {
    const resource = jobResource(job, request.origin);
    return { ...resource, state: objectAt(resource, 'status')['state'] };
  });
  return {
    body: {
      kind: 'bigquery#jobList',
      jobs: shown,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
    },
  };
}

async function wait(job: Job, timeout: unknown): Promise<void> {
  const asked = timeout === undefined || timeout === null ? DEFAULT_WAIT_MS : Number(timeout);
  if (!Number.isFinite(asked) || asked < 0) throw invalid('Invalid value for timeoutMs.', 'timeoutMs');
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise((resolve) => {
    timer = setTimeout(resolve, Math.min(asked, MAX_WAIT_MS));
  });
  await Promise.race([job.done, expired]);
  clearTimeout(timer);
}

function queryReply(job: Job, kind: string, request: PageRequest): JsonObject {
  const { projectId, jobId, location, outcome } = job;
  const head = { kind, jobReference: { projectId, jobId, location } };
  if (outcome === undefined) return { ...head, jobComplete: false };
  if (outcome.kind === 'error') throw outcome.failure;
  return { ...head, jobComplete: true, cacheHit: false, ...resultBody(outcome.result, request, job.dryRun) };
}

function resultBody(result: StatementResult, request: PageRequest, dryRun: boolean): JsonObject {
  const { fields, affectedRows, dmlStatistics } = result;
  return {
    totalBytesProcessed: String(result.bytesProcessed ?? 0),
    ...(fields.length === 0 ? {} : { schema: { fields } }),
    ...(dryRun || (fields.length === 0 && result.statementType !== 'SELECT')
      ? {}
      : { totalRows: String(result.rows.length) }),
    ...resultPage(result, request),
    ...(affectedRows === undefined ? {} : { numDmlAffectedRows: String(affectedRows) }),
    ...(dmlStatistics === undefined ? {} : { dmlStats: dmlStats(dmlStatistics) }),
  };
}
