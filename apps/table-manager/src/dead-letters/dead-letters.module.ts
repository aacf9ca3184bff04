import { Module, type DynamicModule } from '@nestjs/common';
import type { TableManagerSettings } from '../config/table-manager.settings.js';
import { DeadLetterCheck } from './dead-letter.check.js';
import { DEAD_LETTER_PUBLISHER, type DeadLetterPublisher } from './dead-letter-publisher.port.js';
import { PubsubDeadLetterPublisher } from './pubsub-dead-letter-publisher.js';

/** Where messages go that cannot be rows. */
@Module({})
export class DeadLettersModule {
  static forRoot(settings: Readonly<TableManagerSettings>): DynamicModule {
    return {
      module: DeadLettersModule,
      providers: [
        { provide: DEAD_LETTER_PUBLISHER, useFactory: () => new PubsubDeadLetterPublisher(settings) },
        {
          provide: DeadLetterCheck,
          inject: [DEAD_LETTER_PUBLISHER],
          useFactory: (publisher: DeadLetterPublisher) => new DeadLetterCheck(publisher),
        },
      ],
      exports: [DEAD_LETTER_PUBLISHER, DeadLetterCheck],
    };
  }
}
