import type { Column } from '@pipeline/schema-inference';

export const QUARANTINE_TABLE = '_quarantine';

/**
 * The columns of `_quarantine`: whole messages that may not have a table, until an operator decides. Partitioned by day
 * of `publish_time`. Terraform and the local cloud create the same ones (test/contracts/tables/quarantine.json).
 */
export const QUARANTINE_COLUMNS: readonly Column[] = [
  { name: 'message_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'publish_time', type: 'TIMESTAMP', mode: 'REQUIRED' },
  { name: 'event_type', type: 'STRING', mode: 'NULLABLE' },
  { name: 'table_name', type: 'STRING', mode: 'NULLABLE' },
  { name: 'reason', type: 'STRING', mode: 'REQUIRED' },
  { name: 'data', type: 'BYTES', mode: 'NULLABLE' },
  { name: 'attributes', type: 'JSON', mode: 'NULLABLE' },
  { name: 'quarantined_at', type: 'TIMESTAMP', mode: 'REQUIRED' },
];

/** `TABLE_GUARD`: the limit on new tables is reached. `AWAITING_APPROVAL`: a contract wants a person to approve the type. */
export type QuarantineReason = 'TABLE_GUARD' | 'AWAITING_APPROVAL';

/** A message that goes to `_quarantine`, whole. */
export interface QuarantinedMessage {
  readonly messageId: string;
  /** RFC 3339 with at most microseconds. */
  readonly publishTime: string;
  readonly eventType: string;
  readonly table: string;
  readonly reason: QuarantineReason;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Larger data is left out, because a row holds less than a message; `_raw_events` has it. */
const MAX_DATA_BYTES = 9_000_000;

/** Returns the row of a message. `data` is base64, null for more than 9,000,000 bytes. */
export function toQuarantineRow(
  message: QuarantinedMessage,
  quarantinedAtMs: number,
): Readonly<Record<string, unknown>> {
  const { messageId, publishTime, eventType, table, reason, data, attributes } = message;
  return {
    message_id: messageId,
    publish_time: publishTime,
    event_type: eventType,
    table_name: table,
    reason,
    data: data.byteLength > MAX_DATA_BYTES ? null : Buffer.from(data).toString('base64'),
    attributes: JSON.stringify(attributes),
    quarantined_at: new Date(quarantinedAtMs).toISOString(),
  };
}
