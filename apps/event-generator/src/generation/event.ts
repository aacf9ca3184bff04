import type { Money } from './money.js';

/** The event types of the generator, as in the field `event_type`. */
export const EVENT_TYPES = ['order', 'inventory', 'user_activity'] as const;

/** One of {@link EVENT_TYPES}. */
export type EventType = (typeof EVENT_TYPES)[number];

/** One line of an order. */
export interface OrderItem {
  readonly product_id: string;
  readonly name: string;
  readonly category: string;
  readonly quantity: number;
  readonly unit_price: Money;
}

/** An order of a shop. `total_amount` is the exact sum of quantity times unit price over the items. */
export interface OrderEvent {
  readonly event_type: 'order';
  readonly order_id: string;
  readonly customer_id: string;
  /** RFC 3339 in UTC, whole seconds: `2024-01-15T10:30:00Z`. */
  readonly order_date: string;
  readonly status: string;
  readonly items: readonly OrderItem[];
  readonly total_amount: Money;
  /** ISO 4217. */
  readonly currency: string;
  /** The day of `order_date` in UTC: `2024-01-15`. */
  readonly event_date: string;
}

/** A change of a warehouse's stock. Outgoing quantities are negative. */
export interface InventoryEvent {
  readonly event_type: 'inventory';
  readonly inventory_id: string;
  readonly product_id: string;
  readonly quantity_change: number;
  readonly warehouse_id: string;
  readonly reason: string;
  readonly timestamp: string;
  readonly event_date: string;
}

/** An action of a visitor. */
export interface UserActivityEvent {
  readonly event_type: 'user_activity';
  readonly user_id: string;
  readonly session_id: string;
  readonly activity_type: string;
  /** Path and query of the page, without origin. */
  readonly page_url: string;
  readonly timestamp: string;
  readonly event_date: string;
}

/** Any event of the generator. */
export type GeneratedEvent = OrderEvent | InventoryEvent | UserActivityEvent;
