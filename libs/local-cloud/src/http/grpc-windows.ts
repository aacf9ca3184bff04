import type { Server } from '@grpc/grpc-js';
import type { Http2Server, ServerHttp2Session, ServerOptions } from 'node:http2';

/** Bytes that a client may send before the server has read them: per connection, and per call. */
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
const STREAM_WINDOW_BYTES = 4 * 1024 * 1024;

/** Parts of grpc-js 1.14.7 that its types hide: it has an option for the windows of clients only. */
interface Internals {
  readonly commonServerOptions?: ServerOptions;
  readonly http2Servers?: ReadonlyMap<Http2Server, unknown>;
}

/**
 * Widens HTTP/2's flow control of each call. Before the server listens.
 *
 * By default all calls of a connection share 64 KiB, so that requests which are sent side by side wait for each other. A
 * release of grpc-js without these parts keeps the default; `grpc-windows.int-spec.ts` notices.
 */
export function widenCalls(server: Server): void {
  const options = (server as unknown as Internals).commonServerOptions;
  if (options !== undefined)
    options.settings = { ...options.settings, initialWindowSize: STREAM_WINDOW_BYTES };
}

/** Widens the flow control of each connection from now on. After the server listens, or has its injector. */
export function widenConnections(server: Server): void {
  for (const http2Server of (server as unknown as Internals).http2Servers?.keys() ?? [])
    http2Server.on('session', (session: ServerHttp2Session) => {
      session.setLocalWindowSize(SESSION_WINDOW_BYTES);
    });
}
