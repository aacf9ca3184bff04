import { ServiceSettings, type SettingSource } from '@pipeline/platform';
import { Transform, Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { ALLOWED_ACCOUNT } from './allowed-accounts.js';
import { IsBelow } from './below-setting.js';
import { IsEventTypeFrom } from './event-type-from.js';
import { IsEventRoutes, parseRoutes, type EventRoutes } from './event-routes.js';

/**
 * The writer of the rows. `dataflow`: the Dataflow job; this service keeps the tables only. `direct`: this service,
 * before it acknowledges.
 */
export const DELIVERY_MODES = ['dataflow', 'direct'] as const;

/** One of {@link DELIVERY_MODES}. */
export type DeliveryMode = (typeof DELIVERY_MODES)[number];

const LOCAL_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const HOST_AND_PORT = /^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;
/** Source: Pub/Sub resource names, read 2026-11-22. */
const TOPIC_NAME = /^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;

/** Settings of table-manager, from its environment. */
export class TableManagerSettings extends ServiceSettings {
  static override readonly sources: Readonly<Record<string, SettingSource>> = {
    ...ServiceSettings.sources,
    deliveryMode: {
      variable: 'DELIVERY_MODE',
      expects: `one of ${DELIVERY_MODES.join(', ')}`,
      purpose:
        'Writer of the rows and dead letters: the Dataflow job, or this service before it acknowledges',
    },
    dataset: {
      variable: 'DATASET',
      expects: 'the id of a BigQuery dataset that exists',
      purpose: 'Dataset of the event tables',
    },
    deadLetterTopic: {
      variable: 'DEAD_LETTER_TOPIC',
      expects: 'the name of a Pub/Sub topic, without project',
      purpose: 'Topic of rejected messages in `direct` mode',
    },
    replayTopic: {
      variable: 'REPLAY_TOPIC',
      expects: 'the name of a Pub/Sub topic, without project',
      purpose:
        'Topic of replays: its messages take the id and publish time of their attributes `pipeline_replay_of` and `pipeline_replay_publish_time`; its push subscriptions are named like the topic, or `TOPIC-…`',
    },
    noticesTopic: {
      variable: 'NOTICES_TOPIC',
      expects: 'the name of a Pub/Sub topic, without project',
      purpose:
        'Topic of notices: CloudEvents about schema changes, approvals, books, dead letters and silent tables',
    },
    eventRoutes: {
      variable: 'EVENT_ROUTES',
      expects: 'a JSON object of event types and tables',
      purpose:
        'Tables of event types that do not follow the rule; the table of every other type is its name in snake case. `*` in a type is any run of characters (`webhook.*`); an exact type goes first, then the longest pattern',
    },
    eventTypeFrom: {
      variable: 'EVENT_TYPE_FROM',
      expects:
        'a list of `field:NAME`, `field:/POINTER`, `attribute:NAME`, `cloudevent` and, last, `constant:TYPE`, separated by commas, or a JSON array of them',
      purpose: 'Places of the event type; the first that is present counts',
    },
    schemaWaitSeconds: {
      variable: 'SCHEMA_WAIT_SECONDS',
      expects: 'a whole number of seconds from 0 to 86400',
      purpose:
        'How long after its publishing an event may wait for its table; `POST /audit` counts it as in progress for that long',
    },
    schemaGraceMs: {
      variable: 'SCHEMA_GRACE_MS',
      expects: 'a whole number of milliseconds from 0 to 60000, below EVENT_DEADLINE_MS',
      purpose:
        'In `direct` mode: how long a delivery waits for a column before its row is written with the value in `_overflow`, from where promotion moves it. Only a missing table is waited for longer',
    },
    eventDeadlineMs: {
      variable: 'EVENT_DEADLINE_MS',
      expects:
        'a whole number of milliseconds from 1000 to 600000, below the ack deadline of the subscription',
      purpose: 'Limit of one delivery; then it is answered 503 and redelivered',
    },
    appendDelayMs: {
      variable: 'APPEND_DELAY_MS',
      expects: 'a whole number of milliseconds from 0 to 1000',
      purpose: 'How long a row waits for others of its table, to share an append',
    },
    appendRows: {
      variable: 'APPEND_ROWS',
      expects: 'a whole number from 1 to 10000',
      purpose: 'Most rows of one append',
    },
    maxTables: {
      variable: 'MAX_TABLES',
      expects: 'a whole number from 1 to 100000',
      purpose: 'Cached table schemas; the least recently used is evicted first',
    },
    maxReplicas: {
      variable: 'MAX_REPLICAS',
      expects: 'a whole number from 1 to 1000',
      purpose:
        'Instances that may change one table at the same time; each uses its share of BigQuery’s limit on changes of a table',
    },
    maxNewTablesPerHour: {
      variable: 'MAX_NEW_TABLES_PER_HOUR',
      expects: 'a whole number from 1 to 1000000',
      purpose:
        'Limit on tables created in an hour; beyond it, no table is created until an operator raises the limit and removes the label `pipeline_table_guard` of `_quarantine`. Events of unknown types go whole to `_quarantine`',
    },
    maxTablesPerDataset: {
      variable: 'MAX_TABLES_PER_DATASET',
      expects: 'a whole number from 1 to 1000000',
      purpose: 'Limit on tables of events in the dataset, with the same effect',
    },
    historyDelaySeconds: {
      variable: 'HISTORY_DELAY_SECONDS',
      expects: 'a whole number of seconds from 1 to 3600',
      purpose:
        'Delay between the first event of a table and the comparison of the table with `_schema_history`, which adds changes made by hand or by a killed instance',
    },
    autoReplayLimit: {
      variable: 'AUTO_REPLAY_LIMIT',
      expects: 'a whole number from 0 to 100000',
      purpose:
        'Most dead letters that one `POST /audit` replays because their table has changed since; 0 for none',
    },
    auditMaxBytes: {
      variable: 'AUDIT_MAX_BYTES',
      expects: 'a whole number of bytes from 10000000 to 1000000000000000',
      purpose: 'Most bytes that one query of `POST /audit` may bill; BigQuery refuses a larger one',
    },
    promotionMaxBytes: {
      variable: 'PROMOTION_MAX_BYTES',
      expects: 'a whole number of bytes from 10000000 to 1000000000000000',
      purpose:
        'Most bytes that promotion may process for one table in one day (UTC), those of the nightly sweep apart; values beyond wait for the next day',
    },
    autoRetypeMaxBytes: {
      variable: 'AUTO_RETYPE_MAX_BYTES',
      expects: 'a whole number of bytes from 0 to 1000000000000000',
      purpose:
        'Tables below this size are retyped without being asked if a number is too wide for a field that BigQuery cannot widen (`NOT_WIDENABLE`); 0 for none',
    },
    promotionIntervalSeconds: {
      variable: 'PROMOTION_INTERVAL_SECONDS',
      expects: 'a whole number of seconds from 0 to 86400',
      purpose:
        'When above 0, the service promotes at this interval by itself, which `npm start` uses; Cloud Scheduler calls `POST /promotions` instead',
    },
    noticeIntervalSeconds: {
      variable: 'NOTICE_INTERVAL_SECONDS',
      expects: 'a whole number of seconds from 0 to 86400',
      purpose:
        'When above 0, the service publishes notices at this interval by itself, which `npm start` uses; Cloud Scheduler calls `POST /notices` instead',
    },
    noticePauseSeconds: {
      variable: 'NOTICE_PAUSE_SECONDS',
      expects: 'a whole number of seconds from 0 to 86400',
      purpose:
        'Shortest time between two notices of one type and table; what happens meanwhile is in the next one',
    },
    maxInFlightBytes: {
      variable: 'MAX_IN_FLIGHT_BYTES',
      expects: 'a whole number of bytes from 1048576 to 4294967296',
      purpose:
        'Bytes of request bodies in flight; requests beyond are answered 429 with Retry-After. docs/MEMORY.md has the arithmetic',
    },
    maxWorkingBytes: {
      variable: 'MAX_WORKING_BYTES',
      expects: 'a whole number of bytes from 16777216 to 4294967296',
      purpose:
        'Memory for the events that are handled at one time, estimated by their bytes and values; a heavier event runs alone, others wait. docs/MEMORY.md has the arithmetic',
    },
    authAudience: {
      variable: 'AUTH_AUDIENCE',
      expects: 'the audience of the callers’ tokens, usually the URL of this service',
      purpose: 'When set, every route but the health checks needs an OIDC token for this audience',
    },
    authServiceAccounts: {
      variable: 'AUTH_SERVICE_ACCOUNTS',
      expects:
        'e-mail addresses of service accounts, separated by commas, at least one with AUTH_AUDIENCE; `deliver=`, `operate=` or `audit=` before an address limits it to those routes',
      purpose:
        'Accounts that may call when `AUTH_AUDIENCE` is set. `deliver`: events and replays (`POST /`); `audit`: `POST /audit`, `POST /notices` and `POST /promotions`; `operate`: everything else',
    },
    authKeysUrl: {
      variable: 'AUTH_JWKS_URL',
      expects: 'the URL of a JSON Web Key Set, for example http://127.0.0.1:8085/oauth2/v3/certs',
      purpose: 'Signing keys of the tokens, if not Google’s',
    },
    otlpEndpoint: {
      variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      expects: 'the base URL of an OTLP/HTTP receiver, for example http://127.0.0.1:4318',
      purpose: 'When set, requests are traced and their spans sent there',
    },
    pubsubEmulatorHost: {
      variable: 'PUBSUB_EMULATOR_HOST',
      expects: 'host:port of a Pub/Sub emulator, for example 127.0.0.1:8085',
      purpose: 'Pub/Sub emulator to use instead of Google Cloud',
    },
    bigqueryEmulatorHost: {
      variable: 'BIGQUERY_EMULATOR_HOST',
      expects: 'the URL of a BigQuery emulator, for example http://127.0.0.1:9050',
      purpose: 'BigQuery emulator to use instead of Google Cloud',
    },
    bigqueryStorageEmulatorHost: {
      variable: 'BIGQUERY_STORAGE_EMULATOR_HOST',
      expects: 'host:port of an emulator of the Storage Write API, for example 127.0.0.1:9060',
      purpose: 'Emulator of the Storage Write API to use instead of Google Cloud, in `direct` mode',
    },
  };

  override readonly port: number = 8081;

  @IsIn(DELIVERY_MODES)
  readonly deliveryMode: DeliveryMode = 'dataflow';

  /** Source: BigQuery dataset naming, read 2026-11-22. */
  @Matches(/^\w{1,1024}$/)
  readonly dataset: string = 'prod_events_dataset';

  @Matches(TOPIC_NAME)
  readonly deadLetterTopic: string = 'backend-events-dead-letter';

  @Matches(TOPIC_NAME)
  readonly replayTopic: string = 'backend-events-replay';

  @Matches(TOPIC_NAME)
  readonly noticesTopic: string = 'pipeline-notices';

  @Transform(({ value }: { value: unknown }) => parseRoutes(value))
  @IsEventRoutes()
  readonly eventRoutes: EventRoutes = { order: 'orders' };

  @IsEventTypeFrom()
  readonly eventTypeFrom: string = 'field:event_type, attribute:event_type, cloudevent';

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(86_400)
  readonly schemaWaitSeconds: number = 600;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(60_000)
  @IsBelow('eventDeadlineMs', 'EVENT_DEADLINE_MS')
  readonly schemaGraceMs: number = 2_000;

  @Type(() => Number)
  @IsInt()
  @Min(1_000)
  @Max(600_000)
  readonly eventDeadlineMs: number = 9_000;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000)
  readonly appendDelayMs: number = 10;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly appendRows: number = 500;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly maxTables: number = 2_000;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly maxReplicas: number = 5;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly maxNewTablesPerHour: number = 1_000;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly maxTablesPerDataset: number = 5_000;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(3_600)
  readonly historyDelaySeconds: number = 15;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(100_000)
  readonly autoReplayLimit: number = 0;

  @Type(() => Number)
  @IsInt()
  @Min(10_000_000)
  @Max(1_000_000_000_000_000)
  readonly auditMaxBytes: number = 1_000_000_000_000;

  @Type(() => Number)
  @IsInt()
  @Min(10_000_000)
  @Max(1_000_000_000_000_000)
  readonly promotionMaxBytes: number = 100_000_000_000;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(1_000_000_000_000_000)
  readonly autoRetypeMaxBytes: number = 10_737_418_240;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(86_400)
  readonly promotionIntervalSeconds: number = 0;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(86_400)
  readonly noticeIntervalSeconds: number = 0;

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(86_400)
  readonly noticePauseSeconds: number = 3_600;

  @Type(() => Number)
  @IsInt()
  @Min(1_048_576)
  @Max(4_294_967_296)
  readonly maxInFlightBytes: number = 50_331_648;

  @Type(() => Number)
  @IsInt()
  @Min(16_777_216)
  @Max(4_294_967_296)
  readonly maxWorkingBytes: number = 201_326_592;

  @IsOptional()
  @IsString()
  readonly authAudience?: string;

  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? splitList(value) : value))
  @ValidateIf(({ authAudience }: TableManagerSettings) => authAudience !== undefined)
  @ArrayNotEmpty()
  @Matches(ALLOWED_ACCOUNT, { each: true })
  readonly authServiceAccounts: readonly string[] = [];

  @IsOptional()
  @IsUrl(LOCAL_URL)
  readonly authKeysUrl?: string;

  @IsOptional()
  @IsUrl(LOCAL_URL)
  readonly otlpEndpoint?: string;

  @IsOptional()
  @IsString()
  @Matches(HOST_AND_PORT)
  readonly pubsubEmulatorHost?: string;

  @IsOptional()
  @IsUrl(LOCAL_URL)
  readonly bigqueryEmulatorHost?: string;

  @IsOptional()
  @IsString()
  @Matches(HOST_AND_PORT)
  readonly bigqueryStorageEmulatorHost?: string;
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
