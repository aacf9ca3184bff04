import type { ServiceOptions } from '@pipeline/platform';
import { AppModule } from './app.module.js';
import type { ConsoleSettings } from './config/console.settings.js';
import { serveOpenApi } from './openapi.js';

/** Requests have no body but a few bytes of JSON. */
const BODY_LIMIT_BYTES = 64 * 1024;

/** Options of the service. It has no landing page: its pages are at `/`. */
export function toServiceOptions(
  settings: Readonly<ConsoleSettings>,
): Omit<ServiceOptions, 'name' | 'settings'> {
  return {
    module: AppModule.forRoot(settings),
    bodyLimitBytes: BODY_LIMIT_BYTES,
    configure: serveOpenApi,
  };
}
