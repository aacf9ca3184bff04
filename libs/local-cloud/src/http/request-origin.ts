import { BlockList, isIP } from 'node:net';
import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * Returns why a request may not be served, or null if it may.
 *
 * The services check no credentials, so a web page in a browser on the same machine could use them: by a simple
 * cross-origin request (its `Origin` names the page) or after DNS rebinding (its `Host` names the attacker). Served are
 * loopback names and addresses and `configuredHost`, the name that the service listens on.
 *
 * Shape: `refuseOrigin({host: 'evil.example'}, '127.0.0.1')` → `Host evil.example is not allowed …`.
 * Source: RFC 9110 §7.2, RFC 6454 §7, read 2026-11-29.
 */
export function refuseOrigin(headers: IncomingHttpHeaders, configuredHost: string): string | null {
  const { host, origin } = headers;
  if (host !== undefined && !isAllowed(hostName(host), configuredHost))
    return `Host ${host} is not allowed: this server answers to localhost and ${configuredHost} only.`;
  if (origin !== undefined && !isAllowedOrigin(origin, configuredHost))
    return `Origin ${origin} is not allowed: web pages of other hosts may not use this server.`;
  return null;
}

function isAllowedOrigin(origin: string, configuredHost: string): boolean {
  const url = URL.parse(origin);
  return url !== null && isAllowed(url.hostname, configuredHost);
}

/** `[::1]:8085` → `::1`, `localhost:8085` → `localhost`. */
function hostName(host: string): string {
  return host.replace(/:\d*$/, '');
}

function isAllowed(name: string, configuredHost: string): boolean {
  const bare = name.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === configuredHost.toLowerCase() || bare === 'localhost' || bare.endsWith('.localhost'))
    return true;
  const family = isIP(bare);
  return family !== 0 && LOOPBACK.check(bare, family === 4 ? 'ipv4' : 'ipv6');
}
