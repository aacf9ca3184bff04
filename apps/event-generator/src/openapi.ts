import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { PLATFORM_PATHS } from '@pipeline/platform';
import { SERVICE_VERSION } from './service-version.js';

export const DESCRIPTION =
  'Publishes realistic events of three types to one Pub/Sub topic; the same seed gives the same events.';

/** Serves the OpenAPI description: `/docs` for people, `/docs-json` and `/docs-yaml` for programs. */
export function serveOpenApi(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('event-generator')
    .setDescription(DESCRIPTION)
    .setVersion(SERVICE_VERSION)
    .build();
  SwaggerModule.setup('docs', app, () => {
    const document = SwaggerModule.createDocument(app, description);
    return { ...document, paths: { ...document.paths, ...PLATFORM_PATHS } };
  });
}
