import { runService } from '@pipeline/platform';
import { AppModule } from './app.module.js';
import { EventGeneratorSettings } from './config/event-generator.settings.js';
import { DESCRIPTION, serveOpenApi } from './openapi.js';
import { SERVICE_VERSION } from './service-version.js';

await runService('event-generator', EventGeneratorSettings, (settings) => ({
  module: AppModule.forRoot(settings),
  about: { version: SERVICE_VERSION, description: DESCRIPTION },
  configure: serveOpenApi,
}));
