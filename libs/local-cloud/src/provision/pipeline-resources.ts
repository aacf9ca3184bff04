/**
 * The resources of the pipeline by name, as they are named in every environment.
 *
 * Shape: topics and subscriptions carry no environment prefix, the dataset does. Every name is a setting.
 */
export interface PipelineNames {
  readonly projectId: string;
  readonly region: string;
  readonly topic: string;
  readonly subscription: string;
  readonly archiveSubscription: string;
  readonly replayTopic: string;
  readonly replaySubscription: string;
  readonly deadLetterTopic: string;
  readonly deadLetterSubscription: string;
  /** CloudEvents about schema changes, approvals, books, dead letters and silent tables. */
  readonly noticesTopic: string;
  readonly dataset: string;
  /** The dataset of `_raw_events` and `_ledger`, which no service may change. */
  readonly archiveDataset: string;
  /** The bucket of the file copy. */
  readonly eventsBucket: string;
  /** Writes the file copy in `direct` mode; in `dataflow` mode the job does. */
  readonly filesSubscription: string;
  readonly trigger: string;
  /** Brings replayed events to the same service as `trigger`. */
  readonly replayTrigger: string;
}

/** Default names. */
export const DEFAULT_PIPELINE_NAMES: PipelineNames = {
  projectId: 'local-project',
  region: 'us-central1',
  topic: 'backend-events-topic',
  subscription: 'backend-events-topic-sub',
  archiveSubscription: 'backend-events-archive',
  replayTopic: 'backend-events-replay',
  replaySubscription: 'backend-events-replay-sub',
  deadLetterTopic: 'backend-events-dead-letter',
  deadLetterSubscription: 'backend-events-dead-letter-archive',
  noticesTopic: 'pipeline-notices',
  dataset: 'prod_events_dataset',
  archiveDataset: 'prod_events_archive',
  eventsBucket: 'local-project-prod-events',
  filesSubscription: 'backend-events-files',
  trigger: 'table-manager',
  replayTrigger: 'table-manager-replay',
};

/** Days that the archive keeps a message; an event table keeps its rows until they are deleted. */
const ARCHIVE_EXPIRATION_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * The columns that Pub/Sub's BigQuery subscription writes with `write_metadata`.
 * Source: cloud.google.com/pubsub/docs/bigquery (write metadata), read 2026-11-22.
 */
function subscriptionColumns(dataType: 'BYTES' | 'JSON'): object[] {
  return [
    { name: 'subscription_name', type: 'STRING' },
    { name: 'message_id', type: 'STRING' },
    { name: 'publish_time', type: 'TIMESTAMP' },
    { name: 'data', type: dataType },
    { name: 'attributes', type: 'JSON' },
  ];
}

/** A file ends after a minute, the least that Pub/Sub takes, or with this many bytes. */
const FILE_MAX_DURATION = '60s';
const FILE_MAX_BYTES = '104857600';

/** The settings of the subscription that writes every message, with its metadata, into Avro files. */
export function filesSubscription({ eventsBucket }: PipelineNames): object {
  return {
    cloudStorageConfig: {
      bucket: eventsBucket,
      filenamePrefix: 'events/',
      filenameSuffix: '.avro',
      filenameDatetimeFormat: 'YYYY-MM-DD/hh-mm-ss',
      maxDuration: FILE_MAX_DURATION,
      maxBytes: FILE_MAX_BYTES,
      avroConfig: { writeMetadata: true },
    },
  };
}

const BY_PUBLISH_DAY = { type: 'DAY', field: 'publish_time' };

/** `_raw_events`: what every message was, written by Pub/Sub itself and by nothing of ours. */
export function rawEventsTable({ projectId, archiveDataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_raw_events' },
    description:
      'Every message of the topic as Pub/Sub delivered it: the archive the books are checked against.',
    schema: { fields: subscriptionColumns('BYTES') },
    timePartitioning: { ...BY_PUBLISH_DAY, expirationMs: String(ARCHIVE_EXPIRATION_DAYS * DAY_MS) },
  };
}

/** `_dead_letters`: one row per dead letter, its fields inside `data`. */
export function deadLettersTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_dead_letters' },
    description:
      'Every dead letter as Pub/Sub delivered it; the view dead_letters shows its fields as columns.',
    schema: { fields: subscriptionColumns('JSON') },
    timePartitioning: BY_PUBLISH_DAY,
  };
}

/** One column as the REST API writes it. */
function column(name: string, type: string, mode: 'REQUIRED' | 'NULLABLE' = 'NULLABLE'): object {
  return { name, type, mode };
}

/** `_schema_history`: one row per change of an event table's schema, ours and other people's. */
export function schemaHistoryTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_schema_history' },
    description: 'Every change of a table of events: what, when, by whom, and the message that caused it.',
    schema: {
      fields: [
        column('change_id', 'STRING', 'REQUIRED'),
        column('table_name', 'STRING', 'REQUIRED'),
        column('version', 'INT64', 'REQUIRED'),
        column('path', 'STRING'),
        column('kind', 'STRING', 'REQUIRED'),
        column('from_type', 'STRING'),
        column('to_type', 'STRING'),
        column('message_id', 'STRING'),
        column('sample', 'JSON'),
        column('changed_at', 'TIMESTAMP', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'changed_at' },
    clustering: { fields: ['table_name'] },
  };
}

/** `_quarantine`: whole messages whose type may not have a table. Its columns: test/contracts/tables/quarantine.json. */
export function quarantineTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_quarantine' },
    description: 'Whole messages whose type may not have a table until an operator decides.',
    schema: {
      fields: [
        column('message_id', 'STRING', 'REQUIRED'),
        column('publish_time', 'TIMESTAMP', 'REQUIRED'),
        column('event_type', 'STRING'),
        column('table_name', 'STRING'),
        column('reason', 'STRING', 'REQUIRED'),
        column('data', 'BYTES'),
        column('attributes', 'JSON'),
        column('quarantined_at', 'TIMESTAMP', 'REQUIRED'),
      ],
    },
    timePartitioning: BY_PUBLISH_DAY,
  };
}

/** `_promotions`: what each promotion moved. Its columns: test/contracts/tables/promotions.json. */
export function promotionsTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_promotions' },
    description:
      'One row for each table and publish day of a promotion that moved values, was too expensive, or failed.',
    schema: {
      fields: [
        column('run_id', 'STRING', 'REQUIRED'),
        column('table_name', 'STRING', 'REQUIRED'),
        column('publish_day', 'DATE'),
        column('scope', 'STRING', 'REQUIRED'),
        column('outcome', 'STRING', 'REQUIRED'),
        column('rows_read', 'INT64', 'REQUIRED'),
        column('rows_changed', 'INT64', 'REQUIRED'),
        column('values_moved', 'INT64', 'REQUIRED'),
        column('bytes_processed', 'INT64', 'REQUIRED'),
        column('detail', 'STRING'),
        column('started_at', 'TIMESTAMP', 'REQUIRED'),
        column('duration_ms', 'INT64', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'started_at' },
    clustering: { fields: ['table_name'] },
  };
}

/** `_backfills`: the runs of `pipeline backfill`. Its columns: test/contracts/tables/backfills.json. */
export function backfillsTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_backfills' },
    description: 'One row for each run of pipeline backfill: source, options, counts, and how it ended.',
    schema: {
      fields: [
        column('run_id', 'STRING', 'REQUIRED'),
        column('outcome', 'STRING', 'REQUIRED'),
        column('sources', 'JSON', 'REQUIRED'),
        column('source_sha256', 'STRING', 'REQUIRED'),
        column('options', 'JSON', 'REQUIRED'),
        column('topic', 'STRING', 'REQUIRED'),
        column('lines', 'INT64', 'REQUIRED'),
        column('done_lines', 'INT64', 'REQUIRED'),
        column('published', 'INT64', 'REQUIRED'),
        column('known', 'INT64', 'REQUIRED'),
        column('first_message_id', 'STRING'),
        column('last_message_id', 'STRING'),
        column('detail', 'STRING'),
        column('started_at', 'TIMESTAMP', 'REQUIRED'),
        column('updated_at', 'TIMESTAMP', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'started_at' },
  };
}

/** `_actions`: what people did in the console. Its columns: test/contracts/tables/actions.json. */
export function actionsTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_actions' },
    description: 'Actions of people in the console: one row before each begins, one after it.',
    schema: {
      fields: [
        column('action_id', 'STRING', 'REQUIRED'),
        column('entry', 'STRING', 'REQUIRED'),
        column('kind', 'STRING', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
        column('role', 'STRING', 'REQUIRED'),
        column('input', 'JSON'),
        column('preview', 'JSON'),
        column('outcome', 'STRING'),
        column('result', 'JSON'),
        column('detail', 'STRING'),
        column('recorded_at', 'TIMESTAMP', 'REQUIRED'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'recorded_at' },
  };
}

/** `_notices`: the outbox of the topic of notices. Its columns: test/contracts/tables/notices.json. */
export function noticesTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_notices' },
    description:
      'Notices of the topic pipeline-notices: one row when each is recorded, one when Pub/Sub has it.',
    schema: {
      fields: [
        column('notice_id', 'STRING', 'REQUIRED'),
        column('entry', 'STRING', 'REQUIRED'),
        column('type', 'STRING', 'REQUIRED'),
        column('table_name', 'STRING'),
        column('facts', 'JSON'),
        column('event', 'JSON'),
        column('message_id', 'STRING'),
        column('recorded_at', 'TIMESTAMP', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'recorded_at' },
  };
}

/** `_dismissals`: dead letters that an operator dismissed. Its columns: test/contracts/tables/dismissals.json. */
export function dismissalsTable({ projectId, dataset: datasetId }: PipelineNames): object {
  return {
    tableReference: { projectId, datasetId, tableId: '_dismissals' },
    description:
      'Dead letters that an operator dismissed, and took back: the newest row of a message counts.',
    schema: {
      fields: [
        column('message_id', 'STRING', 'REQUIRED'),
        column('dismissed', 'BOOL', 'REQUIRED'),
        column('reason', 'STRING'),
        column('dismissed_at', 'TIMESTAMP', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'dismissed_at' },
  };
}

/** `_ledger`: what every audit counted, by hour of publish time and table. Its columns: libs/books/README.md. */
export function ledgerTable({ projectId, archiveDataset: datasetId }: PipelineNames): object {
  const counts = [
    'received',
    'row_count',
    'dead_letters',
    'in_progress',
    'unaccounted',
    'duplicates',
    'unarchived',
  ];
  return {
    tableReference: { projectId, datasetId, tableId: '_ledger' },
    description: 'What came in against what can be queried: one row per hour, table and audit.',
    schema: {
      fields: [
        column('span_start', 'TIMESTAMP', 'REQUIRED'),
        column('span_end', 'TIMESTAMP', 'REQUIRED'),
        column('table_name', 'STRING'),
        ...counts.map((name) => column(name, 'INT64', 'REQUIRED')),
        column('audited_at', 'TIMESTAMP', 'REQUIRED'),
        column('actor', 'STRING', 'REQUIRED'),
        column('quarantined', 'INT64'),
        column('dismissed', 'INT64'),
      ],
    },
    timePartitioning: { type: 'DAY', field: 'span_start' },
    clustering: { fields: ['table_name'] },
  };
}

const DEAD_LETTER_FIELDS = [
  'reason',
  'stage',
  'detail',
  'event_type',
  'table',
  'message_id',
  'data',
  'service',
  'service_version',
] as const;

/**
 * `dead_letters`: the fields of each dead letter as columns. `payload` is `data` as text: U+FFFD for bytes
 * that are not UTF-8, NULL if the data is in the archive only.
 * Source: GoogleSQL conversion functions and string functions, read 2026-11-29.
 */
export function deadLettersView({ projectId, dataset: datasetId }: PipelineNames): object {
  const columns = DEAD_LETTER_FIELDS.map((name) => `JSON_VALUE(data, '$.${name}') AS \`${name}\``);
  return {
    tableReference: { projectId, datasetId, tableId: 'dead_letters' },
    description:
      'Dead letters with their fields as columns: why each event was refused, and the event itself.',
    view: {
      query: [
        `SELECT ${columns.join(',\n  ')},`,
        "  SAFE_CAST(JSON_VALUE(data, '$.publish_time') AS TIMESTAMP) AS publish_time,",
        "  SAFE_CONVERT_BYTES_TO_STRING(FROM_BASE64(JSON_VALUE(data, '$.data'))) AS payload,",
        "  SAFE_CAST(JSON_VALUE(data, '$.attempt') AS INT64) AS attempt,",
        "  JSON_QUERY(data, '$.attributes') AS attributes,",
        '  publish_time AS dead_lettered_at',
        `FROM \`${projectId}.${datasetId}._dead_letters\``,
      ].join('\n'),
      useLegacySql: false,
    },
  };
}
