import { DEFAULT_PIPELINE_NAMES } from '@pipeline/local-cloud';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceDefinition } from './service-process.js';
import { repositoryFile } from './repository-file.js';
import { serviceUrls } from './services.js';
import type { StartOptions } from './start.options.js';

const MINIMUM_JAVA = 17;
const JAR = 'dataflow/target/pipeline-dataflow-bundled.jar';
/** Written after a build that succeeded: a jar alone may be half a jar of one that was interrupted. */
const BUILT = 'dataflow/target/pipeline-dataflow-bundled.built';
const HOST = '127.0.0.1';

/** Gentle to a laptop: short looks and small files, a small heap, and none of Beam's checks for tests. */
const LAPTOP = [
  '--schemaPollSeconds=1',
  '--schemaRefreshSeconds=5',
  '--holdShards=1',
  '--archiveWindowSeconds=5',
  '--enforceImmutability=false',
  '--enforceEncodability=false',
];

/** The Dataflow job on Beam's direct runner, configured for the local cloud by its usual options. */
export function dataflowJobService(options: StartOptions): ServiceDefinition {
  const names = DEFAULT_PIPELINE_NAMES;
  const { pubsubUrl, bigqueryUrl, storageUrl } = serviceUrls(options);
  const project = `projects/${names.projectId}`;
  return {
    name: 'dataflow-job',
    // It reads its standard input to the end of it, so that it goes when we are gone, however that was.
    command: [
      'java',
      '-Xmx1g',
      '-XX:+UseSerialGC',
      '-Dpipeline.exitWithInput=true',
      '-jar',
      repositoryFile(JAR),
    ],
    args: [
      '--runner=DirectRunner',
      `--project=${names.projectId}`,
      `--inputSubscription=${project}/subscriptions/${names.subscription}`,
      `--replaySubscription=${project}/subscriptions/${names.replaySubscription}`,
      `--dataset=${names.dataset}`,
      `--deadLetterTopic=${project}/topics/${names.deadLetterTopic}`,
      `--archiveLocation=gs://${names.eventsBucket}/events`,
      `--pubsubRootUrl=${pubsubUrl}`,
      `--bigqueryEndpoint=${bigqueryUrl}`,
      `--bigqueryStorageEndpoint=${HOST}:${options.bigqueryStoragePort}`,
      `--gcsEndpoint=${storageUrl}/storage/v1/`,
      '--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory',
      ...LAPTOP,
    ],
    environment: { TZ: 'UTC' },
    ready: { logLine: 'the job is running' },
  };
}

/**
 * Makes the job's jar, where it was not made here since its sources changed.
 *
 * Errors: throws with a sentence that says what to install where there is no JDK 17 or no Maven.
 */
export async function ensureDataflowJob(): Promise<void> {
  requireVersion('java', ['-version'], /version "(\d+)/);
  if (await isUpToDate()) return;
  requireVersion('javac', ['-version'], /javac (\d+)/);
  if (spawnSync('mvn', ['--version']).error !== undefined)
    throw new Error('--delivery dataflow needs Maven 3.8 or newer on the PATH, to build the job once.');
  console.log('Building the Dataflow job, which takes a minute or two the first time …');
  const build = spawn('mvn', ['--batch-mode', '--quiet', '-Pbundle', '-Dmaven.test.skip=true', 'package'], {
    cwd: repositoryFile('dataflow'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [exitCode] = (await once(build, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error('The Dataflow job could not be built: see the lines above.');
  writeFileSync(repositoryFile(BUILT), '');
}

function requireVersion(command: string, args: readonly string[], pattern: RegExp): void {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  const version = error === undefined ? pattern.exec(`${stdout}${stderr}`)?.[1] : undefined;
  if (version === undefined)
    throw new Error(
      `--delivery dataflow needs a JDK ${MINIMUM_JAVA}, and ${command} was not found on the PATH.`,
    );
  if (Number(version) < MINIMUM_JAVA)
    throw new Error(
      `--delivery dataflow needs a JDK ${MINIMUM_JAVA}, and the one found is version ${version}.`,
    );
}

async function isUpToDate(): Promise<boolean> {
  const built = statSync(repositoryFile(BUILT), { throwIfNoEntry: false });
  if (built === undefined || !existsSync(repositoryFile(JAR))) return false;
  const sources = [repositoryFile('dataflow/pom.xml'), ...(await filesBelow('dataflow/src/main'))];
  const times = await Promise.all(sources.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(...times) <= built.mtimeMs;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(repositoryFile(folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
