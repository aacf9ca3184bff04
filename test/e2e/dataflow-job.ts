import { DEFAULT_PIPELINE_NAMES, type LocalCloud } from '@pipeline/local-cloud';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.js';

/** A JVM start takes seconds; a machine that runs many suites at once takes its time. */
const START_PATIENCE_MS = 180_000;
const JAR = 'dataflow/target/pipeline-dataflow-bundled.jar';
const RUNNING = 'the job is running';
const BUILD = ['--batch-mode', '--quiet', '-Pbundle', '-Dmaven.test.skip=true', 'package'];

/** The Dataflow job as a process on Beam's direct runner, which is how a laptop runs it. */
export interface RunningJob {
  output(): string;
  isAlive(): boolean;
  stop(): Promise<void>;
}

/** Make the jar of the job as its sources are now; Maven compiles what changed. */
export async function buildDataflowJob(): Promise<void> {
  const maven = spawn('mvn', BUILD, { cwd: 'dataflow', stdio: ['ignore', 'inherit', 'inherit'] });
  const [exitCode] = (await once(maven, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`mvn ${BUILD.join(' ')} ended with ${exitCode}`);
}

/** Start the built job against a local cloud, and wait until it reads. */
export async function startDataflowJob(cloud: LocalCloud): Promise<RunningJob> {
  const jvm = ['-Xmx1g', '-XX:+UseSerialGC', '-Dpipeline.exitWithInput=true', '-jar', JAR];
  // Its standard input is open as long as this process lives: the job ends with it.
  const child = spawn('java', [...jvm, ...jobOptions(cloud)], {
    env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const job: RunningJob = {
    output: () => output,
    isAlive,
    stop: async () => {
      if (!isAlive()) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
  await eventually(
    () => (output.includes(RUNNING) ? Promise.resolve() : Promise.reject(new Error(`Not yet:\n${output}`))),
    START_PATIENCE_MS,
  ).catch(async (cause: unknown) => {
    await job.stop();
    throw cause;
  });
  return job;
}

function jobOptions({ ports, urls }: LocalCloud): string[] {
  const names = DEFAULT_PIPELINE_NAMES;
  const project = `projects/${names.projectId}`;
  return [
    '--runner=DirectRunner',
    `--project=${names.projectId}`,
    `--inputSubscription=${project}/subscriptions/${names.subscription}`,
    `--replaySubscription=${project}/subscriptions/${names.replaySubscription}`,
    `--dataset=${names.dataset}`,
    `--deadLetterTopic=${project}/topics/${names.deadLetterTopic}`,
    `--archiveLocation=gs://${names.eventsBucket}/events`,
    `--pubsubRootUrl=${urls.pubsub}`,
    `--bigqueryEndpoint=${urls.bigquery}`,
    `--bigqueryStorageEndpoint=127.0.0.1:${ports.bigqueryStorage}`,
    `--gcsEndpoint=${urls.storage}/storage/v1/`,
    '--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory',
    '--schemaPollSeconds=1',
    '--schemaRefreshSeconds=5',
    '--holdShards=2',
    // The suites expect every value in its column, so rows wait for the changes that table-manager makes.
    '--columnGraceSeconds=600',
    '--archiveWindowSeconds=5',
    '--enforceImmutability=false',
    '--enforceEncodability=false',
  ];
}
