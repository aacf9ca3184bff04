import { archiveDatasetOf } from '@pipeline/google-clients';
import { UsageError } from './exit-codes.js';

/** The project, datasets and endpoints of a command. */
export interface Connection {
  readonly projectId: string;
  readonly dataset: string;
  /** Dataset of `_raw_events` and `_ledger`. */
  readonly archiveDataset: string;
  /** URL of a BigQuery emulator; the real service when absent. */
  readonly bigqueryUrl?: string;
  /** host:port of a Pub/Sub emulator; the real service when absent. */
  readonly pubsubHost?: string;
  readonly isLocal: boolean;
}

/** As commander gives them. */
export interface ConnectionOptions {
  readonly project?: string;
  readonly dataset?: string;
  readonly archiveDataset?: string;
  readonly local?: boolean;
}

const LOCAL_PROJECT = 'local-project';
const DEFAULT_DATASET = 'prod_events_dataset';

/**
 * Options first, then the environment that the services read, then the local cloud's defaults with `--local`.
 * @throws UsageError where no project is named
 */
export function resolveConnection(
  { project, dataset: givenDataset, archiveDataset, local = false }: ConnectionOptions,
  environment: Readonly<Record<string, string | undefined>>,
): Connection {
  const bigqueryUrl =
    environment['BIGQUERY_EMULATOR_HOST'] ??
    (local ? `http://127.0.0.1:${environment['BIGQUERY_PORT'] ?? '9050'}` : undefined);
  const pubsubHost =
    environment['PUBSUB_EMULATOR_HOST'] ??
    (local ? `127.0.0.1:${environment['PUBSUB_PORT'] ?? '8085'}` : undefined);
  const projectId = project ?? (local ? LOCAL_PROJECT : environment['GCP_PROJECT_ID']);
  if (projectId === undefined || projectId === '')
    throw new UsageError(
      'Which project? Name it with --project or GCP_PROJECT_ID, or take the local cloud with --local.',
    );
  const dataset = givenDataset ?? environment['DATASET'] ?? DEFAULT_DATASET;
  return {
    projectId,
    dataset,
    archiveDataset: archiveDataset ?? environment['ARCHIVE_DATASET'] ?? archiveDatasetOf(dataset),
    ...(bigqueryUrl === undefined ? {} : { bigqueryUrl }),
    ...(pubsubHost === undefined ? {} : { pubsubHost }),
    isLocal: bigqueryUrl !== undefined,
  };
}
