import type { Command } from 'commander';
import { listNotices, namedEventTables, type ListedNotice, type ListedNotices } from '@pipeline/books';
import { time } from '../command/arguments.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { listedOf, textTable } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';

interface NoticesOptions extends CommonOptions {
  readonly since?: Date;
  readonly waiting?: boolean;
  readonly limit: number;
}

/** A notice is a fact for 7 days; one that could not be published is tried for 30. */
const DEFAULT_SPAN_MS = 7 * 86_400_000;
const WAITING_SPAN_MS = 30 * 86_400_000;

/** `notices`: what was published on the topic of notices, and what waits. */
export function noticesCommand(): Command {
  return pipelineCommand('notices', {
    summary: 'what was published on pipeline-notices, and what still waits',
    description:
      'Lists notices (schema changes, approvals, books, dead letters, silent types) with the time at which each was recorded and ' +
      'the time at which Pub/Sub had it. A notice that waits is published again by the next run, at most five minutes later; the log line ' +
      '"notices are delayed" of table-manager has the reason. Exits with 1 if a notice waits.',
    examples: [
      'pipeline notices --local',
      'pipeline notices orders --since 24h --json',
      'pipeline notices --waiting    only those that Pub/Sub does not have',
    ],
  })
    .argument('[table]', 'only notices about this table')
    .option('--since <time>', 'recorded since: 24h, 7d (default), 2026-11-23 or a full time', time)
    .option('--waiting', 'only those that Pub/Sub does not have; of 30 days unless --since is given')
    .option('--limit <count>', 'the newest notices to show', wholeNumber('The limit', 1, 10_000), 100)
    .action((table: string | undefined, options: NoticesOptions) =>
      runCommand(options, (context) => runNotices(table, options, context)),
    );
}

async function runNotices(
  table: string | undefined,
  { since, waiting: onlyWaiting = false, limit }: NoticesOptions,
  { sql, now, print }: CommandContext,
): Promise<number> {
  const spanMs = onlyWaiting ? WAITING_SPAN_MS : DEFAULT_SPAN_MS;
  const listed = await listNotices(sql, {
    since: since ?? new Date(now.getTime() - spanMs),
    onlyWaiting,
    limit,
    ...(table === undefined ? {} : { table }),
  });
  // Of a table that is gone there may be notices; of one that never was, its name is wrong.
  if (listed.total === 0 && table !== undefined) await namedEventTables(sql, [table]);
  print(renderNotices(listed), listed);
  return listed.waiting > 0 ? EXIT.FOUND : EXIT.OK;
}

/** One row for each notice, then how many wait. */
export function renderNotices({ notices, total, waiting }: ListedNotices): string {
  if (notices.length === 0) return 'No notice in this period.';
  return [
    ...listedOf(notices.length, total),
    textTable(
      ['recorded', 'published', 'type', 'table', 'facts', 'first fact', 'message'],
      notices.map(({ recordedAt, publishedAt, type, table, count, items, messageId }) => [
        clock(recordedAt),
        publishedAt === null ? 'waits' : clock(publishedAt),
        type,
        table,
        count,
        factText(items),
        messageId,
      ]),
    ),
    ...(waiting === 0
      ? []
      : [
          '',
          `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for Pub/Sub: each run publishes what waits. The log line "notices are delayed" of table-manager has the reason.`,
        ]),
  ].join('\n');
}

/** Fields of a fact that other columns say, or `--json`. */
const LEFT_OUT = ['table', 'actor', 'changedAt', 'messageId', 'firstMessageId'];

/** The values of the first fact, its kind first. */
function factText([first]: ListedNotice['items']): string | null {
  if (first === undefined) return null;
  const { kind = null, path = null, ...rest } = first;
  return Object.entries({ kind, path, ...rest })
    .filter(
      ([name, value]) => !LEFT_OUT.includes(name) && value !== null && value !== '' && !Array.isArray(value),
    )
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

function clock(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}
