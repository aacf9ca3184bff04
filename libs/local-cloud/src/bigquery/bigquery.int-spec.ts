import { describeBigquery } from './bigquery.contract.js';
import { startBigqueryEmulator } from './index.js';
import { localClient } from './testing/local-client.builder.js';

describeBigquery('The embedded BigQuery', async () => {
  const emulator = await startBigqueryEmulator({ host: '127.0.0.1', port: 0, log: () => undefined });
  const endpoint = `http://127.0.0.1:${emulator.port}`;
  return { client: localClient(emulator.port), endpoint, stop: () => emulator.stop() };
});
