import { ServiceSettings, type SettingSource } from '@pipeline/platform';
import { Transform, Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';
import { IsEventRoutes, parseRoutes, type EventRoutes } from './event-routes.js';

/** What table-manager is told by its environment. */
export class TableManagerSettings extends ServiceSettings {
  static override readonly sources: Readonly<Record<string, SettingSource>> = {
    ...ServiceSettings.sources,
    dataset: {
      variable: 'DATASET',
      expects: 'the id of a BigQuery dataset that exists',
      purpose: 'Dataset that the tables of events are in',
    },
    deadLetterTopic: {
      variable: 'DEAD_LETTER_TOPIC',
      expects: 'the name of a Pub/Sub topic, without project',
      purpose: 'Topic that rejected messages are published to',
    },
    eventRoutes: {
      variable: 'EVENT_ROUTES',
      expects: 'a JSON object of event types and tables',
      purpose:
        'Tables of event types that are not named by the rule; every other type is its own name in snake case',
    },
    schemaWaitSeconds: {
      variable: 'SCHEMA_WAIT_SECONDS',
      expects: 'a whole number of seconds from 0 to 86400',
      purpose:
        'How long after its publishing an event waits for a column; then the values that wait go to `_overflow`',
    },
    eventDeadlineMs: {
      variable: 'EVENT_DEADLINE_MS',
      expects:
        'a whole number of milliseconds from 1000 to 600000, below the ack deadline of the subscription',
      purpose: 'How long one delivery is worked on before it is answered 503 and delivered again',
    },
    appendDelayMs: {
      variable: 'APPEND_DELAY_MS',
      expects: 'a whole number of milliseconds from 0 to 1000',
      purpose: 'How long a row waits for others of its table before it is appended',
    },
    appendRows: {
      variable: 'APPEND_ROWS',
      expects: 'a whole number from 1 to 10000',
      purpose: 'Rows of one append at most',
    },
    maxTables: {
      variable: 'MAX_TABLES',
      expects: 'a whole number from 1 to 100000',
      purpose: 'Tables whose schema is kept in memory; the least recently used is forgotten first',
    },
    pubsubEmulatorHost: {
      variable: 'PUBSUB_EMULATOR_HOST',
      expects: 'host:port of a Pub/Sub emulator, for example 127.0.0.1:8085',
      purpose: 'Emulator to publish dead letters to instead of Google Cloud',
    },
    bigqueryEmulatorHost: {
      variable: 'BIGQUERY_EMULATOR_HOST',
      expects: 'the URL of a BigQuery emulator, for example http://127.0.0.1:9050',
      purpose: 'Emulator to keep tables in instead of Google Cloud',
    },
  };

  override readonly port: number = 8081;

  /** Source: BigQuery dataset naming, read 2026-11-22. */
  @Matches(/^\w{1,1024}$/)
  readonly dataset: string = 'prod_events_dataset';

  /** Source: Pub/Sub resource names, read 2026-11-22. */
  @Matches(/^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/)
  readonly deadLetterTopic: string = 'backend-events-dead-letter';

  @Transform(({ value }: { value: unknown }) => parseRoutes(value))
  @IsEventRoutes()
  readonly eventRoutes: EventRoutes = { order: 'orders' };

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(86_400)
  readonly schemaWaitSeconds: number = 600;

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

  @IsOptional()
  @IsString()
  @Matches(/^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/)
  readonly pubsubEmulatorHost?: string;

  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  readonly bigqueryEmulatorHost?: string;
}
