import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Bounds of what is read after an early answer. */
interface LingerLimits {
  readonly maxBytes: number;
  readonly maxMs: number;
}

const LAST_REQUEST = Symbol('LAST_REQUEST');

interface SocketOfRequest extends Socket {
  [LAST_REQUEST]?: IncomingMessage;
}

/**
 * Wraps the listener of a server with `lingerAfterEarlyAnswers`. A property and not a map of sockets: every request passes
 * here, and a weak map costs the collector.
 */
export function rememberRequests(listener: RequestListener): RequestListener {
  return (request, response) => {
    (request.socket as SocketOfRequest)[LAST_REQUEST] = request;
    listener(request, response);
  };
}

const LIMITS: LingerLimits = { maxBytes: 64 * 1024 * 1024, maxMs: 5_000 };

/**
 * Lets a sender read an answer that came before its body was complete, for example 413.
 *
 * Node.js closes such a connection at once. What the sender still sends is then answered with a reset, and most clients
 * lose the answer with it. Here only the sending side is closed, and the rest of the body is discarded: until it is
 * complete, and at most for `maxBytes` and `maxMs`.
 */
export function lingerAfterEarlyAnswers(server: Server, limits: LingerLimits = LIMITS): void {
  server.on('connection', (socket: SocketOfRequest) => {
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      const request = socket[LAST_REQUEST];
      if (request === undefined || request.complete) destroySoon();
      else linger(socket, request, limits);
    };
  });
}

function linger(socket: Socket, request: IncomingMessage, { maxBytes, maxMs }: LingerLimits): void {
  const endBytes = socket.bytesRead + maxBytes;
  const timer = setTimeout(finish, maxMs);
  function finish(): void {
    clearTimeout(timer);
    socket.destroy();
  }
  request.on('data', () => {
    if (socket.bytesRead > endBytes) finish();
  });
  request.on('end', finish);
  socket.on('close', () => {
    clearTimeout(timer);
  });
  socket.end();
  request.resume();
}
