import {
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Faults } from '../bigquery/admin/faults.js';
import { BigqueryError, notFound } from '../bigquery/rules/api-error.js';
import type { Warehouse } from '../bigquery/warehouse/warehouse.js';
import { widenCalls, widenConnections } from '../http/grpc-windows.js';
import type { RequestLog } from '../ports.js';
import { AppendConnection, type AppendRowsRequest, type AppendRowsResponse } from './append-rows.js';
import { toGrpcError } from './grpc-status.js';
import { writeServiceDefinition } from './service-definition.js';
import { tableOfStream } from './stream-name.js';
import { toTableSchema } from './table-schema.js';

/** Dependencies of the server. */
export interface StorageWriteOptions {
  readonly host: string;
  readonly port: number;
  readonly warehouse: Warehouse;
  readonly faults: Faults;
  readonly log: RequestLog;
}

interface GetWriteStreamRequest {
  readonly name?: string;
  readonly view?: number;
}

const MAX_MESSAGE_BYTES = 24 * 1024 * 1024;
const VIEW_FULL = 2;

/** Serves the Storage Write API over plaintext gRPC; methods other than AppendRows and GetWriteStream are UNIMPLEMENTED. */
export async function startStorageWriteServer(
  options: StorageWriteOptions,
): Promise<{ readonly port: number; stop(): void }> {
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
  const handlers: UntypedServiceImplementation = {
    AppendRows: (call: ServerDuplexStream<AppendRowsRequest, AppendRowsResponse>) => {
      serveAppends(options, call);
    },
    GetWriteStream: getWriteStream(options),
  };
  server.addService(writeServiceDefinition(), handlers);
  widenCalls(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `${options.host}:${options.port}`,
      ServerCredentials.createInsecure(),
      (error, bound) => {
        if (error === null) {
          widenConnections(server);
          resolve(bound);
        } else reject(error);
      },
    );
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
    },
  };
}

function getWriteStream({
  warehouse,
  faults,
  log,
}: StorageWriteOptions): handleUnaryCall<GetWriteStreamRequest, object> {
  return (call, callback) => {
    const startedAt = performance.now();
    const resource = call.request.name ?? '';
    const finish = (outcome: string): void => {
      log({
        service: 'bigquery-storage',
        method: 'GetWriteStream',
        resource,
        status: outcome,
        durationMs: performance.now() - startedAt,
      });
    };
    describeStream(warehouse, faults, call.request).then(
      (stream) => {
        finish('OK');
        callback(null, stream);
      },
      (error: unknown) => {
        const failure = toGrpcError(error);
        finish(status[failure.code]);
        callback(failure);
      },
    );
  };
}

async function describeStream(
  warehouse: Warehouse,
  faults: Faults,
  request: GetWriteStreamRequest,
): Promise<object> {
  const name = request.name ?? '';
  if ((await faults.intercept('GetWriteStream')) === 'reset') throw unavailable();
  const table = tableOfStream(name);
  const entry = warehouse.catalog.table(table);
  const visible = entry === undefined ? undefined : warehouse.writerFields(entry);
  if (entry === undefined || visible === undefined || entry.kind === 'VIEW')
    throw notFound(`Requested entity was not found. Entity: ${name}`);
  return {
    name,
    type: 'COMMITTED',
    writeMode: 'INSERT',
    location: 'us',
    createTime: { seconds: Math.floor(entry.createdMs / 1000), nanos: (entry.createdMs % 1000) * 1_000_000 },
    ...(request.view === VIEW_FULL ? { tableSchema: toTableSchema(visible) } : {}),
  };
}

function unavailable(): BigqueryError {
  return new BigqueryError({ reason: 'backendError', message: 'The connection was broken, as asked for.' });
}

// One request after the other, so that answers keep the order of requests.
function serveAppends(
  { warehouse, faults, log }: StorageWriteOptions,
  call: ServerDuplexStream<AppendRowsRequest, AppendRowsResponse>,
): void {
  const connection = new AppendConnection(warehouse);
  let last: Promise<void> = Promise.resolve();
  let isOver = false;
  const handle = async (request: AppendRowsRequest): Promise<void> => {
    if (isOver) return;
    const startedAt = performance.now();
    let outcome = 'OK';
    try {
      if ((await faults.intercept('AppendRows')) === 'reset') throw unavailable();
      const response = await connection.append(request);
      if (response['error'] !== undefined) outcome = 'refused';
      call.write(response);
    } catch (error) {
      isOver = true;
      const failure = toGrpcError(error);
      outcome = status[failure.code];
      call.emit('error', failure);
    }
    const resource = request.writeStream ?? '';
    log({
      service: 'bigquery-storage',
      method: 'AppendRows',
      resource,
      status: outcome,
      durationMs: performance.now() - startedAt,
    });
  };
  call.on('data', (request: AppendRowsRequest) => {
    last = last.then(() => handle(request));
  });
  call.on('end', () => {
    void last.then(() => {
      if (!isOver) call.end();
    });
  });
  call.on('cancelled', () => {
    isOver = true;
  });
}
