import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { toMessage } from '../error-like.js';

/** Google's keys, as a JSON Web Key Set. Source: Google's OpenID Connect discovery document, read 2026-11-23. */
export const GOOGLE_KEYS_URL = 'https://www.googleapis.com/oauth2/v3/certs';

/** Finds the key of a token. */
export type KeyLookup = ReturnType<typeof createLocalJWKSet>;

const DEFAULT_MAX_AGE_MS = 300_000;
/** Least time between two requests, so that invented key ids and a broken key server cause few of them. */
const MIN_INTERVAL_MS = 10_000;
const TIMEOUT_MS = 5_000;

/**
 * The keys that tokens are signed with.
 *
 * Fetched as rarely as `max-age` of the answer says, and for an unknown key id at most every ten seconds; failed
 * requests count too. Expired keys are refreshed in the background and stay valid until new ones arrive.
 */
export class SigningKeys {
  readonly #url: string;
  readonly #now: () => number;
  #keys: KeyLookup | null = null;
  #keyIds: ReadonlySet<string> = new Set();
  #expiresAtMs = Number.NEGATIVE_INFINITY;
  #requestedAtMs = Number.NEGATIVE_INFINITY;
  #request: Promise<void> | null = null;
  #failure = 'they were not fetched yet';

  constructor(url: string, now: () => number = Date.now) {
    this.#url = url;
    this.#now = now;
  }

  /** @throws Error if no keys were ever fetched */
  async forKeyId(keyId: string): Promise<KeyLookup> {
    const isUnknown = !this.#keyIds.has(keyId);
    if (isUnknown || this.#now() >= this.#expiresAtMs) {
      const refresh = this.#refresh();
      if (isUnknown) {
        await refresh;
      }
    }
    if (this.#keys === null) {
      throw new Error(this.#failure);
    }
    return this.#keys;
  }

  /** Never rejects: a failure is kept for the error message. */
  #refresh(): Promise<void> {
    if (this.#request === null && this.#now() - this.#requestedAtMs >= MIN_INTERVAL_MS) {
      this.#requestedAtMs = this.#now();
      this.#request = this.#fetch()
        .catch((cause: unknown) => {
          this.#failure = toMessage(cause);
        })
        .finally(() => {
          this.#request = null;
        });
    }
    return this.#request ?? Promise.resolve();
  }

  async #fetch(): Promise<void> {
    const response = await fetch(this.#url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) {
      throw new Error(`${this.#url} answered ${response.status}`);
    }
    const keySet = (await response.json()) as JSONWebKeySet; // checked by createLocalJWKSet
    this.#keys = createLocalJWKSet(keySet);
    this.#keyIds = new Set(keySet.keys.flatMap(({ kid }) => (kid === undefined ? [] : [kid])));
    const maxAge = /max-age=(\d{1,9})/.exec(response.headers.get('cache-control') ?? '')?.[1];
    const maxAgeMs = maxAge === undefined ? DEFAULT_MAX_AGE_MS : Number(maxAge) * 1000;
    this.#expiresAtMs = this.#now() + maxAgeMs;
  }
}
