import { ServiceSettings, type SettingSource } from '@pipeline/platform';
import { Transform, Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateIf,
} from 'class-validator';
import { ROLES, type Role } from '../access/role.js';

const LOCAL_URL = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };
const REPOSITORY_URL = {
  require_protocol: true,
  protocols: ['https'],
  allow_query_components: false,
  allow_fragments: false,
  disallow_auth: true,
};
/** Addresses that only this machine reaches. */
const LOOPBACK = ['127.0.0.1', 'localhost', '::1'] as const;
/** An account, or every account of a domain. */
const PERSON = /^[^\s@,]*@[^\s@,]+\.[^\s@,]+$/;
const HOST_AND_PORT = /^[^\s/:]+:\d{1,5}$|^\[[0-9a-fA-F:]+\]:\d{1,5}$/;
/** Source: Pub/Sub resource names, read 2026-11-22. */
const TOPIC_NAME = /^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/;

/** Settings of the console, from its environment. */
export class ConsoleSettings extends ServiceSettings {
  static override readonly sources: Readonly<Record<string, SettingSource>> = {
    ...ServiceSettings.sources,
    host: {
      variable: 'HOST',
      expects: `one of ${LOOPBACK.join(', ')}; any address with IAP_AUDIENCE`,
      purpose:
        'Address to listen on. Without `IAP_AUDIENCE` the console verifies no accounts, so it is served on this machine only',
    },
    role: {
      variable: 'CONSOLE_ROLE',
      expects: `one of ${ROLES.join(', ')}`,
      purpose:
        'Role of callers that `CONSOLE_OPERATORS` and `CONSOLE_ADMINS` do not name; on a laptop, of everyone',
    },
    iapAudience: {
      variable: 'IAP_AUDIENCE',
      expects:
        'the audience of the signed header, for example /projects/NUMBER/locations/REGION/services/NAME',
      purpose:
        'Requires the signed header of Identity-Aware Proxy, and takes the account of the caller from it',
    },
    operators: {
      variable: 'CONSOLE_OPERATORS',
      expects: 'e-mail addresses, or `@example.com` for a domain, separated by commas',
      purpose: 'Accounts with the role `operator`, with `IAP_AUDIENCE`',
    },
    admins: {
      variable: 'CONSOLE_ADMINS',
      expects: 'e-mail addresses, or `@example.com` for a domain, separated by commas',
      purpose: 'Accounts with the role `admin`, with `IAP_AUDIENCE`',
    },
    iapKeysUrl: {
      variable: 'IAP_KEYS_URL',
      expects: 'the URL of a JSON Web Key Set',
      purpose: 'Signing keys of the header; those of Identity-Aware Proxy when absent',
    },
    topic: {
      variable: 'TOPIC',
      expects: 'the name of a Pub/Sub topic, without project',
      purpose: 'Topic of events: edited and split copies go there',
    },
    replayTopic: {
      variable: 'REPLAY_TOPIC',
      expects: 'the name of a Pub/Sub topic, without project',
      purpose: 'Topic of replays',
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
    pubsubEmulatorHost: {
      variable: 'PUBSUB_EMULATOR_HOST',
      expects: 'host:port of a Pub/Sub emulator',
      purpose: 'Pub/Sub emulator to use instead of Google Cloud',
    },
    bigqueryEmulatorHost: {
      variable: 'BIGQUERY_EMULATOR_HOST',
      expects: 'the URL of a BigQuery emulator, for example http://127.0.0.1:9050',
      purpose: 'BigQuery emulator to use instead of Google Cloud',
    },
    contractsRepository: {
      variable: 'CONTRACTS_REPOSITORY',
      expects: 'the URL of a repository on GitHub, for example https://github.com/example/contracts',
      purpose:
        'Repository of the contracts: Approvals links each change to the pull request of `pipeline contracts propose`',
    },
    localAddresses: {
      variable: 'LOCAL_ADDRESSES',
      expects: 'a JSON object of names and URLs',
      purpose: 'Processes of this machine, which Now lists; `npm start` sets it',
    },
  };

  @ValidateIf(({ iapAudience }: ConsoleSettings) => iapAudience === undefined)
  @IsIn(LOOPBACK)
  override readonly host: string = '127.0.0.1';

  override readonly port: number = 8082;

  @IsIn(ROLES)
  readonly role: Role = 'viewer';

  @IsOptional()
  @Matches(/^\/projects\/\S+$/)
  readonly iapAudience?: string;

  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? splitList(value) : value))
  @Matches(PERSON, { each: true })
  readonly operators: readonly string[] = [];

  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? splitList(value) : value))
  @Matches(PERSON, { each: true })
  readonly admins: readonly string[] = [];

  @IsOptional()
  @IsUrl(LOCAL_URL)
  readonly iapKeysUrl?: string;

  @Matches(TOPIC_NAME)
  readonly topic: string = 'backend-events-topic';

  @Matches(TOPIC_NAME)
  readonly replayTopic: string = 'backend-events-replay';

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
  @Matches(HOST_AND_PORT)
  readonly pubsubEmulatorHost?: string;

  @IsOptional()
  @IsUrl(LOCAL_URL)
  readonly bigqueryEmulatorHost?: string;

  @Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.replace(/\/+$/, '') : value,
  )
  @IsOptional()
  @IsUrl(REPOSITORY_URL)
  readonly contractsRepository?: string;

  @Transform(({ value }: { value: unknown }) => parseJson(value))
  @IsObject()
  readonly localAddresses: Readonly<Record<string, string>> = {};
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
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
