import { Module, type DynamicModule } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { Metrics, type BuildInfo } from './metrics.js';

/** `GET /metrics`, with the metrics of the process and `pipeline_build_info`. Other modules inject {@link Metrics}. */
@Module({})
export class MetricsModule {
  static forRoot(build: BuildInfo): DynamicModule {
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
            metrics.describeBuild(build);
            return metrics;
          },
        },
      ],
      exports: [Metrics],
    };
  }
}
