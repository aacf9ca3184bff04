/**
 * Reason of a refusal. `TOKEN_…` (401): the token is missing or invalid. `ACCOUNT_NOT_ALLOWED` (403): the token is
 * valid, but its account may not send this request. `KEYS_UNAVAILABLE` (503): the token cannot be verified now.
 */
export type IdTokenErrorCode =
  | 'TOKEN_MISSING'
  | 'TOKEN_MALFORMED'
  | 'TOKEN_SIGNATURE_REMOVED'
  | 'TOKEN_SIGNATURE_INVALID'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_NOT_YET_VALID'
  | 'TOKEN_ISSUER_WRONG'
  | 'TOKEN_AUDIENCE_WRONG'
  | 'ACCOUNT_NOT_ALLOWED'
  | 'KEYS_UNAVAILABLE';

/** A refused token. The message repeats nothing of the token but the account it names. */
export class IdTokenError extends Error {
  readonly code: IdTokenErrorCode;

  constructor(options: { code: IdTokenErrorCode; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = 'IdTokenError';
    this.code = options.code;
  }

  get status(): 401 | 403 | 503 {
    if (this.code === 'ACCOUNT_NOT_ALLOWED') {
      return 403;
    }
    return this.code === 'KEYS_UNAVAILABLE' ? 503 : 401;
  }
}
