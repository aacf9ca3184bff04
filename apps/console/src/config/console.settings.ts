import { ServiceSettings, type SettingSource } from '@pipeline/platform';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsOptional, IsString, IsUrl, Matches, Max, Min } from 'class-validator';

const LOCAL_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
/** Addresses that only this machine reaches. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'] as const;

/** Settings of the console, from its environment. */
export class ConsoleSettings extends ServiceSettings {
  static override readonly sources: Readonly<Record<string, SettingSource>> = {
    ...ServiceSettings.sources,
    host: {
      variable: 'HOST',
      expects: `one of ${LOOPBACK.join(', ')}`,
      purpose:
        'Address to listen on. The console knows no accounts, so it is served on this machine only; operators of a remote one use a tunnel',
    },
    dataset: {
      variable: 'DATASET',
      expects: 'the id of a BigQuery dataset that exists',
      purpose: 'Dataset of the event tables',
    },
    archiveDataset: {
      variable: 'ARCHIVE_DATASET',
      expects: 'the id of a BigQuery dataset that exists',
      purpose:
        'Dataset of `_raw_events` and `_ledger`; when absent, `prod_events_archive` beside `prod_events_dataset`',
    },
    eventRoutes: {
      variable: 'EVENT_ROUTES',
      expects: 'a JSON object of event types and tables',
      purpose: 'Tables of event types that do not follow the rule, as table-manager has them',
    },
    eventTypeFrom: {
      variable: 'EVENT_TYPE_FROM',
      expects:
        'a list of `field:NAME`, `field:/POINTER`, `attribute:NAME`, `cloudevent` and, last, `constant:TYPE`, separated by commas, or a JSON array of them',
      purpose: 'Places of the event type, as table-manager has them',
    },
    inProgressSeconds: {
      variable: 'IN_PROGRESS_SECONDS',
      expects: 'a whole number of seconds from 0 to 604800',
      purpose: 'A younger message without a row is in progress, not unaccounted',
    },
    refreshSeconds: {
      variable: 'REFRESH_SECONDS',
      expects: 'a whole number of seconds from 1 to 3600',
      purpose: 'How long the figures of the screen Now are kept; they are read only while a page shows them',
    },
    maxBytes: {
      variable: 'MAX_BYTES',
      expects: 'a whole number of bytes from 10000000 to 1000000000000000',
      purpose: 'Most bytes that one query may read unless the operator allows more for one request',
    },
    bigqueryEmulatorHost: {
      variable: 'BIGQUERY_EMULATOR_HOST',
      expects: 'the URL of a BigQuery emulator, for example http://127.0.0.1:9050',
      purpose: 'BigQuery emulator to use instead of Google Cloud',
    },
  };

  @IsIn(LOOPBACK)
  override readonly host: string = '127.0.0.1';

  override readonly port: number = 8082;

  /** Source: BigQuery dataset naming, read 2026-11-22. */
  @Matches(/^\w{1,1024}$/)
  readonly dataset: string = 'prod_events_dataset';

  @IsOptional()
  @Matches(/^\w{1,1024}$/)
  readonly archiveDataset?: string;

  @Transform(({ value }: { value: unknown }) => parseJson(value))
  @IsObject()
  readonly eventRoutes: Readonly<Record<string, string>> = { order: 'orders' };

  @IsString()
  readonly eventTypeFrom: string = 'field:event_type, attribute:event_type, cloudevent';

  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(604_800)
  readonly inProgressSeconds: number = 900;

  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(3_600)
  readonly refreshSeconds: number = 60;

  @Type(() => Number)
  @IsInt()
  @Min(10_000_000)
  @Max(1_000_000_000_000_000)
  readonly maxBytes: number = 10_000_000_000;

  @IsOptional()
  @IsUrl(LOCAL_URL)
  readonly bigqueryEmulatorHost?: string;
}

/** JSON text as its value; other text is returned unchanged, for the rule to refuse. */
function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
