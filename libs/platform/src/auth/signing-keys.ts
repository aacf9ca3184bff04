import { createPublicKey, type JsonWebKey } from 'node:crypto';

/** Google's keys, as a JSON Web Key Set. Source: Google's OpenID Connect discovery document, read 2026-11-23. */
export const GOOGLE_KEYS_URL = 'https://www.googleapis.com/oauth2/v3/certs';

const DEFAULT_MAX_AGE_MS = 300_000;
/** Tokens with an invented key id must not become requests for keys. */
const MIN_AGE_MS = 10_000;
const TIMEOUT_MS = 5_000;

/** Public keys by key id, as PEM. */
export type SigningKeyMap = Readonly<Record<string, string>>;

/**
 * The keys that tokens are signed with, asked for as rarely as their answer's `max-age` says, and again (at most every
 * ten seconds) for a key id that is new. While they cannot be had, the last ones hold.
 */
export class SigningKeys {
  #keys: SigningKeyMap | null = null;
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #maxAgeMs = 0;
  #asking: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws Error where there are no keys and they cannot be had */
  async forKeyId(keyId: string): Promise<SigningKeyMap> {
    const ageMs = this.now() - this.#askedAtMs;
    const isUnknown = this.#keys === null || !Object.hasOwn(this.#keys, keyId);
    if (this.#keys === null || ageMs >= this.#maxAgeMs || (isUnknown && ageMs >= MIN_AGE_MS)) {
      this.#asking ??= this.#ask().finally(() => (this.#asking = null));
      await this.#asking.catch((cause: unknown) => {
        if (this.#keys === null) {
          throw cause;
        }
      });
    }
    return this.#keys ?? {};
  }

  async #ask(): Promise<void> {
    const response = await fetch(this.url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) {
      throw new Error(`${this.url} answered ${response.status}`);
    }
    const keys = toPemKeys(await response.json());
    const maxAge = /max-age=(\d{1,9})/.exec(response.headers.get('cache-control') ?? '')?.[1];
    this.#keys = keys;
    this.#maxAgeMs = maxAge === undefined ? DEFAULT_MAX_AGE_MS : Number(maxAge) * 1000;
    this.#askedAtMs = this.now();
  }
}

function toPemKeys(answer: unknown): SigningKeyMap {
  const keys: unknown =
    typeof answer === 'object' && answer !== null && 'keys' in answer ? answer.keys : null;
  if (!Array.isArray(keys)) {
    throw new Error('The answer is no JSON Web Key Set');
  }
  const pems = keys.filter(isSigningKey).map((key) => {
    const pem = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    return [key.kid, pem.toString()] as const;
  });
  return Object.fromEntries(pems);
}

function isSigningKey(key: unknown): key is JsonWebKey & { kid: string } {
  return typeof key === 'object' && key !== null && 'kid' in key && typeof key.kid === 'string';
}
