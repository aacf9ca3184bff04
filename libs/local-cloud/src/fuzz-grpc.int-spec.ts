import { readdirSync } from 'node:fs';
import { Client, credentials, type ServiceError, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type protobuf from 'protobufjs';
import { protoType as writeType, writeService } from './bigquery-storage-write/protos.js';
import { type LocalCloud, startLocalCloud } from './local-cloud.js';
import { protoService } from './pubsub/wire/protos.js';

/** Calls to each service; `FUZZ_CALLS=50000` is the long form. `FUZZ_SEED` repeats a run. */
const CALLS = Number(process.env['FUZZ_CALLS'] ?? 300);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_129);

/** A call that gets no answer within this time is given up; streams end by themselves or by the client. */
const DEADLINE_MS = 20_000;

const NAMES = [
  'projects/p/topics/t',
  'projects/p/subscriptions/s',
  'projects/p/topics/x',
  'projects/p',
  't',
  '',
];
const STREAM = 'projects/p/datasets/d/tables/t/streams/_default';

interface Random {
  next(): number;
  pick<T>(values: readonly T[]): T;
}

function randomOf(seed: number): Random {
  let state = seed;
  const next = (): number => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  return { next, pick: (values) => values[Math.floor(next() * values.length)] as never };
}

/** A message with random fields of a type, each with a value of that field's type. */
function messageOf(type: protobuf.Type, random: Random, depth = 3): Record<string, unknown> {
  const fields = type.fieldsArray.filter(() => random.next() < 0.6);
  return Object.fromEntries(
    fields.map((field) => {
      const one = (): unknown => valueOf(field.resolve(), random, depth);
      if (field.map) return [field.name, { k: one() }];
      return [field.name, field.repeated ? [one(), one()] : one()];
    }),
  );
}

function valueOf(field: protobuf.Field, random: Random, depth: number): unknown {
  const { resolvedType } = field;
  if (resolvedType !== null && 'fieldsArray' in resolvedType)
    return depth === 0 ? {} : messageOf(resolvedType, random, depth - 1);
  if (resolvedType !== null) return random.pick([0, 1, 2, 99]);
  switch (field.type) {
    case 'string':
      return random.pick([...NAMES, 'ä\u0000', 'x'.repeat(300), STREAM]);
    case 'bytes':
      return Buffer.from(random.pick(['', 'x', '\u00ff\u0001']), 'latin1');
    case 'bool':
      return random.next() < 0.5;
    default:
      return random.pick([0, 1, -1, 10, 2 ** 31 - 1]);
  }
}

/** Bytes that are often a message, and sometimes one with a byte changed, cut off or appended. */
function bytesOf(type: protobuf.Type, random: Random): Buffer {
  const bytes = Buffer.from(type.encode(type.fromObject(messageOf(type, random))).finish());
  const manner = random.next();
  if (manner < 0.6 || bytes.length === 0) return bytes;
  const at = Math.floor(random.next() * bytes.length);
  if (manner < 0.8) bytes[at] = Math.floor(random.next() * 256);
  return manner < 0.9 ? bytes.subarray(0, at) : Buffer.concat([bytes, bytes.subarray(at)]);
}

/** An append that has a table, so that rows and schemas are looked at. */
function appendOf(random: Random): Buffer {
  const type = writeType('AppendRowsRequest');
  const rows = { serializedRows: [random.pick([Buffer.from([8, 1]), Buffer.from([8]), Buffer.from('?x')])] };
  const protoDescriptor = {
    name: 'Row',
    field: [{ name: random.pick(['id', 'no']), number: 1, type: random.pick([3, 9, 11]), label: 1 }],
  };
  const writerSchema = random.next() < 0.7 ? { writerSchema: { protoDescriptor } } : {};
  return Buffer.from(
    type.encode(type.fromObject({ writeStream: STREAM, protoRows: { ...writerSchema, rows } })).finish(),
  );
}

const asIs = (bytes: Buffer): Buffer => bytes;

function isDocumented({ code, details }: Pick<ServiceError, 'code' | 'details'>): boolean {
  // What is no message of the request's type is INTERNAL, as grpc-js answers it before any of our code runs.
  if (code === status.INTERNAL) return /deserializ/i.test(details);
  return code !== status.UNKNOWN && code !== status.DEADLINE_EXCEEDED;
}

describe(`gRPC of a local cloud under ${CALLS} odd calls to each service`, () => {
  let cloud: LocalCloud;

  beforeAll(async () => {
    cloud = await startLocalCloud({
      ports: { pubsub: 0, bigquery: 0, bigqueryStorage: 0, storage: 0, eventarc: 0 },
    });
    const post = (url: string, method: string, body: object): Promise<Response> =>
      fetch(url, { method, body: JSON.stringify(body) });
    await post(`${cloud.urls.pubsub}/v1/projects/p/topics/t`, 'PUT', {});
    const datasets = `${cloud.urls.bigquery}/bigquery/v2/projects/p/datasets`;
    await post(datasets, 'POST', { datasetReference: { datasetId: 'd' } });
    await post(`${datasets}/d/tables`, 'POST', {
      tableReference: { tableId: 't' },
      schema: { fields: [{ name: 'id', type: 'INTEGER' }] },
    });
  });
  afterAll(async () => {
    await cloud.stop();
  });

  const services = [
    ['Publisher', 'pubsub', protoService('Publisher')],
    ['Subscriber', 'pubsub', protoService('Subscriber')],
    ['BigQueryWrite', 'bigqueryStorage', writeService()],
  ] as const;

  it('refuses rows whose writer schema has no descriptor', async () => {
    const type = writeType('AppendRowsRequest');
    const request = { writeStream: STREAM, protoRows: { writerSchema: {}, rows: { serializedRows: [] } } };
    const message = Buffer.from(type.encode(type.fromObject(request)).finish());
    const client = new Client(`127.0.0.1:${cloud.ports.bigqueryStorage}`, credentials.createInsecure());
    const path = '/google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows';

    expect(await endOf(client, path, [message], true)).toMatchObject({ code: status.INVALID_ARGUMENT });
    client.close();
  });

  it.each(services)(
    '%s ends each call with a documented status, and keeps no descriptor open',
    async (_name, port, service) => {
      const random = randomOf(SEED);
      const before = descriptors();
      const client = new Client(`127.0.0.1:${cloud.ports[port]}`, credentials.createInsecure());
      for (let count = 0; count < CALLS; count += 1) {
        const rpc = random.pick(service.methodsArray);
        const type = rpc.resolvedRequestType;
        if (type === null) throw new Error(`Unresolved type of ${rpc.name}`);
        const messages = Array.from({ length: rpc.requestStream === true ? 3 : 1 }, () =>
          rpc.name === 'AppendRows' && random.next() < 0.5 ? appendOf(random) : bytesOf(type, random),
        );
        const path = `/${service.fullName.slice(1)}/${rpc.name}`;
        const end = await endOf(client, path, messages, rpc.requestStream === true);
        if (!isDocumented(end))
          expect({ seed: SEED, count, rpc: rpc.name, end, messages: messages.map(hex) }).toBe('documented');
      }
      client.close();
      while (descriptors() > before + 5) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    3_600_000,
  );
});

function hex(bytes: Buffer): string {
  return bytes.toString('hex');
}

/** Open files of this process; 0 where the system does not list them. */
function descriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

function endOf(
  client: Client,
  path: string,
  messages: readonly Buffer[],
  isStream: boolean,
): Promise<Pick<ServiceError, 'code' | 'details'>> {
  const deadline = Date.now() + DEADLINE_MS;
  return new Promise((resolve) => {
    if (!isStream) {
      const [message = Buffer.alloc(0)] = messages;
      client.makeUnaryRequest(path, asIs, asIs, message, { deadline }, (error) => {
        resolve(error ?? { code: status.OK, details: '' });
      });
      return;
    }
    const stream = client.makeBidiStreamRequest(path, asIs, asIs, { deadline });
    stream.on('data', () => undefined);
    stream.on('error', () => undefined);
    stream.on('status', resolve);
    for (const message of messages) stream.write(message);
    stream.end();
  });
}
