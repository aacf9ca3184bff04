import type { Delivery } from '../backlog/backlog.js';
import { formatTimestampMs } from '../wire/times.js';

/** Column name → type as the table has it, in upper case. */
export type ColumnTypes = ReadonlyMap<string, string>;

/**
 * The row of one message: `data` alone, or with `subscription_name`, `message_id`, `publish_time`, `attributes`.
 *
 * `data` is base64 for a BYTES column and text for STRING and JSON; an ordering key joins `attributes` as `orderingKey`.
 * Source: https://cloud.google.com/pubsub/docs/bigquery#properties_subscription, read 2026-11-22.
 */
export function toTableRow(
  delivery: Delivery,
  subscriptionName: string,
  columns: ColumnTypes,
  writeMetadata: boolean,
): Record<string, unknown> {
  const { message } = delivery;
  const bytes = Buffer.from(message.data.buffer, message.data.byteOffset, message.data.length);
  const data = bytes.toString(columns.get('data') === 'BYTES' ? 'base64' : 'utf8');
  if (!writeMetadata) return { data };
  const { attributes, orderingKey } = message;
  const properties = orderingKey === '' ? attributes : { ...attributes, orderingKey };
  return {
    subscription_name: subscriptionName,
    message_id: String(message.id),
    publish_time: formatTimestampMs(message.publishTimeMs),
    attributes: JSON.stringify(properties),
    data,
  };
}
