/**
 * Why a request is not let in. `TOKEN_…` (401): there is no good token. `ACCOUNT_NOT_ALLOWED` (403): a good one, of
 * somebody else. `KEYS_UNAVAILABLE` (503): nobody can tell now.
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

/** A token that is refused. The message never repeats any of it but the account that it names. */
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
