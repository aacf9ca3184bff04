import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { SERVICE_VERSION } from './service-version.js';

/** Serve the OpenAPI description: `/docs` for people, `/docs-json` and `/docs-yaml` for programs. */
export function serveOpenApi(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('table-manager')
    .setDescription(
      'Takes every event, keeps the tables of BigQuery in step with what events bring, and stores each event as a row.',
    )
    .setVersion(SERVICE_VERSION)
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
}
