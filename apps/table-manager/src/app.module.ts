import { Module, type DynamicModule } from '@nestjs/common';
import { HealthModule } from '@pipeline/platform';
import type { TableManagerSettings } from './config/table-manager.settings.js';
import { DeadLetterCheck } from './dead-letters/dead-letter.check.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { DatasetCheck } from './tables/dataset.check.js';
import { TablesModule } from './tables/tables.module.js';

/** table-manager: takes every event, owns the tables. */
@Module({})
export class AppModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    const parts = [TablesModule.forRoot(settings), DeadLettersModule.forRoot(settings)];
    return {
      module: AppModule,
      imports: [
        IntakeModule.forRoot(settings, parts),
        HealthModule.forRoot({ imports: parts, checks: [DatasetCheck, DeadLetterCheck] }),
      ],
    };
  }
}
