import { Module, type DynamicModule } from '@nestjs/common';
import type { EventGeneratorSettings } from '../config/event-generator.settings.js';
import { EVENT_PUBLISHER, type EventPublisher } from './event-publisher.port.js';
import { PublishingCheck } from './publishing.check.js';
import { PubsubEventPublisher } from './pubsub-event-publisher.js';

/** Binds the publisher: Pub/Sub unless another one is given. */
@Module({})
export class PublishingModule {
  static forRoot(settings: Readonly<EventGeneratorSettings>, publisher?: EventPublisher): DynamicModule {
    return {
      module: PublishingModule,
      providers: [
        { provide: EVENT_PUBLISHER, useFactory: () => publisher ?? new PubsubEventPublisher(settings) },
        PublishingCheck,
      ],
      exports: [EVENT_PUBLISHER, PublishingCheck],
    };
  }
}
