import { archiveDatasetOf } from '@pipeline/google-clients';
import { describeRun, type PipelineRun } from '../start/run-files.js';
import { PORT_SETTINGS, portsFrom } from '../start/start.options.js';
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
  /** URL of a Cloud Storage emulator; the real service when absent. */
  readonly storageUrl?: string;
  readonly isLocal: boolean;
}

/** As commander gives them. */
export interface ConnectionOptions {
  readonly project?: string;
  readonly dataset?: string;
  readonly archiveDataset?: string;
  readonly local?: boolean;
  readonly portBase?: number;
}

const LOCAL_PROJECT = 'local-project';
const DEFAULT_DATASET = 'prod_events_dataset';

/** The process environment, and the pipelines that run on this machine. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly runs: () => readonly PipelineRun[];
}

/**
 * Options first, then the environment that the services read. With `--local`: the ports of `--port-base`, else those of the
 * environment, else of the pipeline that runs, else the default ones.
 * @throws UsageError if no project is named, or several pipelines run
 */
export function resolveConnection(
  { project, dataset: givenDataset, archiveDataset, local = false, portBase }: ConnectionOptions,
  { environment, runs }: Surroundings,
): Connection {
  const isNamed = ['BIGQUERY_EMULATOR_HOST', 'PUBSUB_EMULATOR_HOST'].every(
    (name) => environment[name] !== undefined,
  );
  const ports = local && !isNamed ? localPorts(portBase, { environment, runs }) : null;
  const bigqueryUrl =
    environment['BIGQUERY_EMULATOR_HOST'] ??
    (ports === null ? undefined : `http://127.0.0.1:${ports.bigqueryPort}`);
  const pubsubHost =
    environment['PUBSUB_EMULATOR_HOST'] ?? (ports === null ? undefined : `127.0.0.1:${ports.pubsubPort}`);
  const isLocal = bigqueryUrl !== undefined;
  const storageUrl = isLocal ? storageUrlOf(environment, ports) : undefined;
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
    ...(storageUrl === undefined ? {} : { storageUrl }),
    isLocal,
  };
}

type LocalPorts = Pick<PipelineRun['ports'], 'pubsubPort' | 'bigqueryPort' | 'storagePort'>;

function storageUrlOf(environment: Surroundings['environment'], ports: LocalPorts | null): string {
  const port = ports?.storagePort ?? portOf('storagePort', environment);
  return environment['STORAGE_EMULATOR_HOST'] ?? `http://127.0.0.1:${port}`;
}

function localPorts(portBase: number | undefined, { environment, runs }: Surroundings): LocalPorts {
  const isSet = PORT_SETTINGS.some(({ variable }) => environment[variable] !== undefined);
  const base = portBase ?? (isSet ? undefined : numberOf(environment['PORT_BASE']));
  if (base !== undefined)
    return runs().find(({ ports }) => ports.pubsubPort === base)?.ports ?? portsFrom(base);
  const found = isSet ? [] : runs();
  if (found.length > 1) throw new UsageError(severalRuns(found));
  return (
    found[0]?.ports ?? {
      pubsubPort: portOf('pubsubPort', environment),
      bigqueryPort: portOf('bigqueryPort', environment),
      storagePort: portOf('storagePort', environment),
    }
  );
}

function severalRuns(runs: readonly PipelineRun[]): string {
  const now = new Date();
  const each = runs.map((run) => `  --port-base ${run.ports.pubsubPort}: ${describeRun(run, now)}`);
  return [`${runs.length} pipelines run here. Choose one:`, ...each].join('\n');
}

function portOf(name: keyof LocalPorts, environment: Surroundings['environment']): number {
  const setting = PORT_SETTINGS.find(({ key }) => key === name);
  return numberOf(environment[setting?.variable ?? '']) ?? setting?.port ?? 0;
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}
