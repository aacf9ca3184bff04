import { Module, type DynamicModule } from '@nestjs/common';
import { EventTypesController } from './event-types.controller.js';
import { GenerateController } from './generate.controller.js';
import { GenerateService } from './generate.service.js';

/** The routes that generate. */
@Module({})
export class GenerateModule {
  /** @param publishing the module that exports EVENT_PUBLISHER. */
  static forRoot(publishing: DynamicModule): DynamicModule {
    return {
      module: GenerateModule,
      imports: [publishing],
      controllers: [GenerateController, EventTypesController],
      providers: [GenerateService],
    };
  }
}
