import { Module, type DynamicModule, type InjectionToken, type ModuleMetadata } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HEALTH_CHECKS, type HealthCheck } from './health-check.port.js';
import { HealthController } from './health.controller.js';

/** `/health`, `/readiness` and `/liveness`. The app names the providers that are its checks. */
@Module({})
export class HealthModule {
  /**
   * @param options.imports the modules that export the checks.
   * @param options.checks injection tokens of {@link HealthCheck} providers, in the order they are shown.
   */
  static forRoot(options: {
    imports?: NonNullable<ModuleMetadata['imports']>;
    checks: readonly InjectionToken<HealthCheck>[];
  }): DynamicModule {
    return {
      module: HealthModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...(options.imports ?? [])],
      controllers: [HealthController],
      providers: [
        {
          provide: HEALTH_CHECKS,
          useFactory: (...checks: HealthCheck[]): readonly HealthCheck[] => checks,
          inject: [...options.checks],
        },
      ],
    };
  }
}
