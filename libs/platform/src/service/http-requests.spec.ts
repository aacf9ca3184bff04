import { request as send, type OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module, Param, Post, Query, type DynamicModule } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { IsOptional, IsString } from 'class-validator';
import { MetricsModule } from '../metrics/metrics.module.js';
import { loadSettings } from '../settings/load-settings.js';
import { ServiceSettings } from '../settings/service.settings.js';
import { startService, type RunningService } from './start-service.js';

class FilterQuery {
  @IsOptional()
  @IsString()
  readonly name?: string;
}

@Controller('things')
class ThingsController {
  @Get(':id')
  read(@Param('id') id: string): string {
    return id;
  }

  @Post()
  create(): string {
    return 'created';
  }

  @Get()
  @RouteConfig({ query: true })
  list(@Query() { name = 'none' }: FilterQuery): string {
    return name;
  }
}

@Module({})
class ThingsModule {
  static create(): DynamicModule {
    const imports = [MetricsModule.forRoot({ service: 'example', version: '1.2.3' })];
    return { module: ThingsModule, imports, controllers: [ThingsController] };
  }
}

let service: RunningService;

beforeAll(async () => {
  service = await startService({
    name: 'example',
    about: { version: '1.2.3', description: 'An example.' },
    module: ThingsModule.create(),
    bodies: 'bytes',
    settings: loadSettings(ServiceSettings, { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent' }),
    bareRoutes: (fastify) => {
      fastify.post('/', (request, reply) => reply.send(request.headers['content-type']));
    },
  });
});

afterAll(() => service.stop());

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** As written: fetch would not send a Host, a wrong content type or a large header. */
async function call(
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = send(`${service.url}${path}`, { method, headers }, (response) => {
      text(response).then((answer) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer });
      }, reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

describe('a service', () => {
  it('shows a landing page with its links', async () => {
    const { status, headers, body } = await call('GET', '/');

    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    for (const part of ['<h1>example</h1>', 'An example.', '1.2.3', '/docs', '/health', '/metrics']) {
      expect(body).toContain(part);
    }
  });

  it('keeps an idle connection longer than the 600 s for which a proxy reuses one', async () => {
    const { headers } = await call('GET', '/', { connection: 'keep-alive' });

    expect(headers['keep-alive']).toBe('timeout=620');
  });

  it('names its build in the metrics', async () => {
    expect((await call('GET', '/metrics')).body).toContain(
      'pipeline_build_info{service="example",version="1.2.3"} 1',
    );
  });

  it.each([
    ['DELETE', '/things/7', 'GET, HEAD'],
    ['PUT', '/things', 'GET, HEAD, POST'],
    ['DELETE', '/', 'GET, HEAD, POST'],
    ['POST', '/metrics', 'GET, HEAD'],
  ])('answers %s %s with 405 and the methods it supports', async (method, path, allow) => {
    const { status, headers, body } = await call(method, path);

    expect([status, headers.allow]).toEqual([405, allow]);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } });
  });

  it.each(['/nowhere', '/things/7/more', '/things/'])('answers %s with 404', async (path) => {
    const { status, body } = await call('PUT', path);

    expect([status, JSON.parse(body)]).toMatchObject([404, { error: { code: 'NOT_FOUND' } }]);
  });

  it.each([
    ['/things/7?verbose=1', 'verbose'],
    ['/things?nam=x', 'nam'],
    ['/metrics?x', 'x'],
    ['/?x=1', 'x'],
  ])('refuses the unknown query parameter of %s', async (path, field) => {
    const { status, body } = await call('GET', path);

    expect([status, JSON.parse(body)]).toMatchObject([
      400,
      { error: { code: 'INVALID_REQUEST', fields: [{ field, rule: 'whitelistValidation' }] } },
    ]);
  });

  it('accepts a known query parameter, and any on a bare route', async () => {
    const headers = { 'content-type': 'text/plain' };

    expect((await call('GET', '/things?name=x')).body).toBe('x');
    expect((await call('POST', '/?__GCP_CloudEventsMode=CE_PUBSUB_BINDING', headers, 'x')).status).toBe(200);
  });
});

describe('a request that a publisher’s attributes shaped', () => {
  it.each([';;;', 'x', 'text', '', ' '])('is read whatever its content type: "%s"', async (type) => {
    const { status } = await call('POST', '/', { 'content-type': type }, '{}');

    expect(status).toBe(200);
  });

  it('keeps a content type that is one', async () => {
    const type = 'application/cloudevents+json; charset=utf-8';

    expect((await call('POST', '/', { 'content-type': type }, '{}')).body).toBe(type);
  });

  it('may have 128 KB of headers', async () => {
    const attributes = Object.fromEntries(
      Array.from({ length: 100 }, (_unused, index) => [`k${index}${'x'.repeat(250)}`, 'v'.repeat(1_024)]),
    );

    expect((await call('POST', '/', { 'content-type': 'text/plain', ...attributes }, '{}')).status).toBe(200);
  });
});

describe('a service on loopback', () => {
  it.each<[string, OutgoingHttpHeaders]>([
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['a page by DNS rebinding', { host: 'evil.example' }],
    ['a page by DNS rebinding, with a port', { host: 'evil.example:8081' }],
    ['a page by a name that begins like this machine', { host: '127.0.0.1.evil.example' }],
  ])('refuses %s', async (_name, headers) => {
    const bare = await call('POST', '/', { 'content-type': 'text/plain', ...headers }, 'x');
    const other = await call('GET', '/things', headers);

    expect([bare.status, other.status]).toEqual([403, 403]);
    expect(JSON.parse(bare.body)).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  it.each<[string, OutgoingHttpHeaders]>([
    ['its address', { host: '127.0.0.1:8081' }],
    ['localhost', { host: 'localhost' }],
    ['IPv6', { host: '[::1]:8081' }],
    ['a page of this machine', { origin: 'http://localhost:8082' }],
  ])('accepts %s', async (_name, headers) => {
    expect((await call('GET', '/things', headers)).status).toBe(200);
  });
});
