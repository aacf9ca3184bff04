import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { loadSettings } from '../settings/load-settings.js';
import { ServiceSettings } from '../settings/service.settings.js';
import { startService } from '../service/start-service.js';
import { traced, tracedSync } from './traced.js';

interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code?: number };
}

@Controller()
class Routes {
  @Get('work')
  async work(): Promise<string> {
    tracedSync('decode', {}, () => 1);
    return traced('outer', { table: 'orders' }, () => traced('inner', {}, () => Promise.resolve('done')));
  }

  @Get('fail')
  async fail(): Promise<never> {
    return traced('append', {}, () => Promise.reject(new Error('refused')));
  }
}

@Module({ controllers: [Routes] })
class RootModule {}

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A receiver of OTLP over HTTP. */
async function startReceiver(): Promise<{ url: string; spans: ReceivedSpan[] }> {
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
      };
      spans.push(
        ...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
      );
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans };
}

async function requestOnce(
  path: string,
  headers: Record<string, string>,
): Promise<{ spans: readonly ReceivedSpan[]; lines: readonly string[] }> {
  const { url, spans } = await startReceiver();
  const lines: string[] = [];
  const service = await startService({
    name: 'example',
    module: RootModule,
    settings: loadSettings(ServiceSettings, { HOST: '127.0.0.1', PORT: '0' }),
    tracing: { endpoint: url, version: '1.0.0' },
    logDestination: { write: (line) => lines.push(line) },
  });
  await (await fetch(`${service.url}${path}`, { headers })).text();
  await service.stop();
  return { spans, lines };
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('tracing', () => {
  it.each([
    ['traceparent', { traceparent: `00-${TRACE}-00000000000000ff-01` }],
    ['X-Cloud-Trace-Context', { 'x-cloud-trace-context': `${TRACE}/255;o=1` }],
  ])('continues the trace of %s, from the request down', async (_name, headers) => {
    const { spans } = await requestOnce('/work', headers);
    const byName = new Map(spans.map((span) => [span.name, span]));
    const parentOf = (name: string): string | undefined => byName.get(name)?.parentSpanId;

    expect([...byName.keys()].sort()).toEqual(['GET /work', 'decode', 'inner', 'outer']);
    expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(parentOf('GET /work')).toBe('00000000000000ff');
    expect(parentOf('outer')).toBe(byName.get('GET /work')?.spanId);
    expect(parentOf('decode')).toBe(byName.get('GET /work')?.spanId);
    expect(parentOf('inner')).toBe(byName.get('outer')?.spanId);
  });

  it('marks what failed, and names the span in the log line', async () => {
    const { spans, lines } = await requestOnce('/fail', {});
    const request = spans.find(({ name }) => name === 'GET /fail');
    const line = lines.find((text) => text.includes('request failed')) ?? '{}';

    expect(spans.map(({ name, status }) => [name, status.code])).toEqual(
      expect.arrayContaining([
        ['append', 2],
        ['GET /fail', 2],
      ]),
    );
    expect(JSON.parse(line)).toMatchObject({ 'logging.googleapis.com/spanId': request?.spanId });
  });

  it('sends nothing of a trace that the caller does not sample', async () => {
    const { spans } = await requestOnce('/work', { traceparent: `00-${TRACE}-00000000000000ff-00` });

    expect(spans).toEqual([]);
  });
});
