import { PlatformError } from '../platform.errors.js';
import { createLogger } from '../logging/create-logger.js';
import { loadSettings } from '../settings/load-settings.js';
import type { ServiceSettings } from '../settings/service.settings.js';
import type { SettingsClass } from '../settings/settings-class.js';
import { startService, type RunningService, type ServiceOptions } from './start-service.js';

/** Cloud Run kills a container 10 s after SIGTERM; one second is left for the log to get out. */
export const SHUTDOWN_LIMIT_MS = 9_000;

/**
 * The whole of a service's `main.ts`: read the settings, start, and stop on SIGTERM or SIGINT.
 *
 * Exit codes: 0 after a clean stop; 1 when the start failed (the reason is logged), when stopping took longer than
 * {@link SHUTDOWN_LIMIT_MS}, or after an unhandled rejection or exception (logged, and fatal).
 */
export async function runService<T extends ServiceSettings>(
  name: string,
  Settings: SettingsClass<T>,
  toOptions: (settings: Readonly<T>) => Omit<ServiceOptions, 'name' | 'settings'>,
): Promise<void> {
  try {
    const settings = loadSettings(Settings, process.env);
    const service = await startService({ ...toOptions(settings), name, settings });
    exitOnSignals(service);
    exitOnUnhandled(service);
  } catch (cause) {
    const error = PlatformError.from(cause);
    const detail = error.code === 'START_FAILED' ? { err: error } : {};
    createLogger({ service: name, level: 'info' }).fatal({ code: error.code, ...detail }, error.message);
    process.exitCode = 1;
    setImmediate(() => process.exit(1));
  }
}

function exitOnSignals(service: RunningService): void {
  let isStopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (isStopping) {
      return;
    }
    isStopping = true;
    service.logger.info({ signal }, 'stopping');
    setTimeout(() => {
      service.logger.error({ limitMs: SHUTDOWN_LIMIT_MS }, 'not stopped in time');
      process.exit(1);
    }, SHUTDOWN_LIMIT_MS).unref();
    service.stop().then(
      () => {
        service.logger.info('stopped');
        process.exit(0);
      },
      (cause: unknown) => {
        service.logger.error({ err: cause }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function exitOnUnhandled(service: RunningService): void {
  const fail = (message: string) => (cause: unknown) => {
    service.logger.fatal({ err: cause }, message);
    process.exit(1);
  };
  process.on('unhandledRejection', fail('unhandled rejection'));
  process.on('uncaughtException', fail('uncaught exception'));
}
