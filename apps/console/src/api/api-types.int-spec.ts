import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSettings, startService, type RunningService } from '@pipeline/platform';
import openapiTypes, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { AppModule } from '../app.module.js';
import { ConsoleSettings } from '../config/console.settings.js';
import { describeApi } from '../openapi.js';
import { emptyPage } from '../page/page-files.fake.js';

const TYPES_FILE = fileURLToPath(new URL('../../web/src/api/schema.ts', import.meta.url));

let service: RunningService;

beforeAll(async () => {
  const settings = loadSettings(ConsoleSettings, { PORT: '0', LOG_LEVEL: 'silent' });
  service = await startService({
    name: 'console',
    settings,
    module: AppModule.forRoot(settings, { pageFiles: emptyPage() }),
  });
});

afterAll(() => service.stop());

/** The types of the web application; `UPDATE_API_TYPES=1` writes them. */
async function generate(): Promise<string> {
  const nodes = await openapiTypes(describeApi(service.app) as OpenAPI3, { alphabetize: true });
  const text = `/** Generated from the OpenAPI description of the console: UPDATE_API_TYPES=1 npm run jest -- api-types */\n${astToString(nodes)}`;
  return format(text, { ...(await resolveConfig(TYPES_FILE)), filepath: TYPES_FILE });
}

describe('the API types of the web application', () => {
  it('are those of the OpenAPI description', async () => {
    const types = await generate();
    if (process.env['UPDATE_API_TYPES'] === '1') writeFileSync(TYPES_FILE, types);

    expect(readFileSync(TYPES_FILE, 'utf8')).toBe(types);
  });
});
