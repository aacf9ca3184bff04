import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { RequestFailure } from '@pipeline/platform';
import type { FastifyRequest } from 'fastify';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD'];

/**
 * Refuses requests with an effect that another site may have caused.
 *
 * Such a request must be JSON, which a form cannot send and a script of another origin only after a preflight that nothing answers;
 * and a browser must say that it comes from this origin (`Sec-Fetch-Site`, `Origin`). Programs send neither header.
 * Source: Fetch Metadata Request Headers, W3C, §2.3; OWASP Cross-Site Request Forgery Prevention, read 2026-11-30.
 */
@Injectable()
export class SameOriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (SAFE_METHODS.includes(method)) return true;
    const problem = problemOf(headers);
    if (problem === null) return true;
    throw new RequestFailure({ status: 403, code: 'CROSS_SITE', message: problem });
  }
}

/** Returns the reason why a request may come from another site; null if it does not. */
export function problemOf(headers: FastifyRequest['headers']): string | null {
  const { host = '', origin, 'content-type': type = '' } = headers;
  const site = headers['sec-fetch-site'];
  if (!/^application\/json\s*(;|$)/i.test(type)) return 'An action is sent as application/json';
  if (site !== undefined && site !== 'same-origin') return 'A page of another site may not start an action';
  if (origin !== undefined && URL.parse(origin)?.host !== host) {
    return 'A page of another origin may not start an action';
  }
  return null;
}
