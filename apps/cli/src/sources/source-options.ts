import { Option, type Command } from 'commander';
import { collect, namesAndValues } from '../command/arguments.js';
import { LINE_FORMATS, type LineFormat } from './line-message.js';

/** Options of a command that reads events from sources. */
export interface SourceCommandOptions {
  readonly format: LineFormat;
  readonly eventType?: string;
  readonly attribute?: readonly string[];
  readonly textColumns?: readonly string[];
}

export const SOURCES_HELP =
  'files of NDJSON, one JSON array, Avro or CSV, plain or gzip-compressed; gs:// addresses (a * at the end takes all whose names begin like this); - for stdin';

/** Adds the options with which `plan` and `backfill` read sources alike. */
export function withSourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--format <what>',
        'what a line holds: event: an event; csv: a row of CSV (.csv and .tsv files need no --format); message: a Pub/Sub message in JSON; dead-letters: a line of a mended export',
      )
        .choices(LINE_FORMATS)
        .default('event'),
    )
    .option('--event-type <type>', 'the attribute event_type, for events that do not say what they are')
    .option('--attribute <name=value>', 'an attribute of every message; may be given several times', collect)
    .option(
      '--text-columns <names>',
      'columns of CSV that stay text although every cell is a number: zip,phone',
      (text: string) => text.split(','),
    );
}

/** The attributes of every message. */
export function attributesOf({ eventType, attribute = [] }: SourceCommandOptions): Record<string, string> {
  return { ...(eventType === undefined ? {} : { event_type: eventType }), ...namesAndValues(attribute) };
}
