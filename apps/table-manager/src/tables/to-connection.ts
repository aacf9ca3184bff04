import type { BigqueryTablesOptions } from '@pipeline/bigquery-tables';
import type { TableManagerSettings } from '../config/table-manager.settings.js';

/** The dataset as the settings name it. */
export function toConnection(settings: Readonly<TableManagerSettings>): BigqueryTablesOptions {
  const { projectId, dataset: datasetId, eventDeadlineMs: timeoutMs } = settings;
  const { bigqueryEmulatorHost: endpoint, bigqueryStorageEmulatorHost: storageEndpoint } = settings;
  return {
    projectId,
    datasetId,
    timeoutMs,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(storageEndpoint === undefined ? {} : { storageEndpoint }),
  };
}
