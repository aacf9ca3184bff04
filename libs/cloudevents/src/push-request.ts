/**
 * One HTTP request: header names in lower case (as Node gives them) and the body's bytes unparsed.
 */
export interface PushRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
  /** Names and values in turn, as they arrived. Node joins a header that came twice; only here both are seen. */
  readonly rawHeaders?: readonly string[];
}

/**
 * A message as Pub/Sub delivered it, without its wrapper.
 *
 * Shape: `data` is decoded and may be empty; `attributes` may be empty; `publishTime` is RFC 3339 as it was sent
 * (a real instant, up to nine fraction digits); `deliveryAttempt` is null if the subscription counts none.
 * Limits: `messageId` has 1 to 128 characters. Strings hold no unpaired surrogate.
 * Source: Pub/Sub REST reference, PubsubMessage, read 2026-11-22.
 */
export interface PubsubMessage {
  readonly messageId: string;
  readonly publishTime: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
  readonly orderingKey: string | null;
  readonly deliveryAttempt: number | null;
}

/** The request holds one message. `subscription` is the full resource name if the request has it. */
export interface ParsedPush {
  readonly kind: 'message';
  readonly message: PubsubMessage;
  readonly subscription: string | null;
}

/**
 * The request holds no valid message. Expected only from a caller that is not Pub/Sub or Eventarc; `detail` names the
 * field and its problem and never repeats a payload.
 */
export interface RejectedPush {
  readonly kind: 'rejected';
  readonly code: 'ENVELOPE_INVALID';
  readonly detail: string;
}

export function rejectedPush(detail: string): RejectedPush {
  return { kind: 'rejected', code: 'ENVELOPE_INVALID', detail };
}
