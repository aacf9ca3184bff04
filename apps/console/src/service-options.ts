import type { ServiceOptions } from '@pipeline/platform';
import { AppModule } from './app.module.js';
import type { ConsoleSettings } from './config/console.settings.js';
import { serveOpenApi } from './openapi.js';

/** The longest body is a batch of events to plan, as a JSON text. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** Options of the service. It has no landing page: its pages are at `/`. */
export function toServiceOptions(
  settings: Readonly<ConsoleSettings>,
): Omit<ServiceOptions, 'name' | 'settings'> {
  const { iapAudience: audience, iapKeysUrl: keysUrl } = settings;
  const callers = {
    issuer: 'iap',
    isAllowed: () => true,
    ...(keysUrl === undefined ? {} : { keysUrl }),
  } as const;
  return {
    ...(audience === undefined ? {} : { callers: { ...callers, audience } }),
    module: AppModule.forRoot(settings),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    configure: serveOpenApi,
  };
}
