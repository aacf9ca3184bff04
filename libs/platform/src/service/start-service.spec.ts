import { afterEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, HttpCode, Module, Post } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, Max, ValidateNested } from 'class-validator';
import type { CheckOutcome, HealthCheck } from '../health/health-check.port.js';
import { HealthModule } from '../health/health.module.js';
import { loadSettings } from '../settings/load-settings.js';
import { ServiceSettings } from '../settings/service.settings.js';
import { startService, type RunningService, type ServiceOptions } from './start-service.js';

class InnerBody {
  @IsInt()
  readonly depth!: number;
}

class ExampleBody {
  @IsInt()
  @Max(3)
  readonly count: number = 1;

  @ValidateNested()
  @Type(() => InnerBody)
  readonly inner: InnerBody = Object.assign(new InnerBody(), { depth: 1 });
}

@Controller()
class ExampleController {
  @Post('validated')
  @HttpCode(200)
  validate(@Body() body: ExampleBody): number {
    return body.count;
  }

  @Post('bytes')
  @HttpCode(200)
  count(@Body() body: Uint8Array): { length: number } {
    return { length: body.length };
  }

  @Get('broken')
  break(): never {
    throw new Error('secret detail');
  }
}

class ScriptedCheck implements HealthCheck {
  readonly name = 'dependency';
  static outcome: CheckOutcome = { kind: 'up' };

  check(): Promise<CheckOutcome> {
    return Promise.resolve(ScriptedCheck.outcome);
  }
}

@Module({ providers: [ScriptedCheck], exports: [ScriptedCheck] })
class ScriptedCheckModule {}

@Module({
  imports: [HealthModule.forRoot({ imports: [ScriptedCheckModule], checks: [ScriptedCheck] })],
  controllers: [ExampleController],
})
class ExampleModule {}

const running: RunningService[] = [];
const lines: string[] = [];

async function start(
  options: Partial<ServiceOptions> = {},
  env: Record<string, string> = {},
): Promise<RunningService> {
  const service = await startService({
    name: 'example',
    module: ExampleModule,
    settings: loadSettings(ServiceSettings, { HOST: '127.0.0.1', PORT: '0', ...env }),
    logDestination: { write: (line) => lines.push(line) },
    ...options,
  });
  running.push(service);
  return service;
}

async function post(url: string, body: string, type = 'application/json'): Promise<[number, unknown]> {
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
  return [response.status, await response.json()];
}

afterEach(async () => {
  ScriptedCheck.outcome = { kind: 'up' };
  lines.length = 0;
  await Promise.all(running.splice(0).map((service) => service.stop()));
});

describe('startService', () => {
  it('answers a broken rule with field and rule', async () => {
    const { url } = await start();

    const [status, body] = await post(`${url}/validated`, '{"count":9,"inner":{"depth":"x"},"extra":1}');

    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: {
        code: 'INVALID_REQUEST',
        fields: [
          { field: 'extra', rule: 'whitelistValidation' },
          { field: 'count', rule: 'max', message: 'count must not be greater than 3' },
          { field: 'inner.depth', rule: 'isInt' },
        ],
      },
    });
  });

  it('takes a request without a body as an empty one', async () => {
    const { url } = await start();

    const response = await fetch(`${url}/validated`, { method: 'POST' });

    expect([response.status, await response.text()]).toEqual([200, '1']);
  });

  it.each([
    ['text that is not JSON', '{"count":', 'application/json', 400, 'INVALID_REQUEST'],
    ['another content type', 'a=1', 'text/csv', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'a body over the limit',
      JSON.stringify({ text: 'x'.repeat(200) }),
      'application/json',
      413,
      'BODY_TOO_LARGE',
    ],
  ])('refuses %s', async (_name, text, type, status, code) => {
    const { url } = await start({ bodyLimitBytes: 100 });

    const answer = await post(`${url}/validated`, text, type);

    expect(answer).toMatchObject([status, { error: { code } }]);
  });

  it('hands over bytes of any content type when asked to', async () => {
    const { url } = await start({ bodies: 'bytes' });

    expect(await post(`${url}/bytes`, '{"a":', 'application/json')).toEqual([200, { length: 5 }]);
    expect(await post(`${url}/bytes`, 'é', 'application/x-anything')).toEqual([200, { length: 2 }]);
  });

  it('answers an unexpected error without its detail and logs it with the trace', async () => {
    const { url } = await start({}, { GCP_PROJECT_ID: 'my-project' });
    const trace = 'a'.repeat(32);

    const response = await fetch(`${url}/broken`, {
      headers: { traceparent: `00-${trace}-${'b'.repeat(16)}-01` },
    });

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: { code: 'INTERNAL', message: 'The service failed; its log has the cause' },
    });
    const failure = lines.map((line) => JSON.parse(line) as unknown);
    expect(failure).toContainEqual(
      expect.objectContaining({
        severity: 'ERROR',
        message: 'request failed',
        err: expect.objectContaining({ message: 'secret detail' }),
        'logging.googleapis.com/trace': `projects/my-project/traces/${trace}`,
      }),
    );
  });

  it('answers an unknown path in the same shape', async () => {
    const { url } = await start();

    const response = await fetch(`${url}/nowhere`);

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it.each([
    [
      { kind: 'up', details: { tables: 3 } } as const,
      200,
      { status: 'ok', info: { dependency: { tables: 3 } } },
    ],
    [
      { kind: 'degraded', code: 'SLOW', message: 'late' } as const,
      200,
      { status: 'degraded', details: { dependency: { status: 'degraded', code: 'SLOW' } } },
    ],
    [
      { kind: 'down', code: 'DATASET_MISSING', message: 'create it' } as const,
      503,
      {
        status: 'error',
        error: { dependency: { status: 'down', code: 'DATASET_MISSING', message: 'create it' } },
      },
    ],
  ])('shows a check that is %j', async (outcome, status, body) => {
    const { url } = await start();
    ScriptedCheck.outcome = outcome;

    const readiness = await fetch(`${url}/readiness`);
    const health = await fetch(`${url}/health`);
    const liveness = await fetch(`${url}/liveness`);

    expect([readiness.status, health.status, liveness.status]).toEqual([status, status, 200]);
    expect(await readiness.json()).toMatchObject(body);
  });

  it('names the port and the setting when the port is in use', async () => {
    const first = await start();
    const { port } = new URL(first.url);

    const second = start({}, { PORT: port });

    await expect(second).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use\\. Set PORT to`)),
    });
  });
});
