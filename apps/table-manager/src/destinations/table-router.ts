import type { TableReconciler } from '@pipeline/bigquery-tables';
import { routeEventType, type DecodeOptions, type EventTypeSources } from '@pipeline/schema-inference';
import { LRUCache } from 'lru-cache';
import type { EventRoutes } from '../config/event-routes.js';

/** At most a few megabytes: longer types are routed without being cached. */
const MAX_CACHED_TYPES = 10_000;
const MAX_CACHED_LENGTH = 200;

/** Returns a function from event type to table, with a cache: deriving a name costs as much as parsing a small event. */
export function createTableRouter(routes: EventRoutes): (eventType: string) => string {
  const tables = new LRUCache<string, string>({ max: MAX_CACHED_TYPES });
  return (eventType) => {
    const cached = tables.get(eventType);
    if (cached !== undefined) return cached;
    const table = routeEventType(eventType, routes);
    if (eventType.length <= MAX_CACHED_LENGTH) tables.set(eventType, table);
    return table;
  };
}

/** Returns how to decode events: by the place of their type, and beside the schema of their table if it is cached. */
export function createDecoding(
  reconciler: Pick<TableReconciler, 'known'>,
  tableOf: (eventType: string) => string,
  eventTypeFrom: EventTypeSources | undefined,
): DecodeOptions {
  return {
    ...(eventTypeFrom && { eventTypeFrom }),
    schemaOf: (eventType) => reconciler.known(tableOf(eventType))?.compiled,
  };
}
