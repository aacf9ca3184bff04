import type { GeneratedEvent } from './event.js';
import { Money } from './money.js';

/**
 * Writes an event as compact JSON with exact amounts.
 *
 * Shape: `{total_amount: new Money(10000)}` → `{"total_amount":100.00}`. Keys keep their order.
 */
export function serializeEvent(event: GeneratedEvent): string {
  return toJson(event);
}

function toJson(value: unknown): string {
  if (value instanceof Money) {
    return value.toLiteral();
  }
  if (Array.isArray(value)) {
    return `[${value.map(toJson).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${toJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}
