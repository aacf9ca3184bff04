import {
  decodeEvent,
  routeEventType,
  type Decoded,
  type EventSource,
  type EventTypeSources,
} from '@pipeline/schema-inference';

/** The settings that give an event its type and its table, as the services have them. */
export interface EventRouting {
  /** Event type → table (`EVENT_ROUTES`), if not by the rule. */
  readonly routes: Readonly<Record<string, string>>;
  /** Places of the event type (`EVENT_TYPE_FROM`); the library's default if absent. */
  readonly eventTypeFrom?: EventTypeSources;
}

/** Decodes a message as the services do. */
export function decodeRouted({ data, attributes }: EventSource, { eventTypeFrom }: EventRouting): Decoded {
  return decodeEvent({ data, attributes }, eventTypeFrom === undefined ? {} : { eventTypeFrom });
}

/** The table of a decoded event; null if the message is not an event. */
export function tableOf(decoded: Decoded | null, { routes }: EventRouting): string | null {
  return decoded?.kind === 'event' ? routeEventType(decoded.event.eventType, routes) : null;
}
