export { startBigqueryEmulator } from './bigquery/index.js';
export { startEventarcEmulator } from './eventarc/index.js';
export {
  DEFAULT_LOCAL_CLOUD_PORTS,
  startLocalCloud,
  type LocalCloud,
  type LocalCloudOptions,
  type LocalCloudPorts,
} from './local-cloud.js';
export type { ObjectWriter, RequestLog, TableAddress, TableWriter } from './ports.js';
export { DEFAULT_PIPELINE_NAMES, type PipelineNames } from './provision/pipeline-resources.js';
export {
  provisionDataset,
  provisionPipeline,
  type ProvisionTargets,
} from './provision/provision-pipeline.js';
export { startPubsubEmulator } from './pubsub/index.js';
export { startStorageEmulator } from './storage/index.js';
