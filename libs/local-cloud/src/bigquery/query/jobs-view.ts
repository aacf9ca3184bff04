import type { Field } from '../rules/field-schema.js';
import { isJsonObject, objectAt, stringAt } from '../rules/json.js';
import { quoteText } from '../warehouse/duckdb-types.js';
import { type Value, valuesRelation } from './values-relation.js';
import type { Job } from './job.js';

const field = (name: string, type: Field['type'], fields?: readonly Field[]): Field => ({
  name,
  type,
  mode: 'NULLABLE',
  ...(fields === undefined ? {} : { fields }),
});
const repeated = (of: Field): Field => ({ ...of, mode: 'REPEATED' });

const TABLE = [field('project_id', 'STRING'), field('dataset_id', 'STRING'), field('table_id', 'STRING')];
const COLUMNS: readonly Field[] = [
  field('creation_time', 'TIMESTAMP'),
  field('project_id', 'STRING'),
  field('user_email', 'STRING'),
  field('job_id', 'STRING'),
  field('job_type', 'STRING'),
  field('statement_type', 'STRING'),
  field('priority', 'STRING'),
  field('start_time', 'TIMESTAMP'),
  field('end_time', 'TIMESTAMP'),
  field('query', 'STRING'),
  field('state', 'STRING'),
  field('total_bytes_processed', 'INTEGER'),
  field('total_bytes_billed', 'INTEGER'),
  field('total_slot_ms', 'INTEGER'),
  field('cache_hit', 'BOOLEAN'),
  field('error_result', 'RECORD', [
    field('reason', 'STRING'),
    field('location', 'STRING'),
    field('message', 'STRING'),
  ]),
  field('destination_table', 'RECORD', TABLE),
  repeated(field('labels', 'RECORD', [field('key', 'STRING'), field('value', 'STRING')])),
  field('parent_job_id', 'STRING'),
  field('dml_statistics', 'RECORD', [
    field('inserted_row_count', 'INTEGER'),
    field('deleted_row_count', 'INTEGER'),
    field('updated_row_count', 'INTEGER'),
  ]),
];

/** Names of INFORMATION_SCHEMA views that list jobs; a local server has one user. */
export const JOBS_VIEWS: ReadonlySet<string> = new Set(['JOBS', 'JOBS_BY_PROJECT', 'JOBS_BY_USER']);

/**
 * INFORMATION_SCHEMA.JOBS: the jobs that this server remembers, with the columns that it has values for.
 *
 * Source: cloud.google.com/bigquery/docs/information-schema-jobs, from memory on 2026-11-29.
 */
export function jobsView(jobs: readonly Job[]): { readonly sql: string; readonly fields: readonly Field[] } {
  return { sql: valuesRelation(COLUMNS, jobs.map(rowOf)), fields: COLUMNS };
}

function rowOf(job: Job): Value[] {
  const query = objectAt(job.configuration, 'query');
  const result = job.outcome?.kind === 'result' ? job.outcome.result : undefined;
  const error = job.outcome?.kind === 'error' ? job.outcome.error : undefined;
  const created = new Date(job.createdMs).toISOString();
  return [
    created,
    job.projectId,
    'local@localhost',
    job.jobId,
    job.configuration['load'] === undefined ? 'QUERY' : 'LOAD',
    job.configuration['load'] === undefined ? (result?.statementType ?? null) : null,
    stringAt(query, 'priority') ?? 'INTERACTIVE',
    created,
    job.endedMs === undefined ? null : new Date(job.endedMs).toISOString(),
    stringAt(query, 'query') ?? null,
    job.outcome === undefined ? 'RUNNING' : 'DONE',
    result?.bytesProcessed ?? 0,
    result?.bytesBilled ?? 0,
    0,
    false,
    error === undefined
      ? null
      : struct({ reason: error.reason, location: error.location ?? null, message: error.message }),
    destinationOf(query),
    labelsOf(job),
    job.parentJobId ?? null,
    result?.dmlStatistics === undefined
      ? null
      : struct({
          inserted_row_count: result.dmlStatistics.inserted,
          deleted_row_count: result.dmlStatistics.deleted,
          updated_row_count: result.dmlStatistics.updated,
        }),
  ];
}

function destinationOf(query: Readonly<Record<string, unknown>>): Value {
  const table = query['destinationTable'];
  if (!isJsonObject(table)) return null;
  const text = (key: string): string | null => stringAt(table, key) ?? null;
  return struct({ project_id: text('projectId'), dataset_id: text('datasetId'), table_id: text('tableId') });
}

function labelsOf(job: Job): Value {
  const labels = Object.entries(objectAt(job.configuration, 'labels'));
  const items = labels.map(([key, value]) => struct({ key, value: String(value) }).sql);
  return { sql: `[${items.join(', ')}]` };
}

function struct(values: Readonly<Record<string, string | number | null>>): { readonly sql: string } {
  const members = Object.entries(values).map(([name, value]) => {
    const sql = value === null ? 'NULL' : typeof value === 'number' ? String(value) : quoteText(value);
    return `${name} := ${sql}`;
  });
  return { sql: `struct_pack(${members.join(', ')})` };
}
