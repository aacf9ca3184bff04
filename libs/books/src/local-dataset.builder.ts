import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES, provisionDataset, startLocalCloud } from '@pipeline/local-cloud';

const { projectId, dataset: datasetId } = DEFAULT_PIPELINE_NAMES;

/** The pipeline's dataset in a local cloud of a spec's own. */
export interface LocalDataset {
  readonly sql: BigquerySql;
  /** Address of BigQuery's REST API. */
  readonly bigqueryUrl: string;
  stop(): Promise<void>;
}

/** `timeoutMs`: longest wait for one answer of BigQuery. */
export async function startLocalDataset(timeoutMs = 120_000): Promise<LocalDataset> {
  const cloud = await startLocalCloud({
    ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
  });
  const bigqueryUrl = cloud.urls.bigquery;
  await provisionDataset(DEFAULT_PIPELINE_NAMES, bigqueryUrl);
  const client = new BigqueryClient({ projectId, datasetId, endpoint: bigqueryUrl, timeoutMs });
  return { sql: new BigquerySql(client), bigqueryUrl, stop: () => cloud.stop() };
}
