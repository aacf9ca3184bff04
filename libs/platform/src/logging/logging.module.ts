import { Module, RequestMethod, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';

/** The module's own default, `{/*splat}`, matches nothing in @nestjs/platform-fastify 12.5.0 (tried 2026-11-22). */
const EVERY_ROUTE = [{ path: '{*splat}', method: RequestMethod.ALL }];

/**
 * Binds nestjs-pino to the service's logger. Inject `PinoLogger` of nestjs-pino to write a line: inside a request it
 * is the request's own logger, which Fastify made with the trace fields (see request-logging.ts).
 */
@Module({})
export class LoggingModule {
  static forRoot(options: { logger: Logger }): DynamicModule {
    return {
      module: LoggingModule,
      imports: [
        LoggerModule.forRoot({
          pinoHttp: { logger: options.logger },
          useExisting: true,
          forRoutes: EVERY_ROUTE,
        }),
      ],
    };
  }
}
