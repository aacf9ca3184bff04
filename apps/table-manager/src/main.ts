import { runService } from '@pipeline/platform';
import { AppModule } from './app.module.js';
import { TableManagerSettings } from './config/table-manager.settings.js';
import { toServiceOptions } from './service-options.js';

await runService('table-manager', TableManagerSettings, (settings) =>
  toServiceOptions(AppModule.forRoot(settings)),
);
