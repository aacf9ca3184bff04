import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/**
 * Writes Nest's own lines to the service's log: its warnings and errors at their level, all others (modules and routes)
 * as `debug`.
 */
export function createFrameworkLogger(logger: Logger): LoggerService {
  const write =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]) => {
      const context = rest.at(-1);
      const text = typeof message === 'string' ? message : '';
      logger[level](
        {
          ...(typeof context === 'string' ? { context } : {}),
          ...(text === '' ? { err: message } : {}),
        },
        text,
      );
    };
  return {
    log: write('debug'),
    debug: write('debug'),
    verbose: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('fatal'),
  };
}
