import { toMessage } from './error-like.js';
/** Closed set: `SETTINGS_INVALID` and `PORT_IN_USE` want an operator, `START_FAILED` is anything else at start. */
export type PlatformErrorCode = 'SETTINGS_INVALID' | 'PORT_IN_USE' | 'START_FAILED';

/** A service cannot start. The message is written for the person at the terminal and says what to change. */
export class PlatformError extends Error {
  readonly code: PlatformErrorCode;

  constructor(options: { code: PlatformErrorCode; message: string; cause?: unknown }) {
    super(options.message, { cause: options.cause });
    this.name = 'PlatformError';
    this.code = options.code;
  }

  /** `PlatformError` stays itself; everything else becomes `START_FAILED` with its own message. */
  static from(cause: unknown): PlatformError {
    if (cause instanceof PlatformError) {
      return cause;
    }
    const message = toMessage(cause);
    return new PlatformError({ code: 'START_FAILED', message, cause });
  }
}
