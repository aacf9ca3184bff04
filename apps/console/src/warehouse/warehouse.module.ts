import { Global, Module, type DynamicModule } from '@nestjs/common';
import { BigquerySchemaHistory, BigqueryTableStore, type RowAppender } from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql, CloudError } from '@pipeline/google-clients';
import { parseEventTypeSources, type EventTypeSources } from '@pipeline/schema-inference';
import type { ConsoleSettings } from '../config/console.settings.js';
import { Warehouse } from './warehouse.js';

/** Longest wait for one answer of BigQuery, in milliseconds; the books are one large query. */
const QUERY_TIMEOUT_MS = 60_000;

/** Never appends: table-manager writes the history. */
const READ_ONLY: RowAppender = {
  append: () =>
    Promise.reject(new CloudError({ code: 'UNSUPPORTED', message: 'the console only reads the history' })),
};

/** Provides {@link Warehouse} to every module. */
@Global()
@Module({})
export class WarehouseModule {
  /** @param warehouse replaces BigQuery in specs */
  static forRoot(settings: Readonly<ConsoleSettings>, warehouse = openWarehouse(settings)): DynamicModule {
    const provider = { provide: Warehouse, useValue: warehouse };
    return { module: WarehouseModule, providers: [provider], exports: [provider] };
  }
}

/** Opens the client of BigQuery that the settings name; no request is sent. */
export function openClient({
  projectId,
  dataset: datasetId,
  bigqueryEmulatorHost: endpoint,
}: Readonly<ConsoleSettings>): BigqueryClient {
  return new BigqueryClient({
    projectId,
    datasetId,
    timeoutMs: QUERY_TIMEOUT_MS,
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

function openWarehouse(settings: Readonly<ConsoleSettings>): Warehouse {
  const { archiveDataset, bigqueryEmulatorHost: endpoint } = settings;
  const client = openClient(settings);
  return new Warehouse({
    sql: new BigquerySql(client, archiveDataset),
    store: new BigqueryTableStore(client),
    history: new BigquerySchemaHistory(client, READ_ONLY),
    routing: { routes: settings.eventRoutes, eventTypeFrom: eventTypeSources(settings.eventTypeFrom) },
    inProgressMs: settings.inProgressSeconds * 1_000,
    maxBytes: settings.maxBytes,
    isLocal: endpoint !== undefined,
  });
}

function eventTypeSources(setting: string): EventTypeSources {
  const parsed = parseEventTypeSources(setting);
  if (parsed.kind === 'invalid') throw new Error(`EVENT_TYPE_FROM: ${parsed.problem}`);
  return parsed.sources;
}
