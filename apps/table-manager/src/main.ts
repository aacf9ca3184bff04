import { runService } from '@pipeline/platform';
import { TableManagerSettings } from './config/table-manager.settings.js';
import { toServiceOptions } from './service-options.js';

await runService('table-manager', TableManagerSettings, toServiceOptions);
