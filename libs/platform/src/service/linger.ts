import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** Bounds of what is read after an early answer. */
interface LingerLimits {
  readonly maxBytes: number;
  readonly maxMs: number;
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
  const requests = new WeakMap<Socket, IncomingMessage>();
  server.on('request', (request) => {
    requests.set(request.socket, request);
  });
  server.on('connection', (socket: Socket) => {
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      const request = requests.get(socket);
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
