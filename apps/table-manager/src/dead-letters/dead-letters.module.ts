import { Module } from '@nestjs/common';
import { TableManagerSettings } from '../config/table-manager.settings.js';
import { DeadLetterCheck } from './dead-letter.check.js';
import { DEAD_LETTER_PUBLISHER } from './dead-letter-publisher.port.js';
import { PubsubDeadLetterPublisher } from './pubsub-dead-letter-publisher.js';

/** The topic of messages that cannot be rows. */
@Module({
  providers: [
    {
      provide: DEAD_LETTER_PUBLISHER,
      inject: [TableManagerSettings],
      useFactory: (settings: TableManagerSettings) => new PubsubDeadLetterPublisher(settings),
    },
    DeadLetterCheck,
  ],
  exports: [DEAD_LETTER_PUBLISHER, DeadLetterCheck],
})
export class DeadLettersModule {}
