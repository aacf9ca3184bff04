import { Option, type Command } from 'commander';
import type { EventRouting } from '@pipeline/books';
import { DEFAULT_EVENT_TYPE_SOURCES } from '@pipeline/schema-inference';
import { eventTypeSources, routes } from './arguments.js';

const DEFAULT_ROUTES = '{"order":"orders"}';

/**
 * Adds `--routes` and `--event-type-from`: the settings `EVENT_ROUTES` and `EVENT_TYPE_FROM` of the services. A command that
 * reads them finds the type and the table that the services find.
 */
export function withRouting(command: Command): Command {
  return command
    .addOption(
      new Option('--routes <json>', 'tables of event types, as the services have them')
        .argParser((text) => routes(text === '' ? DEFAULT_ROUTES : text))
        .env('EVENT_ROUTES')
        .default(routes(DEFAULT_ROUTES), DEFAULT_ROUTES),
    )
    .addOption(eventTypeFromOption());
}

export function eventTypeFromOption(): Option {
  return new Option('--event-type-from <sources>', 'places of the event type, as the services have them')
    .argParser((text) => (text === '' ? DEFAULT_EVENT_TYPE_SOURCES : eventTypeSources(text)))
    .env('EVENT_TYPE_FROM');
}

/** The settings that were given. */
export function routingOf({ routes: given, eventTypeFrom }: EventRouting): EventRouting {
  return { routes: given, ...(eventTypeFrom === undefined ? {} : { eventTypeFrom }) };
}
