import { Module, type DynamicModule } from '@nestjs/common';
import {
  AutoRetyper,
  BigqueryStaging,
  BigqueryTableStore,
  Promoter,
  RetypeEnd,
  Retyper,
  TableReconciler,
} from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql } from '@pipeline/google-clients';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { OneAtATime } from '../requests/one-at-a-time.js';
import { SERVICE_VERSION } from '../service-version.js';
import { TablesModule } from '../tables/tables.module.js';
import { PromotionTimer } from './promotion-timer.js';
import { PromotionsController } from './promotions.controller.js';
import { PromotionsService } from './promotions.service.js';
import { RetypesController } from './retypes.controller.js';
import { RetypesService } from './retypes.service.js';
import { ServiceParts } from './service-parts.js';

/** Longer than the deadline of an event: an upload carries up to a few megabytes. */
const REQUEST_TIMEOUT_MS = 60_000;

const ACTOR = `table-manager@${SERVICE_VERSION}`;

/** `POST /promotions`, `POST /retypes`, and the timer. */
@Module({})
export class PromotionsModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const { projectId, dataset: datasetId, bigqueryEmulatorHost } = settings;
    const client = new BigqueryClient({
      projectId,
      datasetId,
      timeoutMs: REQUEST_TIMEOUT_MS,
      ...(bigqueryEmulatorHost === undefined ? {} : { endpoint: bigqueryEmulatorHost }),
    });
    return {
      module: PromotionsModule,
      imports: [TablesModule],
      controllers: [PromotionsController, RetypesController],
      providers: [
        { provide: BigqueryClient, useValue: client },
        {
          provide: OneAtATime,
          useValue: new OneAtATime('PROMOTION_RUNNING', 'A promotion or a retype is running'),
        },
        {
          provide: Promoter,
          inject: [BigqueryClient, TableReconciler, TableManagerSettings],
          useFactory: createPromoter,
        },
        {
          provide: RetypesService,
          inject: [BigqueryClient, Promoter, ServiceParts, TableManagerSettings],
          useFactory: createRetypes,
        },
        ServiceParts,
        {
          provide: PromotionsService,
          inject: [Promoter, RetypesService, ServiceParts],
          useFactory: (promoter: Promoter, retypes: RetypesService, parts: ServiceParts) =>
            new PromotionsService({ ...parts.all, promoter, retypes }),
        },
        {
          provide: PromotionTimer,
          inject: [PromotionsService, ServiceParts, TableManagerSettings],
          useFactory: (
            service: PromotionsService,
            { all: { notes, logger } }: ServiceParts,
            { promotionIntervalSeconds }: TableManagerSettings,
          ) => new PromotionTimer({ service, notes, logger, intervalMs: promotionIntervalSeconds * 1_000 }),
        },
      ],
    };
  }
}

function createPromoter(
  client: BigqueryClient,
  reconciler: TableReconciler,
  { promotionMaxBytes: maxBytes }: TableManagerSettings,
): Promoter {
  const { projectId, datasetId } = client;
  const ports = { sql: new BigquerySql(client), store: new BigqueryTableStore(client) };
  return new Promoter({
    ...ports,
    retypes: new RetypeEnd({ ...ports, projectId, datasetId, actor: ACTOR }),
    staging: new BigqueryStaging(client),
    ensure: (tableId, need) => reconciler.reconcile(tableId, need),
    maxBytes,
    actor: ACTOR,
  });
}

function createRetypes(
  client: BigqueryClient,
  promoter: Promoter,
  parts: ServiceParts,
  { autoRetypeMaxBytes: maxBytes }: TableManagerSettings,
): RetypesService {
  const { projectId, datasetId } = client;
  const ports = { sql: new BigquerySql(client), store: new BigqueryTableStore(client) };
  const end = new RetypeEnd({ ...ports, projectId, datasetId, actor: ACTOR });
  const retyper = new Retyper({ ...ports, promoter, end, actor: ACTOR });
  return new RetypesService({
    ...parts.all,
    retyper,
    auto: new AutoRetyper({ ...ports, retyper, maxBytes }),
  });
}
