import type { Command } from 'commander';
import type { DeadLetterFilter } from '@pipeline/books';
import { collect, namesAndValues, time, timeOption } from '../command/arguments.js';
import type { CommonOptions } from '../command/run-command.js';
import { reasonOption } from './reasons.js';

/** Conditions on dead letters, as commander gives them. */
export interface FilterOptions extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly reason?: string;
  readonly table?: string;
  readonly eventType?: string;
  readonly attribute?: readonly string[];
  readonly dismissed?: boolean;
  readonly limit: number;
}

/** Adds the conditions on dead letters. */
export function withFilter(command: Command): Command {
  return command
    .addOption(timeOption('--since <time>', 'dead since: 24h, 7d, 2026-11-23', '7d'))
    .option('--until <time>', 'dead before', time)
    .addOption(reasonOption('only this reason'))
    .option('--table <name>', 'only of this table')
    .option('--event-type <type>', 'only of this event type')
    .option('--attribute <name=value>', 'only with this attribute; may be given several times', collect)
    .option('--dismissed', 'only dismissed ones; without it they are left out');
}

type Conditions = Pick<
  FilterOptions,
  'since' | 'until' | 'reason' | 'table' | 'eventType' | 'attribute' | 'dismissed'
>;

/** The conditions that were given. */
export function filterOf(options: Conditions): DeadLetterFilter {
  const { since, until, reason, table, eventType, attribute, dismissed = false } = options;
  return {
    since,
    dismissed: dismissed ? 'only' : 'exclude',
    ...(until === undefined ? {} : { until }),
    ...(reason === undefined ? {} : { reason }),
    ...(table === undefined ? {} : { table }),
    ...(eventType === undefined ? {} : { eventType }),
    ...(attribute === undefined ? {} : { attributes: namesAndValues(attribute) }),
  };
}
