import type { CloudError, CloudErrorCode } from './cloud.errors.js';

/** A dataset by its names. */
export interface DatasetAddress {
  readonly projectId: string;
  readonly datasetId: string;
}

/**
 * Returns the remedy of a setup error as one sentence with the command or the role; null if no operator can help.
 * Roles: tables need `roles/bigquery.dataEditor` on the dataset, statements and queries `roles/bigquery.jobUser` on
 * the project. Tables whose names begin with `_` are the pipeline's own. Source: BigQuery IAM roles and permissions,
 * read 2026-11-23.
 */
export function remedyFor(
  { code, message, tableId }: Pick<CloudError, 'code' | 'message' | 'tableId'>,
  { projectId, datasetId }: DatasetAddress,
): string | null {
  const subject = `dataset ${datasetId} of project ${projectId}`;
  const remedies: Partial<Record<CloudErrorCode, string>> = {
    DATASET_NOT_FOUND: `dataset ${datasetId} does not exist in project ${projectId}: create it with bq mk --dataset ${projectId}:${datasetId}`,
    PERMISSION_DENIED: /bigquery\.jobs\./.test(message)
      ? `grant roles/bigquery.jobUser on project ${projectId} to this service's account`
      : `grant roles/bigquery.dataEditor on ${subject} to this service's account`,
    UNAUTHENTICATED:
      'run this service as a service account, or give it credentials with gcloud auth application-default login',
    API_DISABLED: `enable the API with gcloud services enable bigquery.googleapis.com --project ${projectId}`,
    BILLING_DISABLED: `link a billing account with gcloud billing projects link ${projectId} --billing-account ACCOUNT`,
    TABLE_UNUSABLE: message,
    PROJECT_NOT_FOUND: `project ${projectId} does not exist: set GCP_PROJECT_ID to one that does`,
  };
  return code === 'TABLE_NOT_FOUND' && tableId?.startsWith('_') === true
    ? `table ${tableId} does not exist in ${subject}: create it with terraform apply`
    : (remedies[code] ?? null);
}
