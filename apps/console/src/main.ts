import { runService } from '@pipeline/platform';
import { ConsoleSettings } from './config/console.settings.js';
import { toServiceOptions } from './service-options.js';

await runService('console', ConsoleSettings, toServiceOptions);
