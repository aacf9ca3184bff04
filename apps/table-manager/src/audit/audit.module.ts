import { Module, type DynamicModule } from '@nestjs/common';
import { BigqueryTableStore, readNewTableRefusal } from '@pipeline/bigquery-tables';
import { Forecaster } from '@pipeline/books';
import { BigqueryClient, BigquerySql, PubsubPublisher } from '@pipeline/google-clients';
import { eventTypeSources } from '../config/event-type-from.js';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { TableMetrics } from '../metrics/table-metrics.js';
import { SERVICE_VERSION } from '../service-version.js';
import { AuditController } from './audit.controller.js';
import { AuditService } from './audit.service.js';

/** Longer than the deadline of an event, because the books are one large query. */
const QUERY_TIMEOUT_MS = 60_000;
/** Allowance for delivery and the archive, on top of the schema wait. */
const DELIVERY_MS = 300_000;

/** `POST /audit`. */
@Module({})
export class AuditModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const { projectId, dataset: datasetId, bigqueryEmulatorHost, schemaWaitSeconds } = settings;
    const client = new BigqueryClient({
      projectId,
      datasetId,
      timeoutMs: QUERY_TIMEOUT_MS,
      ...(bigqueryEmulatorHost === undefined ? {} : { endpoint: bigqueryEmulatorHost }),
    });
    const store = new BigqueryTableStore(client);
    const { replayTopic: topic, pubsubEmulatorHost, eventRoutes: routes, autoReplayLimit } = settings;
    const publisher = new PubsubPublisher({
      projectId,
      topic,
      ...(pubsubEmulatorHost === undefined ? {} : { emulatorHost: pubsubEmulatorHost }),
    });
    return {
      module: AuditModule,
      controllers: [AuditController],
      providers: [
        {
          provide: AuditService,
          inject: [TableMetrics],
          useFactory: (metrics: TableMetrics) => {
            const service = new AuditService({
              sql: new BigquerySql(client),
              maxBytes: settings.auditMaxBytes,
              inProgressMs: schemaWaitSeconds * 1_000 + DELIVERY_MS,
              actor: `table-manager@${SERVICE_VERSION}`,
              autoReplayLimit,
              publisher,
              makeForecaster: () =>
                new Forecaster({
                  routes,
                  eventTypeFrom: eventTypeSources(settings.eventTypeFrom),
                  readSchema: async (table) => (await store.read(table))?.schema ?? null,
                  newTypes: () => readNewTableRefusal(store),
                }),
            });
            metrics.showUnaccounted(() => service.unaccounted);
            return service;
          },
        },
      ],
    };
  }
}
