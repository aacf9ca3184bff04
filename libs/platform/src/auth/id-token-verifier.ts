import { OAuth2Client, type TokenPayload } from 'google-auth-library';
import { toMessage } from '../error-like.js';
import { IdTokenError, type IdTokenErrorCode } from './id-token.errors.js';
import { GOOGLE_KEYS_URL, SigningKeys } from './signing-keys.js';

/** Whose tokens are good, and for whom they must be. */
export interface IdTokenRules {
  /** What `aud` must be: mostly the service's own URL. */
  readonly audience: string;
  /** E-mail addresses of the service accounts that may call. */
  readonly serviceAccounts: readonly string[];
  /** Where the signing keys are; Google's unless given. */
  readonly keysUrl?: string;
}

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** Google's library allows for clocks that differ by this much. */
const CLOCK_SKEW_MS = 300_000;
/** Pub/Sub sends one token for as long as it lives, so few are enough. */
const MAX_REMEMBERED_TOKENS = 100;
/** What Cloud Run puts in the place of a signature that it has checked. */
const REMOVED_SIGNATURE = 'SIGNATURE_REMOVED_BY_GOOGLE';

/**
 * Checks the OIDC tokens of callers: signature, time (300 s of skew), issuer, audience, account.
 *
 * A token that was good is remembered until it expires, so that one that comes with every request is checked once.
 * Source: Pub/Sub, authenticate push subscriptions; OpenID Connect Core §3.1.3.7, read 2026-11-23.
 */
export class IdTokenVerifier {
  readonly #client = new OAuth2Client();
  readonly #keys: SigningKeys;
  readonly #goodUntilMs = new Map<string, number>();

  constructor(private readonly rules: IdTokenRules) {
    this.#keys = new SigningKeys(rules.keysUrl ?? GOOGLE_KEYS_URL);
  }

  /** Whether the token of this header was good before and still is. */
  isKnown(authorization: string | undefined): boolean {
    const goodUntilMs = authorization === undefined ? undefined : this.#goodUntilMs.get(authorization);
    return goodUntilMs !== undefined && Date.now() < goodUntilMs;
  }

  /** @throws IdTokenError */
  async verify(authorization: string | undefined): Promise<void> {
    if (this.isKnown(authorization)) {
      return;
    }
    const token = readToken(authorization);
    const payload = await this.#payloadOf(token);
    const { email } = payload;
    if (
      email === undefined ||
      payload.email_verified !== true ||
      !this.rules.serviceAccounts.includes(email)
    ) {
      const message = `${email ?? 'The token names no account, and so'} may not call this service: add it to the allowed service accounts`;
      throw new IdTokenError({ code: 'ACCOUNT_NOT_ALLOWED', message });
    }
    this.#remember(authorization ?? '', payload.exp * 1000 + CLOCK_SKEW_MS);
  }

  async #payloadOf(token: string): Promise<TokenPayload> {
    const keys = await this.#keys.forKeyId(readKeyId(token)).catch((cause: unknown) => {
      const message = `The keys to check tokens with cannot be had: ${toMessage(cause)}`;
      throw new IdTokenError({ code: 'KEYS_UNAVAILABLE', message, cause });
    });
    try {
      const { audience } = this.rules;
      const ticket = await this.#client.verifySignedJwtWithCertsAsync(token, keys, audience, ISSUERS);
      return ticket.getPayload() ?? refuse('TOKEN_MALFORMED', 'The token has no content');
    } catch (cause) {
      throw toIdTokenError(cause);
    }
  }

  #remember(authorization: string, goodUntilMs: number): void {
    if (this.#goodUntilMs.size >= MAX_REMEMBERED_TOKENS) {
      this.#goodUntilMs.clear();
    }
    this.#goodUntilMs.set(authorization, goodUntilMs);
  }
}

function readToken(authorization: string | undefined): string {
  const token = /^Bearer +([\w.-]+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    const message = 'Send an OIDC token of an allowed service account: Authorization: Bearer TOKEN';
    return refuse('TOKEN_MISSING', message);
  }
  if (token.endsWith(`.${REMOVED_SIGNATURE}`)) {
    const message =
      'Cloud Run has checked this token and removed its signature: leave AUTH_AUDIENCE unset behind its own check';
    return refuse('TOKEN_SIGNATURE_REMOVED', message);
  }
  return token;
}

function readKeyId(token: string): string {
  const [header = '', , signature] = token.split('.');
  try {
    const parsed: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    const isSigned = signature !== undefined && typeof parsed === 'object' && parsed !== null;
    if (isSigned && 'kid' in parsed && typeof parsed.kid === 'string') {
      return parsed.kid;
    }
  } catch {
    // No JSON: the same as no key id.
  }
  return refuse('TOKEN_MALFORMED', 'The token is no signed JSON Web Token with a key id');
}

/** How the library words what is wrong; its messages repeat the token, so they are not passed on. */
const WORDINGS: readonly (readonly [RegExp, IdTokenErrorCode, string])[] = [
  [/^No pem found|^Invalid token signature/, 'TOKEN_SIGNATURE_INVALID', 'Google did not sign the token'],
  [/^Token used too late/, 'TOKEN_EXPIRED', 'The token has expired: get a new one'],
  [/^Token used too early/, 'TOKEN_NOT_YET_VALID', 'The token is of the future: a clock is wrong'],
  [/^Invalid issuer/, 'TOKEN_ISSUER_WRONG', 'The token was not issued by accounts.google.com'],
  [/^Wrong recipient/, 'TOKEN_AUDIENCE_WRONG', 'The token is for another audience than AUTH_AUDIENCE'],
];

function toIdTokenError(cause: unknown): IdTokenError {
  if (cause instanceof IdTokenError) {
    return cause;
  }
  const words = toMessage(cause);
  const known = WORDINGS.find(([wording]) => wording.test(words));
  return known === undefined
    ? new IdTokenError({ code: 'TOKEN_MALFORMED', message: 'The token is no good JSON Web Token' })
    : new IdTokenError({ code: known[1], message: known[2] });
}

function refuse(code: IdTokenErrorCode, message: string): never {
  throw new IdTokenError({ code, message });
}
