import { Module, type DynamicModule } from '@nestjs/common';
import { ScenariosController } from './scenarios.controller.js';
import { ScenariosService } from './scenarios.service.js';

/** The routes of the hostile streams. */
@Module({})
export class ScenariosModule {
  /** @param publishing the module that exports EVENT_PUBLISHER. */
  static forRoot(publishing: DynamicModule): DynamicModule {
    return {
      module: ScenariosModule,
      imports: [publishing],
      controllers: [ScenariosController],
      providers: [ScenariosService],
    };
  }
}
