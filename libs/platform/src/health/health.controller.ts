import { Controller, Get, Inject } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { HEALTH_CHECKS, type HealthCheck } from './health-check.port.js';
import { runCheck } from './run-check.js';

/**
 * `/liveness` shows that the process answers, `/readiness` and `/health` the state of its dependencies.
 *
 * Shape: `{"status":"ok","info":{"dataset":{"status":"up"}},"error":{},"details":{…}}`; 503 if a check is down.
 */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    @Inject(HEALTH_CHECKS) private readonly checks: readonly HealthCheck[],
  ) {}

  @Get('health')
  getHealth(): Promise<HealthCheckResult> {
    return this.#run(this.checks);
  }

  @Get('readiness')
  getReadiness(): Promise<HealthCheckResult> {
    return this.#run(this.checks);
  }

  @Get('liveness')
  getLiveness(): Promise<HealthCheckResult> {
    return this.#run([]);
  }

  #run(checks: readonly HealthCheck[]): Promise<HealthCheckResult> {
    return this.health.check(
      checks.map((check) => async () => {
        const session = this.indicators.check(check.name);
        const outcome = await runCheck(check);
        switch (outcome.kind) {
          case 'up':
            return session.up({ ...outcome.details });
          case 'degraded':
            return session.degraded({ code: outcome.code, message: outcome.message });
          case 'down':
            return session.down({ code: outcome.code, message: outcome.message });
        }
      }),
    );
  }
}
