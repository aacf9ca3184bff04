import { Global, Module, Scope, type DynamicModule } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Logger } from 'pino';

/**
 * Gives `PinoLogger` of nestjs-pino the service's logger. Inside a request the logger itself adds the trace (see
 * create-logger.ts), so that no middleware has to run for each request, and nothing is kept for the process as a whole.
 */
@Global()
@Module({})
export class LoggingModule {
  static forRoot({ logger }: { logger: Logger }): DynamicModule {
    return {
      module: LoggingModule,
      providers: [
        // Each class that injects it has its own, because each sets its own context.
        { provide: PinoLogger, scope: Scope.TRANSIENT, useFactory: () => new ServiceLogger(logger) },
      ],
      exports: [PinoLogger],
    };
  }
}

class ServiceLogger extends PinoLogger {
  constructor(private readonly serviceLogger: Logger) {
    super({ pinoHttp: { logger: serviceLogger }, useExisting: true });
  }

  override get logger(): Logger {
    return this.serviceLogger;
  }
}
