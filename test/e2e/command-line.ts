import { spawn, type ChildProcess } from 'node:child_process';
import { DEFAULT_PIPELINE_NAMES, type LocalCloud } from '@pipeline/local-cloud';

/** Options that point a command at the local cloud. */
type Addresses = Pick<LocalCloud, 'ports' | 'urls'>;

/** Exit code and output of a command. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that may still run. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly result: Promise<CommandResult>;
  /** The output to stderr so far. */
  stderr(): string;
}

/** `pipeline …` as the process it is for a person, against a local cloud. */
export function startPipeline(cloud: Addresses, ...argumentsGiven: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, ['apps/cli/dist/main.js', ...argumentsGiven], {
    env: {
      PATH: process.env['PATH'] ?? '',
      TZ: 'UTC',
      GCP_PROJECT_ID: DEFAULT_PIPELINE_NAMES.projectId,
      PUBSUB_EMULATOR_HOST: `127.0.0.1:${cloud.ports.pubsub}`,
      BIGQUERY_EMULATOR_HOST: cloud.urls.bigquery,
      STORAGE_EMULATOR_HOST: cloud.urls.storage,
      METADATA_SERVER_DETECTION: 'none',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const result = new Promise<CommandResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, stdout, stderr });
    });
  });
  return { process: child, result, stderr: () => stderr };
}

/** Run `pipeline …` to its end. */
export function runPipeline(cloud: Addresses, ...argumentsGiven: readonly string[]): Promise<CommandResult> {
  return startPipeline(cloud, ...argumentsGiven).result;
}
