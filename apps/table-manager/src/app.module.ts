import { Module, type DynamicModule } from '@nestjs/common';
import { HealthModule } from '@pipeline/platform';
import type { TableManagerSettings } from './config/table-manager.settings.js';
import { IntakeModule } from './intake/intake.module.js';
import { DatasetCheck } from './tables/dataset.check.js';
import { TablesModule } from './tables/tables.module.js';

/** table-manager: takes every event, owns the tables. */
@Module({})
export class AppModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const tables = TablesModule.forRoot(settings);
    return {
      module: AppModule,
      imports: [
        IntakeModule.forRoot(settings, tables),
        HealthModule.forRoot({ imports: [tables], checks: [DatasetCheck] }),
      ],
    };
  }
}
