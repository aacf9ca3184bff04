import { ServerCredentials, type Server as GrpcServer } from '@grpc/grpc-js';
import type { Server as HttpServer } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { widenCalls, widenConnections } from '../http/grpc-windows.js';

const HTTP2_PREFACE = Buffer.from('PRI * HTTP/2.0');

/** One port for two protocols. */
export interface SharedPort {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Listen once and hand each connection to gRPC or HTTP/1 by its first bytes.
 *
 * A connection waits until it has sent enough bytes to decide; none of them is lost.
 * Source of the preface: RFC 9113 §3.4, read 2026-11-22.
 */
export async function listenShared(
  address: { readonly host: string; readonly port: number },
  grpc: GrpcServer,
  http: HttpServer,
): Promise<SharedPort> {
  widenCalls(grpc);
  const injector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  widenConnections(grpc);
  const sockets = new Set<Socket>();
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {
      socket.destroy();
    });
    sniff(socket, (isHttp2) => {
      if (isHttp2) injector.injectConnection(socket);
      else http.emit('connection', socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(address.port, address.host, resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => {
          resolve();
        });
        injector.destroy();
        grpc.forceShutdown();
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function sniff(socket: Socket, decide: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const look = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const length = Math.min(seen.length, HTTP2_PREFACE.length);
    const isPreface = seen.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length));
    if (isPreface && length < HTTP2_PREFACE.length) return;
    socket.off('readable', look);
    socket.unshift(seen);
    decide(isPreface);
  };
  socket.on('readable', look);
}
