import { decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { toMessage } from '../error-like.js';
import { IdTokenError, type IdTokenErrorCode } from './id-token.errors.js';
import { GOOGLE_KEYS_URL, SigningKeys } from './signing-keys.js';

/** A request as the rules see it. */
export interface GuardedRequest {
  readonly method: string;
  /** The route that matched, for example `/tables/:table`; empty if none did. */
  readonly route: string;
}

/** Rules for the tokens of callers. */
export interface IdTokenRules {
  /** The required `aud`, usually the URL of the service. */
  readonly audience: string;
  /** True if the service account may send the request. */
  readonly isAllowed: (email: string, request: GuardedRequest) => boolean;
  /** URL of the signing keys; Google's by default. */
  readonly keysUrl?: string;
  /** The issuer: service accounts (`google`, the default), or Identity-Aware Proxy for people. */
  readonly issuer?: TokenIssuer;
}

export type TokenIssuer = 'google' | 'iap';

/** The tokens of one issuer. */
interface TokenProfile {
  /** Lower-case name of the header that carries the token. */
  readonly header: string;
  readonly issuers: readonly string[];
  readonly algorithms: readonly string[];
  readonly keysUrl: string;
  /** Remedy for a request without a token. */
  readonly remedy: string;
  /** True if the token says whether its address was verified. */
  readonly hasVerifiedEmail: boolean;
  /** The setting that names the audience. */
  readonly audienceVariable: string;
}

/**
 * Google's OIDC tokens, and the signed header of Identity-Aware Proxy.
 *
 * Source: https://cloud.google.com/iap/docs/signed-headers-howto, read 2026-11-30: header, ES256, issuer, key set; IAP removes
 * `x-goog-*` headers of clients, and names only accounts that it authenticated.
 */
const PROFILES: Readonly<Record<TokenIssuer, TokenProfile>> = {
  google: {
    header: 'authorization',
    issuers: ['https://accounts.google.com', 'accounts.google.com'],
    algorithms: ['RS256', 'ES256'],
    keysUrl: GOOGLE_KEYS_URL,
    remedy: 'Send an OIDC token of an allowed service account: Authorization: Bearer TOKEN',
    hasVerifiedEmail: true,
    audienceVariable: 'AUTH_AUDIENCE',
  },
  iap: {
    header: 'x-goog-iap-jwt-assertion',
    issuers: ['https://cloud.google.com/iap'],
    algorithms: ['ES256'],
    keysUrl: 'https://www.gstatic.com/iap/verify/public_key-jwk',
    remedy: 'The request did not come through Identity-Aware Proxy: open the address that it protects',
    hasVerifiedEmail: false,
    audienceVariable: 'IAP_AUDIENCE',
  },
};

/** Tolerated difference between clocks, as in Google's own library. */
const CLOCK_SKEW_SECONDS = 300;
/** Google's tokens live one hour; none lives longer than a day. */
const MAX_TOKEN_AGE = '1 day';
/** Pub/Sub reuses a token until it expires, so few are in use at a time. */
const MAX_CACHED_TOKENS = 100;
/** Cloud Run's replacement of a signature that it has verified. */
const REMOVED_SIGNATURE = 'SIGNATURE_REMOVED_BY_GOOGLE';

/**
 * Verifies the OIDC tokens of callers: signature, times (300 s of skew), issuer, audience, account.
 *
 * A valid token is cached until it expires, so a token that comes with every request is verified once.
 * Source: Pub/Sub, authenticate push subscriptions; OpenID Connect Core §3.1.3.7, read 2026-11-23.
 */
export class IdTokenVerifier {
  /** Lower-case name of the header that carries the token. */
  readonly header: string;
  readonly #audience: string;
  readonly #profile: TokenProfile;
  readonly #keys: SigningKeys;
  /** Accounts by header. */
  readonly #accounts = new LRUCache<string, string>({ max: MAX_CACHED_TOKENS });

  constructor({ audience, keysUrl, issuer = 'google' }: Omit<IdTokenRules, 'isAllowed'>) {
    this.#audience = audience;
    this.#profile = PROFILES[issuer];
    this.header = this.#profile.header;
    this.#keys = new SigningKeys(keysUrl ?? this.#profile.keysUrl);
  }

  /** The account of a header that was verified before and has not expired. */
  cachedAccount(header: string | undefined): string | undefined {
    return header === undefined ? undefined : this.#accounts.get(header);
  }

  /**
   * Verifies the token of a header. @returns the e-mail address of its account
   * @throws IdTokenError
   */
  async verify(header: string | undefined): Promise<string> {
    const token = readToken(header, this.#profile);
    const { email, email_verified: isVerified, exp = 0 } = await this.#payloadOf(token);
    if (typeof email !== 'string' || (this.#profile.hasVerifiedEmail && isVerified !== true)) {
      const message = 'The token names no verified account: use the token of a service account';
      throw new IdTokenError({ code: 'ACCOUNT_NOT_ALLOWED', message });
    }
    const ttl = Math.floor((exp + CLOCK_SKEW_SECONDS) * 1000 - Date.now());
    if (ttl > 0) this.#accounts.set(header ?? '', email, { ttl });
    return email;
  }

  async #payloadOf(token: string): Promise<JWTPayload> {
    const keys = await this.#keys.forKeyId(readKeyId(token)).catch((cause: unknown) => {
      const message = `The signing keys are not available: ${toMessage(cause)}`;
      throw new IdTokenError({ code: 'KEYS_UNAVAILABLE', message, cause });
    });
    try {
      const { payload } = await jwtVerify(token, keys, {
        audience: this.#audience,
        issuer: [...this.#profile.issuers],
        algorithms: [...this.#profile.algorithms],
        clockTolerance: CLOCK_SKEW_SECONDS,
        maxTokenAge: MAX_TOKEN_AGE,
        requiredClaims: ['exp'],
      });
      return payload;
    } catch (cause) {
      throw toIdTokenError(cause, this.#profile);
    }
  }
}

/** The error for an account that may not send the request. */
export function accountNotAllowed(email: string): IdTokenError {
  const message = `${email} may not call this route: add it to the allowed service accounts`;
  return new IdTokenError({ code: 'ACCOUNT_NOT_ALLOWED', message });
}

function readToken(header: string | undefined, { header: name, remedy }: TokenProfile): string {
  const pattern = name === 'authorization' ? /^Bearer +([\w.-]+)$/i : /^([\w.-]+)$/;
  const token = pattern.exec(header ?? '')?.[1];
  if (token === undefined) throw new IdTokenError({ code: 'TOKEN_MISSING', message: remedy });
  if (token.endsWith(`.${REMOVED_SIGNATURE}`)) {
    const message =
      'Cloud Run verified this token and removed its signature: leave AUTH_AUDIENCE unset behind Cloud Run’s own check';
    throw new IdTokenError({ code: 'TOKEN_SIGNATURE_REMOVED', message });
  }
  return token;
}

function readKeyId(token: string): string {
  try {
    const { kid } = decodeProtectedHeader(token);
    if (kid !== undefined && token.split('.').length === 3) return kid;
  } catch {
    // The same as no key id.
  }
  const message = 'The token is not a signed JSON Web Token with a key id';
  throw new IdTokenError({ code: 'TOKEN_MALFORMED', message });
}

/** Errors are mapped by code and claim; messages of the library are not passed on. */
function toIdTokenError(cause: unknown, { issuers, audienceVariable }: TokenProfile): IdTokenError {
  if (cause instanceof errors.JWTExpired) {
    return refused('TOKEN_EXPIRED', 'The token has expired: get a new one', cause);
  }
  if (cause instanceof errors.JWSSignatureVerificationFailed || cause instanceof errors.JWKSNoMatchingKey) {
    return refused('TOKEN_SIGNATURE_INVALID', 'The token is not signed with a key of its issuer', cause);
  }
  if (cause instanceof errors.JWTClaimValidationFailed && cause.reason === 'check_failed') {
    switch (cause.claim) {
      case 'iss':
        return refused('TOKEN_ISSUER_WRONG', `The token was not issued by ${issuers.at(-1) ?? ''}`, cause);
      case 'aud':
        return refused(
          'TOKEN_AUDIENCE_WRONG',
          `The token is for another audience than ${audienceVariable}`,
          cause,
        );
      case 'iat':
      case 'nbf':
        return refused('TOKEN_NOT_YET_VALID', 'The token is not valid yet: a clock is wrong', cause);
    }
  }
  return refused('TOKEN_MALFORMED', 'The token is not a valid JSON Web Token', cause);
}

function refused(code: IdTokenErrorCode, message: string, cause: unknown): IdTokenError {
  return new IdTokenError({ code, message, cause });
}
