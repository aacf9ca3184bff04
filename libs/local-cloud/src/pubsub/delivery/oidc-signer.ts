import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';

/** Google's issuer, so that receivers need no other setting than where the keys are. */
const ISSUER = 'https://accounts.google.com';
const LIFETIME_SECONDS = 3_600;
/** A token is used again for so long, in milliseconds. */
const REUSE_MS = 30 * 60_000;

interface IssuedToken {
  readonly text: string;
  readonly issuedAtMs: number;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Signs the tokens of authenticated push with a local RSA key, RS256.
 *
 * Shape: claims `iss`, `aud`, `azp`, `email`, `email_verified`, `sub`, `iat`, `exp` as the service's tokens have them.
 * Source: https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions, read 2026-11-22.
 */
export class OidcSigner {
  private readonly privateKey: KeyObject;
  private readonly keyId: string;
  private readonly issued = new Map<string, IssuedToken>();

  /** `privateKeyPem` null: a new key. */
  constructor(privateKeyPem: string | null) {
    this.privateKey =
      privateKeyPem === null
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : createPrivateKey(privateKeyPem);
    const modulus = this.publicJwk().n ?? '';
    this.keyId = createHash('sha256').update(modulus).digest('hex').slice(0, 40);
  }

  /** The key to keep, so that tokens stay valid over a restart. */
  toPem(): string {
    return this.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }

  /** The public part, as Google serves it at /oauth2/v3/certs. */
  jwks(): object {
    return { keys: [{ ...this.publicJwk(), kid: this.keyId, alg: 'RS256', use: 'sig' }] };
  }

  token(email: string, audience: string, nowMs: number): string {
    const key = JSON.stringify([email, audience]);
    const known = this.issued.get(key);
    if (known !== undefined && nowMs - known.issuedAtMs < REUSE_MS) return known.text;
    const iat = Math.floor(nowMs / 1_000);
    const sub = BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 16)}`).toString();
    const claims = { aud: audience, azp: sub, email, email_verified: true, exp: iat + LIFETIME_SECONDS, iat };
    const unsigned = `${base64url({ alg: 'RS256', kid: this.keyId, typ: 'JWT' })}.${base64url({ ...claims, iss: ISSUER, sub })}`;
    const signature = sign('sha256', Buffer.from(unsigned), this.privateKey).toString('base64url');
    const text = `${unsigned}.${signature}`;
    this.issued.set(key, { text, issuedAtMs: nowMs });
    return text;
  }

  private publicJwk(): JsonWebKeyFields {
    return createPublicKey(this.privateKey).export({ format: 'jwk' });
  }
}

interface JsonWebKeyFields {
  readonly n?: string;
}
