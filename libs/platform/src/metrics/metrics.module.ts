import { Module, type DynamicModule } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

/** `GET /metrics`, with the process's own metrics in it. Other modules inject {@link Metrics} and add theirs. */
@Module({})
export class MetricsModule {
  static forRoot(): DynamicModule {
    return {
      module: MetricsModule,
      global: true,
      controllers: [MetricsController],
      providers: [
        {
          provide: Metrics,
          useFactory: () => {
            const metrics = new Metrics();
            metrics.collectProcess();
            return metrics;
          },
        },
      ],
      exports: [Metrics],
    };
  }
}
