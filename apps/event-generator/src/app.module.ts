import { Module, type DynamicModule } from '@nestjs/common';
import { HealthModule, MetricsModule } from '@pipeline/platform';
import type { EventGeneratorSettings } from './config/event-generator.settings.js';
import { GenerateModule } from './generate/generate.module.js';
import type { EventPublisher } from './publishing/event-publisher.port.js';
import { PublishingCheck } from './publishing/publishing.check.js';
import { PublishingModule } from './publishing/publishing.module.js';
import { ScenariosModule } from './scenarios/scenarios.module.js';
import { SERVICE_VERSION } from './service-version.js';
import { StreamsModule } from './streams/streams.module.js';

/** The event generator. */
@Module({})
export class AppModule {
  /** @param publisher replaces Pub/Sub in specs. */
  static forRoot(settings: Readonly<EventGeneratorSettings>, publisher?: EventPublisher): DynamicModule {
    const publishing = PublishingModule.forRoot(settings, publisher);
    return {
      module: AppModule,
      imports: [
        MetricsModule.forRoot({ service: 'event-generator', version: SERVICE_VERSION }),
        GenerateModule.forRoot(publishing),
        ScenariosModule.forRoot(publishing),
        StreamsModule.forRoot(publishing),
        HealthModule.forRoot({ imports: [publishing], checks: [PublishingCheck] }),
      ],
    };
  }
}
