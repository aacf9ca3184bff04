import type { RequestListener } from 'node:http';

/**
 * Ends kept-alive connections while a service stops. Closing a server ends the connections that are idle then; one
 * that is busy with its last request would stay open for the keep-alive time, and the process with it.
 */
export class Drain {
  private isDraining = false;

  /** The listener, whose answers tell that they are the last of their connection once the service stops. */
  guard(listener: RequestListener): RequestListener {
    return (request, response) => {
      if (this.isDraining) {
        response.shouldKeepAlive = false;
      }
      listener(request, response);
    };
  }

  /** From now on every answer is the last one of its connection. */
  begin(): void {
    this.isDraining = true;
  }
}
