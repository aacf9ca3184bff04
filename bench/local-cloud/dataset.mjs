import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES, provisionDataset } from '@pipeline/local-cloud';
import { startLocalCloud } from './processes.mjs';

const { projectId, dataset: datasetId } = DEFAULT_PIPELINE_NAMES;

/** Runs a task with a local cloud of its own whose dataset is empty, and returns its result. */
export async function withDataset(task) {
  const cloud = await startLocalCloud();
  try {
    const endpoint = `http://127.0.0.1:${cloud.bigqueryPort}`;
    await provisionDataset(DEFAULT_PIPELINE_NAMES, endpoint);
    const client = new BigqueryClient({ projectId, datasetId, endpoint, timeoutMs: 600_000 });
    return await task({ cloud, endpoint, client, sql: new BigquerySql(client) });
  } finally {
    await cloud.stop();
  }
}
