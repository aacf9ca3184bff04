import { InFlight, type ServiceOptions } from '@pipeline/platform';
import { AppModule } from './app.module.js';
import { createAccountCheck } from './config/allowed-accounts.js';
import type { TableManagerSettings } from './config/table-manager.settings.js';
import { PushRoute } from './intake/push.route.js';
import { serveOpenApi } from './openapi.js';
import { SERVICE_VERSION } from './service-version.js';

/**
 * A Pub/Sub message has up to 10 MB, about 13.4 MiB as base64 in JSON; longer bodies are answered 413.
 * Source: Pub/Sub quotas and limits, read 2026-11-22.
 */
const BODY_LIMIT_BYTES = 14 * 1024 * 1024;

const DESCRIPTION =
  'Receives every event, keeps the BigQuery tables in step with them and, in direct mode, stores each event as a row.';

/** Options of the service. Bodies are passed as bytes, because the parser decides by content and not by content type. */
export function toServiceOptions(
  settings: Readonly<TableManagerSettings>,
): Omit<ServiceOptions, 'name' | 'settings'> {
  const { authAudience: audience, authServiceAccounts, authKeysUrl, otlpEndpoint } = settings;
  const intake = new PushRoute();
  const inFlight = new InFlight(settings.maxInFlightBytes);
  const keys = authKeysUrl === undefined ? {} : { keysUrl: authKeysUrl };
  return {
    about: { version: SERVICE_VERSION, description: DESCRIPTION },
    module: AppModule.forRoot(settings, inFlight),
    bodies: 'bytes',
    bodyLimitBytes: BODY_LIMIT_BYTES,
    inFlight,
    ...(audience === undefined
      ? {}
      : { callers: { audience, isAllowed: createAccountCheck(authServiceAccounts), ...keys } }),
    ...(otlpEndpoint === undefined ? {} : { tracing: { endpoint: otlpEndpoint, version: SERVICE_VERSION } }),
    bareRoutes: (fastify) => {
      intake.register(fastify);
    },
    configure: (app) => {
      intake.connect(app);
      serveOpenApi(app);
    },
  };
}
