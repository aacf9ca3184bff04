import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PLATFORM_PATHS } from '@pipeline/platform';
import { INTAKE_PATH } from './intake/intake.openapi.js';
import { SERVICE_VERSION } from './service-version.js';

/** Serve the OpenAPI description: `/docs` for people, `/docs-json` and `/docs-yaml` for programs. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => describe(app));
}

function describe(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('table-manager')
    .setDescription(
      'Takes every event, keeps the tables of BigQuery in step with what events bring, and (in `direct` mode) stores each ' +
        'event as a row. Everything but health checks needs an OIDC token where AUTH_AUDIENCE is set.',
    )
    .setVersion(SERVICE_VERSION)
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, description);
  const paths: OpenAPIObject['paths'] = {
    ...document.paths,
    '/': { ...document.paths['/'], ...INTAKE_PATH },
  };
  for (const [path, item] of Object.entries(PLATFORM_PATHS)) {
    paths[path] = { ...paths[path], ...item };
  }
  return { ...document, paths };
}
