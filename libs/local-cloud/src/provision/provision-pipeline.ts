import {
  actionsTable,
  backfillsTable,
  deadLettersTable,
  deadLettersView,
  dismissalsTable,
  filesSubscription,
  ledgerTable,
  noticesTable,
  rawEventsTable,
  promotionsTable,
  quarantineTable,
  schemaHistoryTable,
  type PipelineNames,
} from './pipeline-resources.js';

/** Base URLs of the services to provision, without a slash at the end. */
export interface ProvisionTargets {
  readonly pubsubUrl: string;
  readonly bigqueryUrl: string;
  readonly eventarcUrl: string;
  /** Without it there is no bucket, and so no file copy. */
  readonly storageUrl?: string;
  /** Destination of Eventarc's deliveries: table-manager's `POST /`. */
  readonly eventsUrl: string;
  /** Writer of rows and files: table-manager and Pub/Sub, or the Dataflow job. Default `direct`. */
  readonly deliveryMode?: 'direct' | 'dataflow';
}

/** Messages of subscriptions that no client reads in `direct` mode are dropped after ten minutes, the least allowed. */
const UNREAD_RETENTION = '600s';

/**
 * Creates what Terraform creates in the cloud: datasets, archive, dead letters, schema history, ledger, bucket, topics,
 * subscriptions and Eventarc triggers. What exists already stays as it is, so that calling it again changes nothing.
 *
 * Errors: throws with the resource, the status and the service's own message when a service refuses.
 */
export async function provisionPipeline(names: PipelineNames, targets: ProvisionTargets): Promise<void> {
  await provisionDataset(names, targets.bigqueryUrl);
  if (targets.storageUrl !== undefined) {
    await create(`${targets.storageUrl}/storage/v1/b?project=${names.projectId}`, 'POST', {
      name: names.eventsBucket,
      location: names.region,
    });
  }
  await provisionTopics(names, targets);
}

/**
 * Creates the dataset of events with `_actions`, `_backfills`, `_dead_letters`, the view `dead_letters`, `_dismissals`, `_notices`,
 * `_promotions`, `_quarantine` and `_schema_history`, and the dataset of the archive with `_raw_events` and `_ledger`.
 */
export async function provisionDataset(names: PipelineNames, bigqueryUrl: string): Promise<void> {
  const { projectId, dataset, archiveDataset, region } = names;
  const datasets = `${bigqueryUrl}/bigquery/v2/projects/${projectId}/datasets`;
  const contents = [
    [
      dataset,
      [
        actionsTable,
        backfillsTable,
        deadLettersTable,
        deadLettersView,
        dismissalsTable,
        noticesTable,
        promotionsTable,
        quarantineTable,
        schemaHistoryTable,
      ],
    ],
    [archiveDataset, [rawEventsTable, ledgerTable]],
  ] as const;
  for (const [datasetId, tables] of contents) {
    await create(datasets, 'POST', { datasetReference: { projectId, datasetId }, location: region });
    for (const describe of tables) {
      await create(`${datasets}/${datasetId}/tables`, 'POST', describe(names));
    }
  }
}

async function provisionTopics(names: PipelineNames, targets: ProvisionTargets): Promise<void> {
  const { projectId, dataset, archiveDataset } = names;
  const isDirect = (targets.deliveryMode ?? 'direct') === 'direct';
  const readByTheJob = isDirect ? { messageRetentionDuration: UNREAD_RETENTION } : { ackDeadlineSeconds: 60 };
  const topics = [names.topic, names.replayTopic, names.deadLetterTopic, names.noticesTopic];
  const subscriptions: readonly (readonly [string, string, object])[] = [
    [names.subscription, names.topic, readByTheJob],
    [names.archiveSubscription, names.topic, toTable(`${projectId}.${archiveDataset}._raw_events`)],
    [names.replaySubscription, names.replayTopic, readByTheJob],
    [names.deadLetterSubscription, names.deadLetterTopic, toTable(`${projectId}.${dataset}._dead_letters`)],
    ...(isDirect && targets.storageUrl !== undefined
      ? [[names.filesSubscription, names.topic, filesSubscription(names)] as const]
      : []),
  ];
  const pubsub = `${targets.pubsubUrl}/v1/projects/${projectId}`;
  for (const topic of topics) await create(`${pubsub}/topics/${topic}`, 'PUT', {});
  for (const [subscription, topic, settings] of subscriptions) {
    const body = { topic: `projects/${projectId}/topics/${topic}`, ...settings };
    await create(`${pubsub}/subscriptions/${subscription}`, 'PUT', body);
  }
  await createTrigger(names, targets, { trigger: names.trigger, topic: names.topic });
  await createTrigger(names, targets, { trigger: names.replayTrigger, topic: names.replayTopic });
}

function toTable(table: string): object {
  return { bigqueryConfig: { table, writeMetadata: true } };
}

async function createTrigger(
  { projectId, region }: PipelineNames,
  { eventarcUrl, eventsUrl }: ProvisionTargets,
  { trigger, topic }: { readonly trigger: string; readonly topic: string },
): Promise<void> {
  const parent = `projects/${projectId}/locations/${region}`;
  await create(`${eventarcUrl}/v1/${parent}/triggers?triggerId=${trigger}`, 'POST', {
    name: `${parent}/triggers/${trigger}`,
    eventFilters: [{ attribute: 'type', value: 'google.cloud.pubsub.topic.v1.messagePublished' }],
    transport: { pubsub: { topic: `projects/${projectId}/topics/${topic}` } },
    destination: { httpEndpoint: { uri: eventsUrl } },
  });
}

const ALREADY_EXISTS = 409;

async function create(url: string, method: 'POST' | 'PUT', resource: object): Promise<void> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(resource),
  });
  const answer = await response.text();
  if (response.ok || response.status === ALREADY_EXISTS) return;
  throw new Error(`${method} ${new URL(url).pathname} was refused with ${response.status}: ${answer}`);
}
