import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/**
 * Nest's own lines in the service's log. What Nest calls a log line (modules and routes it has set up) is `debug`
 * here; its warnings and errors keep their level.
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
