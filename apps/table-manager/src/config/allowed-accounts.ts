import type { GuardedRequest } from '@pipeline/platform';

/** Groups of routes that an account can be limited to. */
export const ROUTE_GROUPS = ['deliver', 'operate', 'audit'] as const;

/** One of {@link ROUTE_GROUPS}. */
export type RouteGroup = (typeof ROUTE_GROUPS)[number];

/** One entry of AUTH_SERVICE_ACCOUNTS: `EMAIL` for every route, `GROUP=EMAIL` for one group. */
export const ALLOWED_ACCOUNT = /^(?:(?:deliver|operate|audit)=)?[^\s=,@]+@[^\s=,@]+\.[^\s=,@.]+$/;

const SCHEDULED: ReadonlySet<string> = new Set(['/audit', '/notices', '/promotions']);

/**
 * The group of a request: `deliver` is `POST /` (events and replays), `audit` what a scheduler calls, `operate` the rest.
 */
export function routeGroupOf({ method, route }: GuardedRequest): RouteGroup {
  if (method === 'POST' && route === '/') return 'deliver';
  return method === 'POST' && SCHEDULED.has(route) ? 'audit' : 'operate';
}

/**
 * Returns the check that the entries of AUTH_SERVICE_ACCOUNTS describe.
 *
 * Shape: `['a@p.example', 'audit=b@p.example']` → a may send everything, b only `POST /audit`, `POST /notices` and `POST /promotions`.
 */
export function createAccountCheck(
  entries: readonly string[],
): (email: string, request: GuardedRequest) => boolean {
  const everywhere = new Set<string>();
  const byGroup = new Map(ROUTE_GROUPS.map((group) => [group as string, new Set<string>()]));
  for (const entry of entries) {
    const separator = entry.indexOf('=');
    const accounts = separator < 0 ? everywhere : byGroup.get(entry.slice(0, separator));
    accounts?.add(entry.slice(separator + 1));
  }
  return (email, request) => everywhere.has(email) || byGroup.get(routeGroupOf(request))?.has(email) === true;
}
