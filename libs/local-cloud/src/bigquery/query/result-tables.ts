import { type JsonObject, objectAt } from '../rules/json.js';
import type { TableName } from '../rules/table-resource.js';
import type { Job, Jobs } from './job.js';
import type { StatementResult } from './query-engine.js';

/** Hidden as BigQuery's own, whose name has digits of the user. */
const RESULTS_DATASET = '_results';
const PREFIX = 'anon_';

/**
 * The `destinationTable` that the resource of a query job names although the query has none: the official Java client reads results there.
 *
 * Source: cloud.google.com/bigquery/docs/cached-results (anonymous tables) and REST reference of JobConfigurationQuery, from memory on 2026-11-30.
 */
export function resultTable(job: Job): TableName | undefined {
  const { outcome, configuration, dryRun, projectId, jobId } = job;
  if (dryRun || outcome?.kind !== 'result' || outcome.result.statementType !== 'SELECT') return undefined;
  const hasDestination = objectAt(configuration, 'query')['destinationTable'] !== undefined;
  return hasDestination ? undefined : { projectId, datasetId: RESULTS_DATASET, tableId: `${PREFIX}${jobId}` };
}

/** The configuration of a job with the table of its result. */
export function withResultTable(job: Job): JsonObject {
  const table = resultTable(job);
  if (table === undefined) return job.configuration;
  return {
    ...job.configuration,
    query: { ...objectAt(job.configuration, 'query'), destinationTable: { ...table } },
  };
}

/** The result that a table of {@link resultTable} has, while its job is remembered. Errors: `notFound` for another job. */
export function resultNamed(
  jobs: Pick<Jobs, 'get'>,
  { projectId, datasetId, tableId }: TableName,
): StatementResult | undefined {
  if (datasetId !== RESULTS_DATASET || !tableId.startsWith(PREFIX)) return undefined;
  const { outcome } = jobs.get(projectId, tableId.slice(PREFIX.length));
  return outcome?.kind === 'result' ? outcome.result : undefined;
}
