/** Reasons for which a message is not an event: a closed set, in the order of the checks. The envelope has its own code. */
export type RejectionCode =
  | 'NOT_DECOMPRESSIBLE'
  | 'NOT_UTF8'
  | 'TOO_DEEP'
  | 'NOT_JSON'
  | 'DUPLICATE_KEY'
  | 'KEY_NOT_UNICODE'
  | 'NOT_AN_OBJECT'
  | 'EVENT_TYPE_MISSING'
  | 'EVENT_TYPE_INVALID'
  | 'TOO_LARGE';

export interface Rejected {
  readonly kind: 'rejected';
  readonly code: RejectionCode;
  /** For operators; never holds a value of the event. */
  readonly detail: string;
  /** Null if it is not known. */
  readonly eventType: string | null;
}

export function rejected(code: RejectionCode, detail: string, eventType: string | null = null): Rejected {
  return { kind: 'rejected', code, detail, eventType };
}
