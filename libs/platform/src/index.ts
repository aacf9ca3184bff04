export { PlatformError, type PlatformErrorCode } from './platform.errors.js';
export {
  describeSettings,
  parseSettings,
  renderSettings,
  type SettingDescription,
} from './settings/describe-settings.js';
export { loadSettings } from './settings/load-settings.js';
export { LOG_LEVELS, ServiceSettings, type LogLevel } from './settings/service.settings.js';
export type { SettingsClass, SettingSource } from './settings/settings-class.js';
export { createLogger, toLoggedError } from './logging/create-logger.js';
export { readTraceFields, type TraceFields } from './logging/trace-context.js';
export { HEALTH_CHECKS, type CheckOutcome, type HealthCheck } from './health/health-check.port.js';
export { HealthModule } from './health/health.module.js';
export { RequestFailure, type FailureBody, type FieldProblem } from './requests/request-failure.js';
export { createRequestValidationPipe, validateInput } from './requests/request-validation.pipe.js';
export { runService, SHUTDOWN_LIMIT_MS } from './service/run-service.js';
export { PLATFORM_PATHS } from './service/platform-paths.js';
export { startService, type RunningService, type ServiceOptions } from './service/start-service.js';
export { InFlight } from './requests/in-flight.js';
export type { GuardedRequest, IdTokenRules } from './auth/id-token-verifier.js';
export { callerOf } from './auth/require-id-token.js';
export { Metrics, type MetricDescription, type Tally } from './metrics/metrics.js';
export { readPackageVersion } from './service/package-version.js';
export { MetricsModule } from './metrics/metrics.module.js';
export { traced, tracedSync } from './tracing/traced.js';
export type { SpanAttributes } from './tracing/tracing.port.js';
export { inRequest } from './service/keep-request-context.js';
