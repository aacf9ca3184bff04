import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { HealthModule, MetricsModule } from '@pipeline/platform';
import { SameOriginGuard } from './access/same-origin.guard.js';
import { ActionsModule } from './actions/actions.module.js';
import { FailureInterceptor } from './api/failure.interceptor.js';
import { BooksController } from './books/books.controller.js';
import type { ConsoleSettings } from './config/console.settings.js';
import { DeadLettersController } from './dead-letters/dead-letters.controller.js';
import { EventsController } from './events/events.controller.js';
import { NowController } from './now/now.controller.js';
import { LocalCloud } from './local-cloud/local-cloud.js';
import { LocalCloudController } from './local-cloud/local-cloud.controller.js';
import { NowService } from './now/now.service.js';
import { NowStream, REFRESH_MS } from './now/now.stream.js';
import { readPageFiles, type PageFiles } from './page/page-files.js';
import { PAGE_FILES, PageController } from './page/page.controller.js';
import { SERVICE_VERSION } from './service-version.js';
import { TablesController } from './tables/tables.controller.js';
import { TablesService } from './tables/tables.service.js';
import { TimelineController } from './timeline/timeline.controller.js';
import { WarehouseCheck } from './warehouse/warehouse.check.js';
import { Warehouse } from './warehouse/warehouse.js';
import { WarehouseModule } from './warehouse/warehouse.module.js';

/** Output of `vite build`, from the sources and from the build alike. */
const PAGE_FOLDER = fileURLToPath(new URL('../dist/web', import.meta.url));

@Module({ providers: [WarehouseCheck], exports: [WarehouseCheck] })
class WarehouseCheckModule {}

/** The console: the API and the page. */
@Module({})
export class AppModule {
  /** @param parts replace BigQuery and the built page in specs */
  static forRoot(
    settings: Readonly<ConsoleSettings>,
    { warehouse, pageFiles }: { readonly warehouse?: Warehouse; readonly pageFiles?: PageFiles } = {},
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MetricsModule.forRoot({ service: 'console', version: SERVICE_VERSION }),
        WarehouseModule.forRoot(settings, warehouse),
        ActionsModule.forRoot(settings),
        HealthModule.forRoot({ imports: [WarehouseCheckModule], checks: [WarehouseCheck] }),
      ],
      controllers: [
        NowController,
        EventsController,
        TablesController,
        TimelineController,
        DeadLettersController,
        BooksController,
        LocalCloudController,
        PageController,
      ],
      providers: [
        TablesService,
        {
          provide: NowService,
          inject: [Warehouse],
          useFactory: (opened: Warehouse) => new NowService(opened, settings.refreshSeconds * 1_000),
        },
        { provide: REFRESH_MS, useValue: settings.refreshSeconds * 1_000 },
        NowStream,
        {
          provide: LocalCloud,
          useValue: new LocalCloud(settings.bigqueryEmulatorHost, settings.localAddresses),
        },
        { provide: PAGE_FILES, useFactory: () => pageFiles ?? readPageFiles(PAGE_FOLDER) },
        { provide: APP_INTERCEPTOR, useClass: FailureInterceptor },
        { provide: APP_GUARD, useClass: SameOriginGuard },
      ],
    };
  }
}
