import { HISTORY_TABLE } from './history-row.js';
import type { TableError, TableErrorCode } from './table.errors.js';

/** The dataset that the tables are in. */
export interface DatasetAddress {
  readonly projectId: string;
  readonly datasetId: string;
}

/**
 * What a person has to do about an error, as one sentence with the command or the role; null where nobody has to do
 * anything. Roles: tables need `roles/bigquery.dataEditor` on the dataset, statements and queries
 * `roles/bigquery.jobUser` on the project. Source: BigQuery IAM roles and permissions, read 2026-11-23.
 */
export function remedyFor(
  { code, message, tableId }: Pick<TableError, 'code' | 'message' | 'tableId'>,
  { projectId, datasetId }: DatasetAddress,
): string | null {
  const subject = `dataset ${datasetId} of project ${projectId}`;
  const remedies: Partial<Record<TableErrorCode, string>> = {
    DATASET_NOT_FOUND: `dataset ${datasetId} does not exist in project ${projectId}: create it with bq mk --dataset ${projectId}:${datasetId}`,
    PERMISSION_DENIED: /bigquery\.jobs\./.test(message)
      ? `grant roles/bigquery.jobUser on project ${projectId} to this service's account`
      : `grant roles/bigquery.dataEditor on ${subject} to this service's account`,
    UNAUTHENTICATED:
      'run this service as a service account, or give it credentials with gcloud auth application-default login',
    API_DISABLED: `enable the API with gcloud services enable bigquery.googleapis.com --project ${projectId}`,
    BILLING_DISABLED: `link a billing account with gcloud billing projects link ${projectId} --billing-account ACCOUNT`,
    PROJECT_NOT_FOUND: `project ${projectId} does not exist: set GCP_PROJECT_ID to one that does`,
  };
  return code === 'TABLE_NOT_FOUND' && tableId === HISTORY_TABLE
    ? `table ${HISTORY_TABLE} does not exist in ${subject}: create it with terraform apply`
    : (remedies[code] ?? null);
}
