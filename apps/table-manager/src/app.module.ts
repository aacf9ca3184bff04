import { Module, type DynamicModule } from '@nestjs/common';
import { HealthModule, type InFlight } from '@pipeline/platform';
import { AuditModule } from './audit/audit.module.js';
import { SettingsModule } from './config/settings.module.js';
import type { TableManagerSettings } from './config/table-manager.settings.js';
import { DeadLetterCheck } from './dead-letters/dead-letter.check.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { ContractsModule } from './contracts/contracts.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { MemoryModule } from './memory/memory.module.js';
import { PipelineMetricsModule } from './metrics/pipeline-metrics.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { PlanModule } from './plan/plan.module.js';
import { PromotionsModule } from './promotions/promotions.module.js';
import { DatasetCheck } from './tables/dataset.check.js';
import { TablesModule } from './tables/tables.module.js';

/** table-manager: receives every event, owns the tables. */
@Module({})
export class AppModule {
  static forRoot(settings: Readonly<TableManagerSettings>, inFlight: InFlight): DynamicModule {
    return {
      module: AppModule,
      imports: [
        SettingsModule.forRoot(settings),
        PipelineMetricsModule.forRoot(inFlight),
        MemoryModule,
        IntakeModule,
        PlanModule,
        AuditModule.forRoot(settings),
        PromotionsModule.forRoot(settings),
        ContractsModule.forRoot(settings),
        NoticesModule.forRoot(settings),
        HealthModule.forRoot({
          imports: [TablesModule, DeadLettersModule],
          checks: [DatasetCheck, DeadLetterCheck],
        }),
      ],
    };
  }
}
