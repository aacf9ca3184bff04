import { isIP } from 'node:net';
import type { IncomingMessage, RequestListener } from 'node:http';

/** True for an address that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * Refuses requests that a web page sent through a browser on this machine, for services that listen on loopback only.
 *
 * A page of another site sends its `Origin`; with DNS rebinding it sends the name of that site as `Host`. Both must
 * name this machine.
 */
export function guardLoopback(listener: RequestListener): RequestListener {
  return (request, response) => {
    const problem = problemOf(request);
    if (problem === null) {
      listener(request, response);
      return;
    }
    const body = JSON.stringify({ error: { code: 'FORBIDDEN', message: problem } });
    response.writeHead(403, { 'content-type': 'application/json', connection: 'close' }).end(body);
  };
}

/** Returns a check that remembers the last header it accepted: nearly all requests of a service have the same one. */
function createCheck(isAllowed: (header: string) => boolean): (header: string) => boolean {
  let lastAllowed: string | null = null;
  return (header) => {
    if (header === lastAllowed) return true;
    const result = isAllowed(header);
    if (result) lastAllowed = header;
    return result;
  };
}

const isLoopbackHost = createCheck((host) => isLoopback(hostNameOf(`http://${host}`)));
const isLoopbackOrigin = createCheck((origin) => isLoopback(hostNameOf(origin)));

function problemOf({ headers }: IncomingMessage): string | null {
  const { host, origin } = headers;
  if (host !== undefined && !isLoopbackHost(host)) {
    return 'The Host header does not name this machine: call the service by 127.0.0.1 or localhost';
  }
  return origin === undefined || isLoopbackOrigin(origin)
    ? null
    : 'A web page of another origin may not call this service';
}

function hostNameOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? '' : parsed.hostname.replace(/^\[(.*)\]$/, '$1');
}
