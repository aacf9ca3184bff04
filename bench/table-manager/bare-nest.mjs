/** Measures Nest itself: the handler of bare-fastify.mjs as a Nest controller on the same Fastify. */
import { createRequire } from 'node:module';

// The versions that table-manager is made of.
const { resolve } = createRequire(new URL('../../apps/table-manager/package.json', import.meta.url));
await import(resolve('reflect-metadata'));
const { Body, Controller, HttpCode, Module, Post } = await import(resolve('@nestjs/common'));
const { NestFactory } = await import(resolve('@nestjs/core'));
const { FastifyAdapter } = await import(resolve('@nestjs/platform-fastify'));

const BODY_LIMIT_BYTES = 14 * 1024 * 1024;

class IntakeController {
  take(body) {
    const event = JSON.parse(Buffer.from(body.message.data, 'base64').toString());
    if (typeof event.event_type !== 'string') throw new Error('no event');
  }
}
class RootModule {}

// Decorators by hand: this file runs as it is.
const { prototype } = IntakeController;
const method = Object.getOwnPropertyDescriptor(prototype, 'take');
Post()(prototype, 'take', method);
HttpCode(204)(prototype, 'take', method);
Body()(prototype, 'take', 0);
Controller()(IntakeController);
Module({ controllers: [IntakeController] })(RootModule);

const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES });
const app = await NestFactory.create(RootModule, adapter, { logger: false });
await app.listen({ host: '127.0.0.1', port: 0 });
console.log(`listening http://127.0.0.1:${app.getHttpServer().address().port}`);
