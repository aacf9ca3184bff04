import { routeEventType } from '@pipeline/schema-inference';
import type { EventRoutes } from '../config/event-routes.js';

/** With the length below at most a few megabytes, whatever types producers invent. */
const MAX_REMEMBERED_TYPES = 10_000;
const MAX_REMEMBERED_LENGTH = 200;

/**
 * The table of an event type, worked out once for each type: every event asks, and finding a name costs as much as
 * parsing a small event.
 */
export function createTableRouter(routes: EventRoutes): (eventType: string) => string {
  const tables = new Map<string, string>();
  return (eventType) => {
    const remembered = tables.get(eventType);
    if (remembered !== undefined) return remembered;
    const table = routeEventType(eventType, routes);
    if (eventType.length <= MAX_REMEMBERED_LENGTH) {
      if (tables.size === MAX_REMEMBERED_TYPES) tables.clear();
      tables.set(eventType, table);
    }
    return table;
  };
}
