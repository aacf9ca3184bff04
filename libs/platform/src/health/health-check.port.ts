/**
 * Outcome of a check. `up` and `degraded` answer 200, `down` answers 503.
 *
 * `degraded` is normal after a failure that may be over, which only the next attempt shows.
 */
export type CheckOutcome =
  | { readonly kind: 'up'; readonly details?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'degraded' | 'down'; readonly code: string; readonly message: string };

/**
 * A dependency of a service. Answered within {@link CHECK_TIMEOUT_MS}, else it counts as `down`
 * (`CHECK_TIMEOUT`); an exception counts as `down` too (`CHECK_FAILED`).
 */
export interface HealthCheck {
  /** Key in the answer, for example `dataset`. */
  readonly name: string;
  check(): Promise<CheckOutcome>;
}

/** Token of the checks that the app passes to `HealthModule.forRoot`. */
export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');

/** Cloud Run's probes wait 1 s by default and load balancers a few more; longer would pile up. */
export const CHECK_TIMEOUT_MS = 3_000;
