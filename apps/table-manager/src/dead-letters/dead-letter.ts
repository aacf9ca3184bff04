import type { RejectionCode } from '@pipeline/schema-inference';

/**
 * Reason of a dead letter. Closed set: the envelope's code, the event's codes, a contract's refusal of new event types, and BigQuery's
 * refusal of the row.
 */
export type DeadLetterReason = 'ENVELOPE_INVALID' | RejectionCode | 'TYPE_NOT_ALLOWED' | 'APPEND_REJECTED';

/** The step that rejected the message. */
export type DeadLetterStage = 'envelope' | 'decode' | 'fit' | 'reconcile' | 'append';

/** A message that cannot become a row, and everything needed to retry it. Unknown fields are null. */
export interface DeadLetter {
  readonly reason: DeadLetterReason;
  readonly stage: DeadLetterStage;
  /** For people; holds no value of the event. */
  readonly detail: string;
  readonly eventType: string | null;
  readonly table: string | null;
  readonly messageId: string | null;
  readonly publishTime: string | null;
  readonly attributes: Readonly<Record<string, string>> | null;
  /** The original message's bytes; for an invalid envelope the whole body. */
  readonly data: Uint8Array;
}

/**
 * Longer data is left out, so that every dead letter fits a Pub/Sub message of 10 MB as base64 with attributes.
 * Source: Pub/Sub quotas and limits, read 2026-11-22.
 */
export const MAX_DEAD_LETTER_DATA_BYTES = 6_000_000;

/**
 * Returns true if the dead letter or the archive has what a retry needs.
 *
 * False for an invalid envelope that is too long: no archive has it, so it must not be acknowledged. Pub/Sub writes its
 * envelopes itself, so only a misconfigured subscription or another caller sends one.
 */
export function isKept({ data, messageId }: DeadLetter): boolean {
  return messageId !== null || data.byteLength <= MAX_DEAD_LETTER_DATA_BYTES;
}

/**
 * Returns the JSON text of a dead letter as it is published.
 *
 * Shape: `{"reason":"NOT_JSON","stage":"decode",…,"data":"<base64>","data_in":null,"attempt":1,…}`; where the data is
 * left out, `data` is null and `data_in` names the table that has it (null too for an invalid envelope, which is in
 * none).
 */
export function toDeadLetterJson(
  letter: DeadLetter,
  service: { readonly name: string; readonly version: string },
): string {
  const isLeftOut = letter.data.byteLength > MAX_DEAD_LETTER_DATA_BYTES;
  return JSON.stringify({
    reason: letter.reason,
    stage: letter.stage,
    detail: letter.detail,
    event_type: letter.eventType ?? attributeType(letter),
    table: letter.table,
    message_id: letter.messageId,
    publish_time: letter.publishTime,
    attributes: letter.attributes,
    data: isLeftOut ? null : toBase64(letter.data),
    data_in: isLeftOut && letter.messageId !== null ? '_raw_events' : null,
    attempt: 1,
    service: service.name,
    service_version: service.version,
  });
}

/** The type that the attribute `event_type` gives, if the body gives none: groups of dead letters say whose they are. */
function attributeType({ attributes }: DeadLetter): string | null {
  const eventType = attributes?.['event_type'];
  return eventType === undefined || eventType === '' ? null : eventType;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
