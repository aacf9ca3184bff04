import { Module, type DynamicModule } from '@nestjs/common';
import {
  BigqueryStaging,
  BigqueryTableStore,
  Promoter,
  RetypeEnd,
  TableReconciler,
} from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { PinoLogger } from 'nestjs-pino';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { PromotionMetrics } from '../metrics/promotion-metrics.js';
import { SERVICE_VERSION } from '../service-version.js';
import { SetupWatch } from '../tables/setup-watch.js';
import { TablesModule } from '../tables/tables.module.js';
import { PromotionTimer } from './promotion-timer.js';
import { PromotionsController } from './promotions.controller.js';
import { PromotionsService } from './promotions.service.js';

/** Longer than the deadline of an event: an upload carries up to a few megabytes. */
const REQUEST_TIMEOUT_MS = 60_000;

const ACTOR = `table-manager@${SERVICE_VERSION}`;

/** `POST /promotions`, and the timer of a laptop. */
@Module({})
export class PromotionsModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const { projectId, dataset: datasetId, bigqueryEmulatorHost, promotionIntervalSeconds } = settings;
    const client = new BigqueryClient({
      projectId,
      datasetId,
      timeoutMs: REQUEST_TIMEOUT_MS,
      ...(bigqueryEmulatorHost === undefined ? {} : { endpoint: bigqueryEmulatorHost }),
    });
    const ports = { sql: new BigquerySql(client), store: new BigqueryTableStore(client) };
    return {
      module: PromotionsModule,
      imports: [TablesModule],
      controllers: [PromotionsController],
      providers: [
        {
          provide: Promoter,
          inject: [TableReconciler],
          useFactory: (reconciler: TableReconciler) =>
            new Promoter({
              ...ports,
              retypes: new RetypeEnd({ ...ports, projectId, datasetId, actor: ACTOR }),
              staging: new BigqueryStaging(client),
              ensure: (tableId, need) => reconciler.reconcile(tableId, need),
              maxBytes: settings.promotionMaxBytes,
              actor: ACTOR,
            }),
        },
        {
          provide: PromotionsService,
          inject: [Promoter, PinoLogger, PromotionMetrics, SetupWatch, TableReconciler],
          useFactory: (
            promoter: Promoter,
            logger: PinoLogger,
            metrics: PromotionMetrics,
            setup: SetupWatch,
            reconciler: TableReconciler,
          ) =>
            new PromotionsService({
              promoter,
              logger,
              metrics,
              setup,
              refresh: (table) => reconciler.verify(table, 'promotion'),
            }),
        },
        {
          provide: PromotionTimer,
          inject: [PromotionsService, PinoLogger],
          useFactory: (service: PromotionsService, logger: PinoLogger) =>
            new PromotionTimer(service, promotionIntervalSeconds * 1_000, logger),
        },
      ],
    };
  }
}
