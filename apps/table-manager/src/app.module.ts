import { Module, type DynamicModule } from '@nestjs/common';
import { HealthModule, type InFlight } from '@pipeline/platform';
import { AuditModule } from './audit/audit.module.js';
import type { TableManagerSettings } from './config/table-manager.settings.js';
import { DeadLetterCheck } from './dead-letters/dead-letter.check.js';
import { DeadLettersModule } from './dead-letters/dead-letters.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { MemoryModule } from './memory/memory.module.js';
import { PipelineMetricsModule } from './metrics/pipeline-metrics.module.js';
import { PlanModule } from './plan/plan.module.js';
import { DatasetCheck } from './tables/dataset.check.js';
import { TablesModule } from './tables/tables.module.js';

/** table-manager: takes every event, owns the tables. */
@Module({})
export class AppModule {
  static forRoot(settings: Readonly<TableManagerSettings>, inFlight: InFlight): DynamicModule {
    const tables = TablesModule.forRoot(settings);
    const parts = [tables, DeadLettersModule.forRoot(settings)];
    return {
      module: AppModule,
      imports: [
        PipelineMetricsModule.forRoot(inFlight),
        MemoryModule.forRoot(settings),
        IntakeModule.forRoot(settings, parts),
        PlanModule.forRoot(settings, tables),
        AuditModule.forRoot(settings),
        HealthModule.forRoot({ imports: parts, checks: [DatasetCheck, DeadLetterCheck] }),
      ],
    };
  }
}
