import type { RequestListener, Server } from 'node:http';

/**
 * Ends kept-alive connections while a service stops. Closing a server ends the connections that are idle then; one that
 * is busy with its last request would stay open for the keep-alive time, and the process with it.
 */
export class Drain {
  #isDraining = false;
  #server: Server | null = null;

  /** Wraps a listener so that answers announce the end of their connection once the service stops. */
  guard(listener: RequestListener): RequestListener {
    return (request, response) => {
      if (this.#isDraining) {
        response.shouldKeepAlive = false;
      }
      listener(request, response);
    };
  }

  watch(server: Server): Server {
    this.#server = server;
    return server;
  }

  /** From now on every answer is the last one of its connection. */
  begin(): void {
    this.#isDraining = true;
    if (this.#server !== null) {
      this.#server.keepAliveTimeout = 1; // read when an answer that began before is complete
    }
  }
}
