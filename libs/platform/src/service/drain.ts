import type { FastifyInstance } from 'fastify';

/**
 * Ends kept-alive connections while a service stops. Closing a server ends the connections that are idle then; one
 * that is busy with its last request would stay open for the keep-alive time, and the process with it.
 */
export class Drain {
  private isDraining = false;

  /** Must be called before the server is ready, which is when Fastify takes no more hooks. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onSend', (_request, reply, payload, done) => {
      if (this.isDraining) {
        reply.header('connection', 'close');
      }
      done(null, payload);
    });
  }

  /** From now on every answer is the last one of its connection. */
  begin(): void {
    this.isDraining = true;
  }
}
