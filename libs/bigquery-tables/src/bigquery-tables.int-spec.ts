import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { BigqueryClient } from '@pipeline/google-clients';
import { startBigqueryEmulator } from '@pipeline/local-cloud';
import { describeTablesContract } from '@pipeline/testing';
import { BigqueryTableStore } from './schema-changes/bigquery-table-store.adapter.js';
import { createRowAppender } from './rows/create-row-appender.js';

const projectId = 'local-project';
const datasetId = 'events';

describeTablesContract('BigQuery', async () => {
  const emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  const endpoint = `http://127.0.0.1:${emulator.port}`;
  const official = new BigQuery({ projectId, apiEndpoint: endpoint, authClient: new PassThroughClient() });
  await official.createDataset(datasetId);
  const client = new BigqueryClient({ projectId, datasetId, endpoint });
  const storageEndpoint = `127.0.0.1:${emulator.storageWritePort}`;
  const appender = createRowAppender({ projectId, datasetId, endpoint: storageEndpoint });
  return {
    store: new BigqueryTableStore(client),
    appender,
    rows: async (tableId) => {
      const [rows] = await official.query({
        query: `SELECT * FROM \`${projectId}.${datasetId}.${tableId}\``,
      });
      return rows as readonly Readonly<Record<string, unknown>>[];
    },
    viewQuery: (tableId) => `SELECT * FROM \`${projectId}.${datasetId}.${tableId}\``,
    storeWithoutDataset: new BigqueryTableStore(
      new BigqueryClient({ projectId, datasetId: 'no_such_dataset', endpoint }),
    ),
    stop: async () => {
      await appender.close?.();
      await emulator.stop();
    },
  };
});
