import { runService } from '@pipeline/platform';
import { AppModule } from './app.module.js';
import { EventGeneratorSettings } from './config/event-generator.settings.js';
import { serveOpenApi } from './openapi.js';

await runService('event-generator', EventGeneratorSettings, (settings) => ({
  module: AppModule.forRoot(settings),
  configure: serveOpenApi,
}));
