import { BigqueryClient } from '@pipeline/google-clients';
import { DEFAULT_PIPELINE_NAMES, provisionDataset, startBigqueryEmulator } from '@pipeline/local-cloud';
import { describeHistoryContract } from '@pipeline/testing';
import { BigquerySchemaHistory } from './bigquery-schema-history.adapter.js';
import { createRowAppender } from '../rows/create-row-appender.js';

describeHistoryContract('BigQuery', async () => {
  const emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  const endpoint = `http://127.0.0.1:${emulator.port}`;
  await provisionDataset(DEFAULT_PIPELINE_NAMES, endpoint);
  const dataset = {
    projectId: DEFAULT_PIPELINE_NAMES.projectId,
    datasetId: DEFAULT_PIPELINE_NAMES.dataset,
  };
  const storageEndpoint = `127.0.0.1:${emulator.storageWritePort}`;
  const appender = createRowAppender({ ...dataset, endpoint: storageEndpoint });
  return {
    history: new BigquerySchemaHistory(new BigqueryClient({ ...dataset, endpoint }), appender),
    stop: async () => {
      await appender.close?.();
      await emulator.stop();
    },
  };
});
