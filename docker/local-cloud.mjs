/**
 * The embedded BigQuery, Cloud Storage and Eventarc beside a Pub/Sub emulator that runs elsewhere, as compose.yaml has
 * it. Creates the topics, the subscriptions, the dataset and the trigger, and runs until SIGTERM or SIGINT.
 *
 * HOST must be a name by which the Pub/Sub emulator reaches this process, because Eventarc's push endpoint is under it.
 */
import {
  DEFAULT_LOCAL_CLOUD_PORTS as PORTS,
  DEFAULT_PIPELINE_NAMES,
  provisionPipeline,
  startBigqueryEmulator,
  startEventarcEmulator,
  startStorageEmulator,
} from '@pipeline/local-cloud';

const host = process.env.HOST ?? '127.0.0.1';
const pubsubAddress = process.env.PUBSUB_EMULATOR_HOST ?? '127.0.0.1:8085';
const eventsUrl = process.env.EVENTS_URL ?? 'http://127.0.0.1:8081/';
const log = () => undefined;

const started = [];

async function stop() {
  for (const service of started.splice(0).reverse()) await service.stop();
}

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    stop().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

try {
  started.push(
    await startBigqueryEmulator({
      host,
      port: PORTS.bigquery,
      storageWritePort: PORTS.bigqueryStorage,
      log,
    }),
  );
  started.push(await startStorageEmulator({ host, port: PORTS.storage, log }));
  started.push(await startEventarcEmulator({ host, port: PORTS.eventarc, pubsubAddress, log }));
  await provisionPipeline(DEFAULT_PIPELINE_NAMES, {
    pubsubUrl: `http://${pubsubAddress}`,
    bigqueryUrl: `http://${host}:${PORTS.bigquery}`,
    eventarcUrl: `http://${host}:${PORTS.eventarc}`,
    eventsUrl,
  });
  console.log(
    `BigQuery ${PORTS.bigquery}, Cloud Storage ${PORTS.storage}, Eventarc ${PORTS.eventarc} on ${host}`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await stop();
  process.exit(1);
}
