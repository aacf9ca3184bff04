import { DEFAULT_PIPELINE_NAMES, provisionDataset } from '@pipeline/local-cloud';
import { PubSub } from '@google-cloud/pubsub';
import { startLocalCloud, startProgram } from '../local-cloud/processes.mjs';
import { call, countRows, startTableManager } from '../table-manager/services.mjs';
import { deliverAll } from '../table-manager/load.mjs';
import { toWire } from '../table-manager/pushes.mjs';
import { startTlsFront } from './tls-front.mjs';

const { projectId, dataset, region, ...names } = DEFAULT_PIPELINE_NAMES;
const TABLES = ['orders', 'inventory', 'user_activity'];
const JVM = ['-Xmx1g', '-XX:+UseSerialGC'];
const BEAM = [
  '--runner=DirectRunner',
  `--project=${projectId}`,
  '--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory',
  '--enforceImmutability=false',
  '--enforceEncodability=false',
];
const path = (kind, name) => `projects/${projectId}/${kind}/${name}`;
const isRunning = (line) => line.includes('the job is running');

/** A local cloud with the topics, the subscriptions that a job reads, the bucket and the dataset; nothing else reads. */
async function startQuietCloud() {
  const cloud = await startLocalCloud();
  const storageLine = cloud.lines.find((line) => line.startsWith('Cloud Storage')) ?? '';
  const storagePort = Number(/:(\d+)/.exec(storageLine)?.[1]);
  for (const topic of [names.topic, names.replayTopic, names.deadLetterTopic]) {
    await call(cloud.pubsubPort, 'PUT', `v1/${path('topics', topic)}`, {});
  }
  const readers = { [names.subscription]: names.topic, [names.replaySubscription]: names.replayTopic };
  for (const [subscription, topic] of Object.entries(readers)) {
    const body = { topic: path('topics', topic), ackDeadlineSeconds: 600 };
    await call(cloud.pubsubPort, 'PUT', `v1/${path('subscriptions', subscription)}`, body);
  }
  const bucket = { name: names.eventsBucket, location: region };
  await call(storagePort, 'POST', `storage/v1/b?project=${projectId}`, bucket);
  await provisionDataset(DEFAULT_PIPELINE_NAMES, `http://127.0.0.1:${cloud.bigqueryPort}`);
  return { ...cloud, storagePort };
}

/** The tables that table-manager makes for these events. */
async function makeTables(cloud, events) {
  const service = await startTableManager(cloud, { DELIVERY_MODE: 'dataflow' });
  const wires = events.map((data, index) => toWire(data, `table-${index}`, new Date().toISOString()));
  await deliverAll({ port: service.port, wires, connections: 20 });
  await service.stop();
}

/** The job of this repository. `events` are such as will come. */
export async function startJob(classpath, events) {
  const cloud = await startQuietCloud();
  await makeTables(cloud, events);
  return contestant(cloud, classpath, 'io.pipeline.dataflow.pipeline.EventsToBigQuery', [
    `--replaySubscription=${path('subscriptions', names.replaySubscription)}`,
    `--deadLetterTopic=${path('topics', names.deadLetterTopic)}`,
    `--archiveLocation=gs://${names.eventsBucket}/events`,
    `--bigqueryEndpoint=http://127.0.0.1:${cloud.bigqueryPort}`,
    `--bigqueryStorageEndpoint=127.0.0.1:${cloud.storageWritePort}`,
    `--gcsEndpoint=http://127.0.0.1:${cloud.storagePort}/storage/v1/`,
    '--archiveWindowSeconds=5',
  ]);
}

/** PubsubIO → BigQueryIO with Storage Write at-least-once, on a cloud of its own. */
export async function startPeer(classpath, events) {
  const cloud = await startQuietCloud();
  await makeTables(cloud, events);
  const front = await startTlsFront({ httpPort: cloud.bigqueryPort, grpcPort: cloud.storageWritePort });
  const main = 'io.pipeline.dataflow.pipeline.PlainPipeline';
  const peer = await contestant(
    cloud,
    classpath,
    main,
    [`--bigQueryEndpoint=${front.url}`],
    front.jvmOptions,
  );
  return { ...peer, stop: () => peer.stop().finally(front.stop) };
}

async function contestant(cloud, classpath, main, options, jvmOptions = []) {
  const args = [
    ...BEAM,
    `--inputSubscription=${path('subscriptions', names.subscription)}`,
    `--dataset=${dataset}`,
    `--pubsubRootUrl=http://127.0.0.1:${cloud.pubsubPort}`,
    ...options,
  ];
  const program = await startProgram(
    'java',
    [...JVM, ...jvmOptions, '-cp', classpath, main, ...args],
    isRunning,
  );
  const pubsub = new PubSub({ projectId, apiEndpoint: `127.0.0.1:${cloud.pubsubPort}`, emulatorMode: true });
  const topic = pubsub.topic(names.topic, { batching: { maxMessages: 100, maxMilliseconds: 10 } });
  return {
    pid: program.pid,
    lines: program.lines,
    /** Pauses the process until `go`, so that the other one has the machine. */
    pause: () => process.kill(program.pid, 'SIGSTOP'),
    go: () => process.kill(program.pid, 'SIGCONT'),
    publish: (events) =>
      Promise.all(events.map(({ data, attributes }) => topic.publishMessage({ data, attributes }))),
    countRows: async () => {
      let rows = 0;
      for (const table of TABLES) rows += await countRows(cloud, table);
      return rows;
    },
    stop: async () => {
      process.kill(program.pid, 'SIGCONT');
      await pubsub.close();
      await program.stop();
      await cloud.stop();
    },
  };
}
