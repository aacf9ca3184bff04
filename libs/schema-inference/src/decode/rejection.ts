/** Why a message is not an event. Closed set, in the order in which it is checked; the envelope's own code is not here. */
export type RejectionCode =
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
  /** For people; never holds a value of the event. */
  readonly detail: string;
  /** Null where it is not known. */
  readonly eventType: string | null;
}

export function rejected(code: RejectionCode, detail: string, eventType: string | null = null): Rejected {
  return { kind: 'rejected', code, detail, eventType };
}
