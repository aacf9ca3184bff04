import type { Disposition } from '@pipeline/google-clients';

/**
 * Closed set. `TOPIC_NOT_FOUND`, `PERMISSION_DENIED` and `CREDENTIALS_MISSING` are setup problems, `UNAVAILABLE` is
 * transient, `REFUSED` is a message that Pub/Sub never accepts, `FAILED` is everything else.
 */
export type PublishErrorCode =
  'TOPIC_NOT_FOUND' | 'PERMISSION_DENIED' | 'CREDENTIALS_MISSING' | 'UNAVAILABLE' | 'REFUSED' | 'FAILED';

const DISPOSITIONS: Readonly<Record<PublishErrorCode, Disposition>> = {
  TOPIC_NOT_FOUND: 'setup',
  PERMISSION_DENIED: 'setup',
  CREDENTIALS_MISSING: 'setup',
  UNAVAILABLE: 'transient',
  REFUSED: 'permanent',
  FAILED: 'transient',
};

/** Pub/Sub did not accept a message. The error text names the remedy. */
export class PublishError extends Error {
  readonly code: PublishErrorCode;
  readonly disposition: Disposition;
  readonly details: { readonly project: string; readonly topic: string };

  constructor(options: {
    code: PublishErrorCode;
    message: string;
    details: { readonly project: string; readonly topic: string };
    cause?: unknown;
  }) {
    super(options.message, { cause: options.cause });
    this.name = 'PublishError';
    this.code = options.code;
    this.disposition = DISPOSITIONS[options.code];
    this.details = options.details;
  }
}
