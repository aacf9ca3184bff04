/**
 * Ack ids: which delivery of which message of which subscription.
 *
 * Shape: `<subscription serial>-<message id>-<generation>`, numbers in base 36. Clients treat them as opaque.
 */
export function formatAckId(serial: string, messageId: number, generation: number): string {
  return `${serial}-${messageId.toString(36)}-${generation.toString(36)}`;
}

/** @returns undefined for text that is no ack id of the subscription. */
export function parseAckId(
  serial: string,
  ackId: string,
): { readonly messageId: number; readonly generation: number } | undefined {
  const [owner, id, generation, ...rest] = ackId.split('-');
  if (owner !== serial || id === undefined || generation === undefined || rest.length > 0) return undefined;
  const parsed = { messageId: Number.parseInt(id, 36), generation: Number.parseInt(generation, 36) };
  return Number.isSafeInteger(parsed.messageId) && Number.isSafeInteger(parsed.generation)
    ? parsed
    : undefined;
}
