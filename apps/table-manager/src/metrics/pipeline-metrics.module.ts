import { Module, type DynamicModule } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Metrics, MetricsModule, type InFlight } from '@pipeline/platform';
import { SERVICE_VERSION } from '../service-version.js';
import { EventMetrics } from './event-metrics.js';
import { NoticeMetrics } from './notice-metrics.js';
import { PromotionMetrics } from './promotion-metrics.js';
import { RowMetrics } from './row-metrics.js';
import { TableMetrics } from './table-metrics.js';

/** The metrics of the pipeline, at `GET /metrics` with those of the process. */
@Module({})
export class PipelineMetricsModule {
  static forRoot(inFlight: InFlight): DynamicModule {
    return {
      module: PipelineMetricsModule,
      global: true,
      imports: [MetricsModule.forRoot({ service: 'table-manager', version: SERVICE_VERSION })],
      providers: [
        {
          provide: EventMetrics,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => {
            showInFlight(metrics, inFlight);
            return new EventMetrics(metrics);
          },
        },
        {
          provide: NoticeMetrics,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => new NoticeMetrics(metrics),
        },
        {
          provide: PromotionMetrics,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => new PromotionMetrics(metrics),
        },
        {
          provide: RowMetrics,
          inject: [Metrics, PinoLogger],
          useFactory: (metrics: Metrics, logger: PinoLogger) => new RowMetrics(metrics, logger),
        },
        {
          provide: TableMetrics,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => new TableMetrics(metrics),
        },
      ],
      exports: [EventMetrics, NoticeMetrics, PromotionMetrics, RowMetrics, TableMetrics],
    };
  }
}

function showInFlight(metrics: Metrics, inFlight: InFlight): void {
  metrics.gauge({
    name: 'pipeline_in_flight_bytes',
    help: 'Bytes of request bodies in flight',
    read: () => inFlight.bytes,
  });
  metrics.gauge({
    name: 'pipeline_in_flight_events',
    help: 'Requests with a body in flight',
    read: () => inFlight.requests,
  });
}
