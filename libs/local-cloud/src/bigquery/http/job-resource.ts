import { LoadFailure } from '../load/load-failure.js';
import type { LoadResult } from '../load/load-job.js';
import type { JsonObject } from '../rules/json.js';
import type { Job } from '../query/job.js';
import type { StatementResult } from '../query/query-engine.js';
import { withResultTable } from '../query/result-tables.js';

/** The REST resource of a job. Source: cloud.google.com/bigquery/docs/reference/rest/v2/Job, read 2026-11-22. */
export function jobResource(job: Job, origin: string): JsonObject {
  const { projectId, jobId, location, outcome } = job;
  const id = `${projectId}:${location}.${jobId}`;
  return {
    kind: 'bigquery#job',
    etag: jobId,
    id,
    selfLink: `${origin}/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    user_email: 'local@localhost',
    configuration: {
      jobType: job.configuration['load'] === undefined ? 'QUERY' : 'LOAD',
      ...withResultTable(job),
    },
    jobReference: { projectId, jobId, location },
    status: { state: outcome === undefined ? 'RUNNING' : 'DONE', ...errorsOf(job) },
    statistics: {
      creationTime: String(job.createdMs),
      startTime: String(job.createdMs),
      ...(job.endedMs === undefined ? {} : { endTime: String(job.endedMs) }),
      ...resultStatistics(job),
    },
  };
}

function errorsOf({ outcome }: Job): JsonObject {
  if (outcome?.kind === 'error') {
    const details = outcome.failure instanceof LoadFailure ? outcome.failure.details : [];
    return { errorResult: outcome.error, errors: [outcome.error, ...details] };
  }
  const warnings = outcome?.load?.warnings ?? [];
  return warnings.length === 0 ? {} : { errors: warnings };
}

function resultStatistics(job: Job): JsonObject {
  const { outcome, configuration } = job;
  if (configuration['load'] === undefined)
    return {
      totalBytesProcessed: String(outcome?.kind === 'result' ? (outcome.result.bytesProcessed ?? 0) : 0),
      ...(job.childJobs === 0 ? {} : { numChildJobs: String(job.childJobs) }),
      ...(job.parentJobId === undefined
        ? {}
        : { parentJobId: job.parentJobId, scriptStatistics: { evaluationKind: 'STATEMENT' } }),
      ...(outcome?.kind === 'result' ? { query: queryStatistics(outcome.result) } : {}),
    };
  return outcome?.kind === 'result' && outcome.load !== undefined
    ? { load: loadStatistics(outcome.load) }
    : {};
}

function loadStatistics(load: LoadResult): JsonObject {
  return {
    inputFiles: String(load.inputFiles),
    inputFileBytes: String(load.inputFileBytes),
    outputRows: String(load.outputRows),
    outputBytes: String(load.outputBytes),
    badRecords: String(load.badRecords),
  };
}

/** Rows that a statement changed, by kind. Source: reference/rest/v2/DmlStats, from memory on 2026-11-29. */
export function dmlStats(counts: NonNullable<StatementResult['dmlStatistics']>): JsonObject {
  return {
    insertedRowCount: String(counts.inserted),
    updatedRowCount: String(counts.updated),
    deletedRowCount: String(counts.deleted),
  };
}

function queryStatistics(result: StatementResult): JsonObject {
  return {
    statementType: result.statementType,
    totalBytesProcessed: String(result.bytesProcessed ?? 0),
    totalBytesBilled: String(result.bytesBilled ?? 0),
    cacheHit: false,
    ...(result.fields.length === 0 ? {} : { schema: { fields: result.fields } }),
    ...(result.affectedRows === undefined ? {} : { numDmlAffectedRows: String(result.affectedRows) }),
    ...(result.dmlStatistics === undefined ? {} : { dmlStats: dmlStats(result.dmlStatistics) }),
    ...(result.ddlOperation === undefined ? {} : { ddlOperationPerformed: result.ddlOperation }),
    ...(result.target === undefined || result.ddlOperation === undefined
      ? {}
      : { ddlTargetTable: result.target }),
    ...(result.routine === undefined ? {} : { ddlTargetRoutine: result.routine }),
  };
}
