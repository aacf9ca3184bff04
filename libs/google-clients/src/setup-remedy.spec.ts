import { describe, expect, it } from '@jest/globals';
import { remedyFor } from './setup-remedy.js';
import { CloudError, type CloudErrorCode } from './cloud.errors.js';

const dataset = { projectId: 'p', datasetId: 'd' };

function remedy(code: CloudErrorCode, message = '', tableId = 't'): string | null {
  return remedyFor(new CloudError({ code, message, tableId }), dataset);
}

describe('remedyFor', () => {
  it.each<[string, CloudErrorCode, string, string]>([
    ['a missing dataset', 'DATASET_NOT_FOUND', '', 'bq mk --dataset p:d'],
    [
      'no right to change tables',
      'PERMISSION_DENIED',
      'Access Denied: Table p:d.t: Permission bigquery.tables.update denied',
      'roles/bigquery.dataEditor on dataset d of project p',
    ],
    [
      'no right to run statements',
      'PERMISSION_DENIED',
      'Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.',
      'roles/bigquery.jobUser on project p',
    ],
    ['no credentials', 'UNAUTHENTICATED', '', 'service account'],
    ['an API that is off', 'API_DISABLED', '', 'gcloud services enable bigquery.googleapis.com --project p'],
    ['no billing', 'BILLING_DISABLED', '', 'gcloud billing projects link p'],
    [
      'a table that cannot be used',
      'TABLE_UNUSABLE',
      'orders is a view, not a table: rename it',
      'rename it',
    ],
    ['a missing project', 'PROJECT_NOT_FOUND', '', 'GCP_PROJECT_ID'],
  ])('says what to do about %s', (_name, code, message, wanted) => {
    expect(remedy(code, message)).toContain(wanted);
  });

  it('says which table of ours is missing, and nothing of an event table, which is made by itself', () => {
    expect(remedy('TABLE_NOT_FOUND', '', '_schema_history')).toContain('terraform apply');
    expect(remedy('TABLE_NOT_FOUND', '', 'orders')).toBeNull();
  });

  it.each<CloudErrorCode>(['UNAVAILABLE', 'RATE_LIMITED', 'CONTENDED', 'INVALID'])(
    'needs no operator for %s',
    (code) => {
      expect(remedy(code)).toBeNull();
    },
  );
});
