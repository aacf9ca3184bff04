import { afterEach, describe, expect, it } from '@jest/globals';
import { loadSettings, startService, type RunningService } from '@pipeline/platform';
import { AppModule } from '../src/app.module.js';
import { EventGeneratorSettings } from '../src/config/event-generator.settings.js';
import { serveOpenApi } from '../src/openapi.js';
import { InMemoryEventPublisher } from '../src/publishing/in-memory-event-publisher.fake.js';
import { PublishError } from '../src/publishing/publish.errors.js';

const running: RunningService[] = [];

async function start(): Promise<{ url: string; publisher: InMemoryEventPublisher }> {
  const settings = loadSettings(EventGeneratorSettings, {
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
  });
  const publisher = new InMemoryEventPublisher();
  const service = await startService({
    name: 'event-generator',
    module: AppModule.forRoot(settings, publisher),
    settings,
    configure: serveOpenApi,
  });
  running.push(service);
  return { url: service.url, publisher };
}

async function post(url: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(
    url,
    body === undefined
      ? { method: 'POST' }
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
  );
  return { status: response.status, body: await response.json() };
}

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

function readEvents(publisher: InMemoryEventPublisher): unknown[] {
  return publisher.messages.map((message) => JSON.parse(message.data.toString()) as unknown);
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
});

describe('POST /generate/:type', () => {
  it.each(['order', 'inventory', 'user_activity'])(
    'publishes one %s when nothing else is said',
    async (type) => {
      const { url, publisher } = await start();

      const answer = await post(`${url}/generate/${type}`);

      expect(answer).toEqual({
        status: 200,
        body: { requested: 1, published: 1, messageIds: ['1'], seed: expect.any(Number) },
      });
      expect(readEvents(publisher)).toEqual([expect.objectContaining({ event_type: type })]);
      expect(publisher.messages[0]?.attributes).toEqual({});
    },
  );

  it('publishes the same events for the same seed, with the attributes of the request', async () => {
    const { url, publisher } = await start();
    const request = { count: 25, seed: 7, attributes: { source: 'spec' } };

    const first = await post(`${url}/generate/order`, request);
    const second = await post(`${url}/generate/order`, request);

    expect(first).toMatchObject({ status: 200, body: { requested: 25, published: 25, seed: 7 } });
    expect(second).toMatchObject({ status: 200 });
    expect(publisher.messages.slice(25)).toEqual(publisher.messages.slice(0, 25));
    expect(publisher.messages.every((message) => message.attributes['source'] === 'spec')).toBe(true);
  });

  it('makes events of the present without a seed', async () => {
    const { url, publisher } = await start();
    const before = Date.now();

    await post(`${url}/generate/inventory`, { count: 5 });

    for (const event of readEvents(publisher)) {
      const { timestamp } = event as { timestamp: string };
      expect(Math.abs(Date.parse(timestamp) - before)).toBeLessThan(2 * 3_600_000);
    }
  });

  it('publishes ten thousand at once', async () => {
    const { url, publisher } = await start();

    const answer = await post(`${url}/generate/user_activity`, { count: 10_000 });

    expect(answer).toMatchObject({ status: 200, body: { published: 10_000 } });
    expect(publisher.messages).toHaveLength(10_000);
  });

  it.each([
    ['a type it does not know', 'orders', {}, 'type', 'isIn'],
    ['no events', 'order', { count: 0 }, 'count', 'min'],
    ['too many events', 'order', { count: 10_001 }, 'count', 'max'],
    ['half an event', 'order', { count: 1.5 }, 'count', 'isInt'],
    ['a count in quotes', 'order', { count: '5' }, 'count', 'isInt'],
    ['a negative seed', 'order', { seed: -1 }, 'seed', 'min'],
    [
      'attributes that are no texts',
      'order',
      { attributes: { a: 1 } },
      'attributes',
      'publishableAttributes',
    ],
    ['attributes in a list', 'order', { attributes: ['a'] }, 'attributes', 'publishableAttributes'],
    ['reserved attributes', 'order', { attributes: { google: 'x' } }, 'attributes', 'publishableAttributes'],
    ['a field it does not know', 'order', { amount: 5 }, 'amount', 'whitelistValidation'],
  ])('refuses %s and names field and rule', async (_name, type, body, field, rule) => {
    const { url, publisher } = await start();

    const answer = await post(`${url}/generate/${type}`, body);

    const problem: unknown = expect.objectContaining({
      field,
      rule,
      message: expect.stringContaining(field),
    });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_REQUEST', fields: expect.arrayContaining([problem]) } },
    });
    expect(publisher.messages).toEqual([]);
  });

  it.each([
    ['TOPIC_NOT_FOUND', 503, 'setup'],
    ['UNAVAILABLE', 503, 'transient'],
    ['REFUSED', 400, 'permanent'],
  ] as const)(
    'answers %s with %i and lists the messages published before it',
    async (code, status, disposition) => {
      const { url, publisher } = await start();
      const details = { project: 'local-project', topic: 'backend-events-topic' };
      publisher.failOnce(new PublishError({ code, message: 'what to do', details }), 2);

      const failed = await post(`${url}/generate/order`, { count: 5, seed: 1 });
      const health = await get(`${url}/health`);
      const retried = await post(`${url}/generate/order`, { count: 5, seed: 1 });
      const recovered = await get(`${url}/readiness`);

      expect(failed).toEqual({
        status,
        body: {
          error: {
            code,
            message: 'what to do',
            details: { disposition, requested: 5, published: 2, messageIds: ['1', '2'], seed: 1 },
          },
        },
      });
      expect(health).toMatchObject({
        status: 200,
        body: {
          status: 'degraded',
          details: { publishing: { status: 'degraded', code, message: 'what to do' } },
        },
      });
      expect(retried).toMatchObject({ status: 200 });
      expect(recovered).toMatchObject({ status: 200, body: { status: 'ok' } });
    },
  );
});

describe('POST /generate', () => {
  it('publishes a mix of all types', async () => {
    const { url, publisher } = await start();

    const answer = await post(`${url}/generate`, { count: 30, seed: 7 });

    const types = readEvents(publisher).map((event) => (event as { event_type: string }).event_type);
    expect(answer).toMatchObject({ status: 200, body: { requested: 30, published: 30 } });
    expect(new Set(types)).toEqual(new Set(['order', 'inventory', 'user_activity']));
  });
});

describe('GET', () => {
  it('/event-types shows an example of each type, amounts as they are published', async () => {
    const { url } = await start();

    const response = await fetch(`${url}/event-types`);
    const text = await response.text();

    expect(response.headers.get('content-type')).toContain('application/json');
    expect(text).toMatch(/"total_amount":\d+\.\d\d,/);
    expect(JSON.parse(text)).toMatchObject({
      eventTypes: ['order', 'inventory', 'user_activity'].map((type) => ({
        type,
        example: { event_type: type },
      })),
    });
  });

  it.each(['/health', '/readiness', '/liveness'])(
    '%s is well before anything was published',
    async (path) => {
      const { url } = await start();

      expect(await get(`${url}${path}`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    },
  );

  it('/docs-json describes every route', async () => {
    const { url } = await start();

    const { body } = await get(`${url}/docs-json`);
    const page = await fetch(`${url}/docs`);

    const { paths } = body as { paths: Record<string, { get?: { summary?: string } }> };
    for (const path of ['/', '/health', '/liveness', '/metrics', '/readiness']) {
      expect(paths[path]?.get?.summary).toEqual(expect.any(String));
    }
    expect(Object.keys(paths).sort()).toEqual([
      '/',
      '/event-types',
      '/generate',
      '/generate/{type}',
      '/health',
      '/liveness',
      '/metrics',
      '/readiness',
      '/scenarios',
      '/scenarios/{name}',
      '/streams',
      '/streams/{id}',
    ]);
    expect(page.status).toBe(200);
  });
});

describe('the description of the routes', () => {
  it('names the refusal 400 wherever a parameter or a body is read', async () => {
    const { url } = await start();
    const { body } = await get(`${url}/docs-json`);
    const { paths } = body as {
      paths: Record<
        string,
        Record<string, { parameters?: unknown[]; requestBody?: unknown; responses: Record<string, unknown> }>
      >;
    };
    const readers = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { parameters = [], requestBody }]) => parameters.length > 0 || requestBody !== undefined)
        .map(([method, { responses }]) => ({ name: `${method} ${path}`, responses })),
    );

    expect(readers.length).toBeGreaterThan(3);
    expect(readers.filter(({ responses }) => !('400' in responses)).map(({ name }) => name)).toEqual([]);
  });
});

describe('POST /scenarios/:name', () => {
  it('publishes a hostile stream and returns its expected outcomes', async () => {
    const { url, publisher } = await start();

    const answer = await post(`${url}/scenarios/poison`, { count: 6, seed: 7, attributes: { run: 'a' } });

    expect(answer).toEqual({
      status: 200,
      body: {
        requested: 6,
        published: 6,
        messageIds: ['1', '2', '3', '4', '5', '6'],
        seed: 7,
        expected: { NOT_UTF8: 2, TOO_DEEP: 1, row: 3 },
      },
    });
    expect(publisher.messages.map(({ attributes }) => attributes)).toEqual(
      ['NOT_UTF8', 'row', 'NOT_UTF8', 'row', 'TOO_DEEP', 'row'].map((expected) => ({ run: 'a', expected })),
    );
  });

  it('counts only what Pub/Sub took', async () => {
    const { url, publisher } = await start();
    publisher.failOnce(
      new PublishError({ code: 'UNAVAILABLE', message: 'Try again.', details: { project: 'p', topic: 't' } }),
      1,
    );

    expect(await post(`${url}/scenarios/poison`, { count: 6, seed: 7 })).toMatchObject({
      status: 503,
      body: { error: { code: 'UNAVAILABLE', details: { published: 1, expected: { NOT_UTF8: 1 } } } },
    });
  });

  it('names the scenarios there are when asked for another', async () => {
    const { url } = await start();

    const { status, body } = await post(`${url}/scenarios/earthquake`);

    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain('nested-growth');
  });

  it('is listed with what each throws and what must come of it', async () => {
    const { url } = await start();

    const { body } = await get(`${url}/scenarios`);

    expect((body as { scenarios: { name: string }[] }).scenarios.map(({ name }) => name)).toEqual([
      'drift',
      'type-flip',
      'nested-growth',
      'key-explosion',
      'poison',
      'duplicates',
      'precision',
      'unicode-keys',
      'huge',
      'webhooks',
    ]);
  });
});

describe('/streams', () => {
  it.each([{ durationSeconds: null }, { ratePerSecond: null }])('refuses %j', async (body) => {
    const { url } = await start();
    expect(await post(`${url}/streams`, body)).toMatchObject({
      status: 400,
      body: { error: { code: 'INVALID_REQUEST' } },
    });
  });

  it('starts, reports its state, and ends when deleted', async () => {
    const { url, publisher } = await start();

    const started = await post(`${url}/streams`, { ratePerSecond: 100, durationSeconds: 600, seed: 7 });
    const { id } = started.body as { id: string };
    await publisher.hasAtLeast(5);
    const running = await get(`${url}/streams/${id}`);
    const stopped = await fetch(`${url}/streams/${id}`, { method: 'DELETE' });

    expect(started).toMatchObject({ status: 201, body: { source: 'mix', state: 'running', seed: 7 } });
    expect(running).toMatchObject({ status: 200, body: { id, state: 'running', failures: 0 } });
    expect(await stopped.json()).toMatchObject({
      id,
      state: 'stopped',
      published: publisher.messages.length,
    });
    expect((await get(`${url}/streams`)).body).toMatchObject({ streams: [{ id, state: 'stopped' }] });
  });

  it('refuses an eleventh', async () => {
    const { url } = await start();
    const answers = [];
    for (let stream = 0; stream < 11; stream += 1) {
      answers.push(await post(`${url}/streams`, { ratePerSecond: 1 }));
    }

    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(201), 429]);
    expect(answers.at(-1)?.body).toMatchObject({ error: { code: 'TOO_MANY_STREAMS' } });
  });

  it('says so when there is none of that id', async () => {
    const { url } = await start();

    expect(await get(`${url}/streams/3f0f6f2e-5d0f-4b52-9a4c-0c3a4b2f7d11`)).toMatchObject({
      status: 404,
      body: { error: { code: 'STREAM_NOT_FOUND' } },
    });
    expect((await get(`${url}/streams/nonsense`)).status).toBe(400);
  });
});
