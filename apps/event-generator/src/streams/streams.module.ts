import { Module, type DynamicModule } from '@nestjs/common';
import { StreamsController } from './streams.controller.js';
import { StreamsService } from './streams.service.js';

/** The routes of streams. */
@Module({})
export class StreamsModule {
  /** @param publishing the module that exports EVENT_PUBLISHER. */
  static forRoot(publishing: DynamicModule): DynamicModule {
    return {
      module: StreamsModule,
      imports: [publishing],
      controllers: [StreamsController],
      providers: [StreamsService],
    };
  }
}
