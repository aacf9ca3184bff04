import { randomUUID } from 'node:crypto';
import { BigqueryError, type ErrorProto, invalid, notFound } from '../rules/api-error.js';
import { isJsonObject, type JsonObject, objectAt, stringAt } from '../rules/json.js';
import { cancellable } from '../cancellation.js';
import { type LoadConfiguration, parseLoadConfiguration } from '../load/load-configuration.js';
import type { LoadResult } from '../load/load-job.js';
import type { QueryEngine, StatementResult } from './query-engine.js';
import { destinationOf, runInto } from './destination.js';
import { parseParameters } from './query-parameters.js';
import { runSql } from './run-sql.js';

/** Jobs, and rows and bytes of results, kept for later reading; those that ended first are forgotten. */
const MAX_JOBS = 2000;
const MAX_ROWS = 1_000_000;
const MAX_BYTES = 512 * 1024 * 1024;

/** A query or load job: running until `outcome` is there; `done` settles with it. */
export interface Job {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly configuration: JsonObject;
  readonly createdMs: number;
  readonly dryRun: boolean;
  /** The script that this statement is part of. */
  readonly parentJobId: string | undefined;
  /** Statements of this script that have begun. */
  childJobs: number;
  readonly done: Promise<unknown>;
  /** Ends the job with the given error; without effect once it has ended. */
  readonly cancel: (reason: BigqueryError) => void;
  endedMs: number | undefined;
  outcome: Outcome | undefined;
}

type Outcome =
  | { readonly kind: 'result'; readonly result: StatementResult; readonly load?: LoadResult }
  | { readonly kind: 'error'; readonly error: ErrorProto; readonly failure: BigqueryError };

/** Runs the job's load; `upload` is the content that its request brought. */
export type StartLoad = (
  load: LoadConfiguration,
  upload: AsyncIterable<Uint8Array> | undefined,
) => Promise<LoadResult>;

/** The result of a job that has no rows to read. */
const NO_ROWS: StatementResult = { statementType: 'LOAD', fields: [], rows: [] };

/** Runs query and load jobs and remembers their results, in memory. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  /** In the order in which they ended: a job that ran long must be there for those who wait for it. */
  readonly #ended = new Set<Job>();
  #rows = 0;
  #bytes = 0;

  constructor(
    private readonly engine: QueryEngine,
    private readonly load: StartLoad,
    private readonly now: () => number,
  ) {
    engine.jobsOf = (projectId) => this.all(projectId);
  }

  /** Starts a job; for a load job, `upload` is the content that the request brought. */
  start(
    projectId: string,
    reference: JsonObject,
    configuration: JsonObject,
    upload?: AsyncIterable<Uint8Array>,
  ): Job {
    const jobId = stringAt(reference, 'jobId') ?? `job_${randomUUID().replaceAll('-', '')}`;
    if (!/^[A-Za-z0-9_-]{1,1024}$/.test(jobId)) throw invalid(`Invalid job ID "${jobId}".`);
    const location = stringAt(reference, 'location') ?? 'US';
    if (this.#jobs.has(`${projectId}:${jobId}`))
      throw new BigqueryError({
        reason: 'duplicate',
        message: `Already Exists: Job ${projectId}:${location}.${jobId}`,
      });
    const load = isJsonObject(configuration['load'])
      ? parseLoadConfiguration(configuration['load'], projectId)
      : undefined;
    if (load !== undefined && configuration['dryRun'] === true)
      throw invalid('dryRun is for query jobs only.', 'dryRun');
    const dryRun = configuration['dryRun'] === true;
    const started = Promise.withResolvers<undefined>();
    const cancellation = new AbortController();
    const job: Job = {
      projectId,
      jobId,
      location,
      configuration,
      createdMs: this.now(),
      dryRun,
      parentJobId: undefined,
      childJobs: 0,
      done: started.promise,
      cancel: (reason) => {
        cancellation.abort(reason);
      },
      endedMs: undefined,
      outcome: undefined,
    };
    if (!dryRun) this.#remember(job);
    const limitMs = timeLimitMs(configuration);
    const timer = setTimeout(() => {
      job.cancel(timedOut(limitMs));
    }, limitMs);
    void cancellable(cancellation.signal, () =>
      this.#settle(job, () => this.#run(job, load, upload)),
    ).finally(() => {
      clearTimeout(timer);
      started.resolve(undefined);
    });
    return job;
  }

  get(projectId: string, jobId: string): Job {
    const job = this.#jobs.get(`${projectId}:${jobId}`);
    if (job === undefined) throw notFound(`Job ${projectId}:${jobId}`);
    return job;
  }

  /** Jobs, the newest first: those of a script if `parentJobId` is given, else those that are part of none. */
  list(projectId: string, parentJobId?: string): Job[] {
    return [...this.#jobs.values()]
      .filter((job) => job.projectId === projectId && job.parentJobId === parentJobId)
      .reverse();
  }

  /** All jobs of a project, the newest first, with the statements of scripts. */
  all(projectId: string): Job[] {
    return [...this.#jobs.values()].filter((job) => job.projectId === projectId).reverse();
  }

  // A statement of a script is a job of its own beside the script's.
  async #runChild(parent: Job, text: string, run: () => Promise<StatementResult>): Promise<StatementResult> {
    const done = Promise.withResolvers<undefined>();
    const child: Job = {
      ...parent,
      jobId: `script_job_${randomUUID().replaceAll('-', '')}_${parent.childJobs}`,
      configuration: { jobType: 'QUERY', query: { query: text, useLegacySql: false } },
      createdMs: this.now(),
      parentJobId: parent.jobId,
      childJobs: 0,
      done: done.promise,
      endedMs: undefined,
      outcome: undefined,
    };
    parent.childJobs += 1;
    this.#remember(child);
    await this.#settle(child, async () => ({ kind: 'result', result: await run() }));
    done.resolve(undefined);
    if (child.outcome?.kind === 'result') return child.outcome.result;
    throw child.outcome?.failure ?? cancelled();
  }

  forget(projectId: string, jobId: string): void {
    this.#drop(this.get(projectId, jobId));
  }

  async #run(
    job: Job,
    load: LoadConfiguration | undefined,
    upload: AsyncIterable<Uint8Array> | undefined,
  ): Promise<Outcome> {
    if (load !== undefined) return { kind: 'result', result: NO_ROWS, load: await this.load(load, upload) };
    return { kind: 'result', result: await this.#execute(job, objectAt(job.configuration, 'query')) };
  }

  async #settle(job: Job, run: () => Promise<Outcome>): Promise<void> {
    try {
      job.outcome = await run();
    } catch (error) {
      const failure = BigqueryError.from(error);
      job.outcome = { kind: 'error', error: failure.toProto(), failure };
    }
    job.endedMs = this.now();
    if (this.#jobs.get(keyOf(job)) !== job) return;
    this.#ended.add(job);
    this.#rows += rowsOf(job);
    this.#bytes += bytesOf(job);
    this.#forgetOldest(job);
  }

  #execute(job: Job, query: JsonObject): Promise<StatementResult> {
    const sql = stringAt(query, 'query') ?? '';
    if (sql.trim() === '')
      throw new BigqueryError({ reason: 'required', message: 'Required parameter is missing: query' });
    if (query['useLegacySql'] === true)
      throw invalid('Legacy SQL is not supported by this server: set useLegacySql to false.', 'useLegacySql');
    refuseSettings(query);
    const dataset = objectAt(query, 'defaultDataset');
    const datasetId = stringAt(dataset, 'datasetId');
    const context = {
      projectId: job.projectId,
      defaultDataset:
        datasetId === undefined
          ? undefined
          : { projectId: stringAt(dataset, 'projectId') ?? job.projectId, datasetId },
      parameters: parseParameters(query['queryParameters']),
      ...maximumBytesBilled(query),
      asChildJob: (text: string, run: () => Promise<StatementResult>) => this.#runChild(job, text, run),
    };
    const destination = job.dryRun ? undefined : destinationOf(query, job.projectId);
    if (destination !== undefined) return runInto(this.engine, sql, context, destination);
    return runSql(this.engine, sql, context, job.dryRun);
  }

  #remember(job: Job): void {
    this.#jobs.set(keyOf(job), job);
    this.#forgetOldest(job);
  }

  #forgetOldest(newest: Job): void {
    for (const job of this.#ended) {
      if (this.#jobs.size <= MAX_JOBS && this.#rows <= MAX_ROWS && this.#bytes <= MAX_BYTES) return;
      if (job !== newest) this.#drop(job);
    }
  }

  #drop(job: Job): void {
    this.#jobs.delete(keyOf(job));
    if (!this.#ended.delete(job)) return;
    this.#rows -= rowsOf(job);
    this.#bytes -= bytesOf(job);
  }
}

function keyOf({ projectId, jobId }: Job): string {
  return `${projectId}:${jobId}`;
}

/** Longest time of a query in milliseconds; `jobTimeoutMs` of a job may be shorter. */
const MAX_QUERY_MS = 300_000;

function timeLimitMs(configuration: JsonObject): number {
  const wanted = Number(configuration['jobTimeoutMs'] ?? MAX_QUERY_MS);
  return wanted > 0 ? Math.min(wanted, MAX_QUERY_MS) : MAX_QUERY_MS;
}

function timedOut(limitMs: number): BigqueryError {
  return new BigqueryError({ reason: 'timeout', message: `Job timed out after ${limitMs / 1_000} seconds` });
}

/** The error of a job that its caller has ended. */
export function cancelled(): BigqueryError {
  return new BigqueryError({
    reason: 'stopped',
    message: 'Job execution was cancelled: User requested cancellation',
  });
}

function rowsOf(job: Job): number {
  return job.outcome?.kind === 'result' ? job.outcome.result.rows.length : 0;
}

function bytesOf(job: Job): number {
  return job.outcome?.kind === 'result' ? (job.outcome.result.bytes ?? 0) : 0;
}

const UNSUPPORTED = [
  'tableDefinitions',
  'userDefinedFunctionResources',
  'schemaUpdateOptions',
  'scriptOptions',
  'connectionProperties',
  'createSession',
];

function maximumBytesBilled(query: JsonObject): { readonly maximumBytesBilled?: number } {
  const value = query['maximumBytesBilled'];
  if (value === undefined || value === null) return {};
  const bytes = Number(value);
  if (!Number.isSafeInteger(bytes) || bytes < 0)
    throw invalid(`Invalid value for maximumBytesBilled: ${JSON.stringify(value)}`, 'maximumBytesBilled');
  // Zero is no limit.
  return bytes === 0 ? {} : { maximumBytesBilled: bytes };
}

function refuseSettings(query: JsonObject): void {
  for (const key of UNSUPPORTED) {
    const value = query[key];
    const empty =
      value === undefined ||
      value === null ||
      value === false ||
      (Array.isArray(value) && value.length === 0) ||
      (isJsonObject(value) && Object.keys(value).length === 0);
    if (!empty) throw invalid(`${key} is not supported by this server.`, key);
  }
}
