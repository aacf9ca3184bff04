import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestFailure } from './request-failure.js';

/** Methods by path pattern. */
type Routes = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Refuses what a route does not know: another method with 405 and `Allow`, query parameters with 400.
 *
 * A route with the config `{ query: true }` validates its query itself. Routes of OpenAPI's pages (`/docs…`) are exempt.
 * @param elsewhere routes that are served in front of this instance
 */
export function refuseUnknown(fastify: FastifyInstance, elsewhere: Routes = new Map()): void {
  const methods = new Map<string, Set<string>>();
  for (const [path, names] of elsewhere) methods.set(path, new Set(names));
  fastify.addHook('onRoute', ({ method, url }) => {
    const names = methods.get(url) ?? new Set();
    for (const name of typeof method === 'string' ? [method] : method) names.add(name);
    methods.set(url, names);
  });
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 ? otherMethod(request, methods) : unknownQuery(request));
  });
}

function otherMethod({ url, method }: FastifyRequest, methods: Routes): RequestFailure | undefined {
  const path = url.split('?', 1)[0] ?? '';
  const allowed = [...methods].flatMap(([pattern, names]) => (matches(pattern, path) ? [...names] : []));
  if (allowed.length === 0) return undefined;
  const allow = [...new Set(allowed)].sort().join(', ');
  return new RequestFailure({
    status: 405,
    code: 'METHOD_NOT_ALLOWED',
    message: `${path} does not support ${method}: use ${allow}`,
    headers: { allow },
  });
}

/** Patterns have plain segments and `:name` ones; those with `*` belong to OpenAPI's pages. */
function matches(pattern: string, path: string): boolean {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  return (
    !pattern.includes('*') &&
    expected.length === given.length &&
    expected.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]))
  );
}

function unknownQuery(request: FastifyRequest): RequestFailure | undefined {
  if (!request.url.includes('?')) return undefined;
  const { config, url: route = '' } = request.routeOptions;
  if ('query' in config || route.startsWith('/docs')) return undefined;
  const names = Object.keys(request.query as object);
  if (names.length === 0) return undefined;
  const fields = names.map((field) => ({
    field,
    rule: 'whitelistValidation',
    message: `property ${field} should not exist`,
  }));
  const message = fields.map((problem) => problem.message).join('; ');
  return new RequestFailure({ status: 400, code: 'INVALID_REQUEST', message, fields });
}
