import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/** Serve the OpenAPI description: `/docs` for people, `/docs-json` and `/docs-yaml` for programs. */
export function serveOpenApi(app: INestApplication): void {
  const description = new DocumentBuilder()
    .setTitle('event-generator')
    .setDescription(
      'Publishes realistic events of three types to one Pub/Sub topic, the same ones for the same seed.',
    )
    .setVersion('0.1.0')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
}
