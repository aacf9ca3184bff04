import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { slownessOfMachine } from '../harness/slowness.js';
import { eventually } from './eventually.js';
import { Pipeline } from './pipeline.js';
import { RawHttp } from './raw-http.js';
import type { Service } from './service.js';

const IS_LONG = process.env['E2E_LONG'] === '1';
const DEADLINE_MS = 2_000;
/** Allowance for a busy machine, added to a deadline. */
const PATIENCE_MS = 4_000;
const JSON_TYPE = { 'content-type': 'application/json' };
/** Pub/Sub's limit on a message. Source: Pub/Sub quotas and limits, read 2026-11-22. */
const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
const MAX_ROW_BYTES = 9_500_000;
const CONNECTIONS = 1_000;

let pipeline: Pipeline;
let tableManager: Service;
let ids = 0;

beforeAll(async () => {
  pipeline = await Pipeline.start();
  tableManager = await pipeline.startTableManager(undefined, {
    EVENT_DEADLINE_MS: String(DEADLINE_MS),
    SCHEMA_GRACE_MS: '500',
  });
}, 300_000);

afterEach(() => pipeline.admin('DELETE', 'faults'));

afterAll(() => pipeline.stop());

const newId = (): string => `contract-${++ids}`;

function envelope(messageId: string, data: string | Buffer): string {
  const message = {
    data: Buffer.from(data).toString('base64'),
    attributes: {},
    messageId,
    message_id: messageId,
    publishTime: new Date().toISOString(),
  };
  return JSON.stringify({ message, subscription: 'projects/p/subscriptions/s' });
}

async function post(body: string | Buffer, headers: Record<string, string> = JSON_TYPE): Promise<number> {
  return (await fetch(tableManager.url, { method: 'POST', body, headers })).status;
}

async function expectRow(table: string, messageId: string): Promise<Record<string, unknown>> {
  return eventually(() => pipeline.row(table, messageId));
}

/** Retried as Eventarc does, because a first event may wait for its table longer than this suite's short deadline. */
async function deliver(body: string, headers: Record<string, string> = JSON_TYPE): Promise<void> {
  await eventually(async () => {
    expect(await post(body, headers)).toBe(204);
  });
}

function head(headers: Record<string, string | number>): string {
  const lines = Object.entries({ host: '127.0.0.1', ...headers });
  return `POST / HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`;
}

describe('status codes', () => {
  it.each([
    ['a delivery to another path', 'POST', '/events', 404],
    ['a method that deletes', 'DELETE', '/', 405],
    ['a method that replaces', 'PUT', '/', 405],
  ])('%s is refused', async (_name, method, path, status) => {
    expect((await fetch(new URL(path, tableManager.url), { method })).status).toBe(status);
  });

  it('bytes that are no HTTP are answered 400', async () => {
    const client = await RawHttp.open(tableManager.url);

    client.write('GOOD MORNING\r\n\r\n');

    expect(await client.status()).toBe(400);
  });

  it.each([
    ['nothing at all', ''],
    ['half of an envelope', '{"message":{"messageId":"1","da'],
    ['an envelope of other types', '{"message":{"messageId":1,"data":[]}}'],
    ['a list', '[]'],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
  ])('%s is acknowledged, because delivering it again would not mend it', async (_name, body) => {
    expect(await post(body)).toBe(204);
  });

  it.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data'],
    ['application/octet-stream'],
    ['application/json; charset=latin1'],
    ['application/json; charset="'],
    ['*/*'],
    ['json please'],
    [';;;'],
  ])('an event is taken whatever its content type says: %j', async (contentType) => {
    const messageId = newId();

    await deliver(envelope(messageId, '{"event_type":"typed"}'), { 'content-type': contentType });

    await expectRow('typed', messageId);
  });

  it('an event is taken without any content type, and in chunks', async () => {
    const messageId = newId();
    const body = envelope(messageId, '{"event_type":"chunked"}');
    const half = body.length >> 1;
    const chunks = [body.slice(0, half), body.slice(half)].map(
      (text) => `${text.length.toString(16)}\r\n${text}\r\n`,
    );
    await eventually(async () => {
      const client = await RawHttp.open(tableManager.url);

      client.write(`${head({ 'transfer-encoding': 'chunked' })}\r\n${chunks.join('')}0\r\n\r\n`);

      expect(await client.status()).toBe(204);
      client.end();
    });
    await expectRow('chunked', messageId);
  });
});

describe('sizes', () => {
  it('takes the largest message that Pub/Sub can have, and says that it is too large for a row', async () => {
    const messageId = newId();
    const start = '{"event_type":"large","text":"';
    const data = `${start}${'x'.repeat(MAX_MESSAGE_BYTES - start.length - 2)}"}`;

    await deliver(envelope(messageId, data));

    expect(data).toHaveLength(MAX_MESSAGE_BYTES);
    expect(await eventually(() => pipeline.deadLetter(messageId))).toMatchObject({ reason: 'TOO_LARGE' });
  });

  it('stores the largest row', async () => {
    const messageId = newId();
    const text = 'x'.repeat(MAX_ROW_BYTES - 1_000);

    await deliver(envelope(messageId, JSON.stringify({ event_type: 'wide', text })));

    const rows = await eventually(async () => {
      const found = await pipeline.query<{ n: number }>(
        'SELECT LENGTH(text) AS n FROM `prod_events_dataset.wide` WHERE _message_id = @messageId',
        { messageId },
      );
      expect(found).not.toEqual([]);
      return found;
    });
    expect(rows).toEqual([{ n: text.length }]);
  }, 300_000);

  it('refuses a longer body by its announced length, before it comes', async () => {
    const client = await RawHttp.open(tableManager.url);

    client.write(`${head({ ...JSON_TYPE, 'content-length': 15 * 1024 * 1024 })}\r\n`);

    expect(await client.status()).toBe(413);
    client.end();
  });

  it('refuses a longer body that comes in chunks', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const client = await RawHttp.open(tableManager.url);
    client.write(`${head({ ...JSON_TYPE, 'transfer-encoding': 'chunked' })}\r\n`);

    for (let sent = 0; sent < 16; sent++) {
      client.write(Buffer.concat([Buffer.from('100000\r\n'), chunk, Buffer.from('\r\n')]));
    }

    expect(await client.status()).toBe(413);
    client.end();
  });
});

describe('deadlines', () => {
  it('answers 503 in time when BigQuery does not answer', async () => {
    await pipeline.admin('POST', 'faults', { method: '*', latencyMs: 20_000 });
    const start = performance.now();

    const status = await post(envelope(newId(), '{"event_type":"stuck"}'));

    expect(status).toBe(503);
    const tookMs = performance.now() - start;
    expect(tookMs).toBeLessThan((DEADLINE_MS + PATIENCE_MS) * (await slownessOfMachine()));
  });

  it('keeps answering health meanwhile', async () => {
    await pipeline.admin('POST', 'faults', { method: '*', latencyMs: 20_000 });
    const stuck = Array.from({ length: 20 }, () => post(envelope(newId(), '{"event_type":"stuck"}')));
    const start = performance.now();

    const { status } = await fetch(`${tableManager.url}/liveness`);

    expect(status).toBe(200);
    const tookMs = performance.now() - start;
    expect(tookMs).toBeLessThan(PATIENCE_MS * (await slownessOfMachine()));
    await Promise.all(stuck);
  });
});

describe('clients that are slow, rude or many', () => {
  let clients: RawHttp[] = [];

  afterEach(() => {
    for (const client of clients.splice(0)) client.end();
  });

  it('are served beside hundreds that never finish their headers or bodies', async () => {
    await deliver(envelope(newId(), '{"event_type":"patient"}'));
    clients = await Promise.all(Array.from({ length: 300 }, () => RawHttp.open(tableManager.url)));
    clients.forEach((client, index) => {
      client.write(
        index % 2 === 0
          ? 'POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-sl'
          : `${head({ ...JSON_TYPE, 'content-length': 1_000_000 })}\r\n{"me`,
      );
    });
    // The hundreds are there for sure once others, which came after them, have had their answers.
    for (let turn = 0; turn < 20; turn++) {
      const messageId = newId();
      const start = performance.now();

      expect(await post(envelope(messageId, '{"event_type":"patient"}'))).toBe(204);

      const tookMs = performance.now() - start;
      expect(tookMs).toBeLessThan(PATIENCE_MS * (await slownessOfMachine()));
      await expectRow('patient', messageId);
    }
  });

  it('leave nothing behind when they hang up in the middle of a body', async () => {
    const messageId = newId();
    const body = envelope(messageId, '{"event_type":"patient"}');
    const client = await RawHttp.open(tableManager.url);

    client.write(`${head({ ...JSON_TYPE, 'content-length': body.length })}\r\n${body.slice(0, -3)}`);
    client.end();

    await deliver(envelope(newId(), '{"event_type":"patient"}'));
    expect(await pipeline.messageIds('patient')).not.toContain(messageId);
  });

  (IS_LONG ? it : it.skip)(
    'are given up after two minutes at most (with E2E_LONG=1)',
    async () => {
      clients = [await RawHttp.open(tableManager.url), await RawHttp.open(tableManager.url)];
      const [slowHead, slowBody] = clients;
      slowHead?.write('POST / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-sl');
      slowBody?.write(`${head({ ...JSON_TYPE, 'content-length': 1_000 })}\r\n{"me`);

      await Promise.all(clients.map((client) => client.closed()));
    },
    120_000,
  );

  it(`are all answered when ${CONNECTIONS} come at the same moment`, async () => {
    await deliver(envelope(newId(), '{"event_type":"crowd","n":0}'));
    clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => RawHttp.open(tableManager.url)));
    const bodies = clients.map((_client, n) => [newId(), n] as const);

    clients.forEach((client, index) => {
      const [messageId = '', n = 0] = bodies[index] ?? [];
      const body = envelope(messageId, JSON.stringify({ event_type: 'crowd', n }));
      client.write(`${head({ ...JSON_TYPE, 'content-length': body.length })}\r\n${body}`);
    });
    const statuses = await Promise.all(clients.map((client) => client.status()));

    const acknowledged = bodies.filter((_body, index) => statuses[index] === 204).map(([id]) => id);
    expect(statuses.filter((status) => status !== 204 && status !== 503 && status !== 429)).toEqual([]);
    const stored = await pipeline.messageIds('crowd');
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThan(CONNECTIONS / 2);
  }, 300_000);
});
