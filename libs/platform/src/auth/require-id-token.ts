import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestFailure } from '../requests/request-failure.js';
import { IdTokenError } from './id-token.errors.js';
import {
  accountNotAllowed,
  IdTokenVerifier,
  type GuardedRequest,
  type IdTokenRules,
} from './id-token-verifier.js';

/** Probes carry no token; their answers only say whether the service is healthy. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health', '/readiness', '/liveness']);

const CALLER = Symbol('CALLER');

interface Identified {
  [CALLER]?: string | null;
}

/** The account whose token the request carries; null if tokens are not required. */
export function callerOf(request: FastifyRequest): string | null {
  return (request as Identified)[CALLER] ?? null;
}

/** Refuses every request without a valid token of an allowed account, health checks excepted, before its body is read. */
export function requireIdToken(fastify: FastifyInstance, rules: IdTokenRules): void {
  const verifier = new IdTokenVerifier(rules);
  const refusalOf = (email: string, request: FastifyRequest): RequestFailure | undefined => {
    (request as Identified)[CALLER] = email;
    return rules.isAllowed(email, toGuarded(request)) ? undefined : toFailure(accountNotAllowed(email));
  };
  fastify.decorateRequest(CALLER, null);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const sent = request.headers[verifier.header];
    const header = typeof sent === 'string' ? sent : undefined;
    if (OPEN_PATHS.has(request.url.split('?', 1)[0] ?? '')) {
      done();
      return;
    }
    const cached = verifier.cachedAccount(header);
    if (cached !== undefined) {
      done(refusalOf(cached, request));
      return;
    }
    verifier.verify(header).then(
      (email) => {
        done(refusalOf(email, request));
      },
      (cause: unknown) => {
        done(cause instanceof IdTokenError ? toFailure(cause) : toError(cause));
      },
    );
  });
}

/** Fastify's matched route and not the path as sent, which may be percent-encoded. The common route needs no look-up. */
function toGuarded(request: FastifyRequest): GuardedRequest {
  const { method, url } = request;
  return { method, route: url === '/' ? url : (request.routeOptions.url ?? '') };
}

function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause));
}

function toFailure(cause: IdTokenError): RequestFailure {
  const { code, message, status } = cause;
  const challenge = code === 'TOKEN_MISSING' ? 'Bearer' : 'Bearer error="invalid_token"';
  const headers: Readonly<Record<string, string>> = status === 401 ? { 'www-authenticate': challenge } : {};
  return new RequestFailure({ status, code, message, headers, cause });
}
