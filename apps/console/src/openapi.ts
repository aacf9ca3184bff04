import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SERVICE_VERSION } from './service-version.js';

const DESCRIPTION =
  'What an operator sees: the books, events, tables, schema changes and dead letters. Every figure comes from the functions ' +
  'behind the commands of `pipeline`. Actions have a preview, need a role, and are logged.';

/** Serves the OpenAPI description: `/docs` for people, `/docs-json` and `/docs-yaml` for programs. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app));
}

/** The description of the API; the types of the web application are generated from it. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('console')
    .setDescription(DESCRIPTION)
    .setVersion(SERVICE_VERSION)
    .build();
  return SwaggerModule.createDocument(app, description);
}
