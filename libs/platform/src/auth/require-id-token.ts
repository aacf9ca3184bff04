import type { FastifyInstance } from 'fastify';
import { RequestFailure } from '../requests/request-failure.js';
import { IdTokenError } from './id-token.errors.js';
import { IdTokenVerifier, type IdTokenRules } from './id-token-verifier.js';

/** What probes ask; it tells nothing but whether the service is well. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health', '/readiness', '/liveness']);

/** Let nothing but health checks in without a good token, before any of a body is read. */
export function requireIdToken(fastify: FastifyInstance, rules: IdTokenRules): void {
  const verifier = new IdTokenVerifier(rules);
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { authorization } = request.headers;
    if (OPEN_PATHS.has(request.url.split('?', 1)[0] ?? '') || verifier.isKnown(authorization)) {
      done();
      return;
    }
    verifier.verify(authorization).then(
      () => {
        done();
      },
      (cause: unknown) => {
        done(toFailure(cause));
      },
    );
  });
}

function toFailure(cause: unknown): Error {
  if (!(cause instanceof IdTokenError)) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
  const { code, message, status } = cause;
  const challenge = code === 'TOKEN_MISSING' ? 'Bearer' : 'Bearer error="invalid_token"';
  const headers: Readonly<Record<string, string>> = status === 401 ? { 'www-authenticate': challenge } : {};
  return new RequestFailure({ status, code, message, headers, cause });
}
