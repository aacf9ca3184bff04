import type { Command } from 'commander';
import {
  audit,
  deepAudit,
  DEFAULT_IN_PROGRESS_MS,
  estimateAudit,
  listEventTables,
  namedEventTables,
  overflowGroups,
  waitingValues,
  writeLedger,
  type DeepAudit,
  type OverflowGroup,
  type Span,
} from '@pipeline/books';
import type { Sql } from '@pipeline/google-clients';
import type { EventTypeSources } from '@pipeline/schema-inference';
import { bytes, collect, time, timeOption } from '../command/arguments.js';
import { EXIT, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { eventTypeFromOption } from '../command/routing-options.js';
import { formatBytes } from '../command/text-table.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { CLI_ACTOR } from '../command/version.js';
import { wholeNumber } from '../command/whole-number.js';
import { renderBooks, renderEstimate, type BooksView, type OverflowSum } from './render-books.js';

interface AuditCommandOptions extends CommonOptions {
  readonly since: Date;
  readonly until?: Date;
  readonly inProgressSeconds: number;
  readonly by: string;
  readonly limit: number;
  readonly maxBytes?: number;
  readonly table?: readonly string[];
  readonly deep?: boolean;
  readonly eventTypeFrom?: EventTypeSources;
  readonly ledger?: boolean;
  readonly estimate?: boolean;
  readonly wide?: boolean;
}

/** `audit`: received = rows + dead letters + in progress + unaccounted. */
export function auditCommand(): Command {
  return pipelineCommand('audit', {
    summary: 'is anything missing? received = rows + dead letters + … + unaccounted',
    description:
      'Takes the books: every message that Pub/Sub put into the archive is a row, a dead letter, or in progress (younger than ' +
      'events may wait). What is none of these is named, and the exit code is 1.',
    examples: [
      'pipeline audit --local                         the last 24 hours of npm start',
      'pipeline audit --since 2026-11-22 --until 2026-11-23 --by hour',
      'pipeline audit --deep --since 1h               also rebuild every value from its row: none may be altered',
      'pipeline audit --estimate --since 30d          only say how much BigQuery would read',
      'pipeline audit --ledger --since 25h            also write the books, hour by hour, to _ledger',
    ],
  })
    .addOption(
      timeOption('--since <time>', 'published from here on: 24h, 7d, 2026-11-23 or a full time', '24h'),
    )
    .option('--until <time>', 'published before; now when absent', time)
    .option(
      '--in-progress-seconds <seconds>',
      'younger messages are in progress, not unaccounted: the wait limit and the time of delivery',
      wholeNumber('The time', 0, 604_800),
      DEFAULT_IN_PROGRESS_MS / 1_000,
    )
    .option('--by <what>', 'a line for each table or hour', 'table')
    .option('--table <name>', 'only messages of this table; may be given several times', collect)
    .option('--limit <count>', 'unaccounted messages to name', wholeNumber('The limit', 1, 100_000), 1_000)
    .option('--max-bytes <size>', 'refuse a query that reads more (500MB, 2TB)', bytes)
    .option('--deep', 'rebuild every value from its row and compare with the archive; reads payloads')
    .addOption(eventTypeFromOption())
    .option('--ledger', 'write the books of every whole hour to _ledger')
    .option('--estimate', 'only say how much BigQuery would read, which is free')
    .action((options: AuditCommandOptions) => runCommand(options, (context) => runAudit(options, context)));
}

async function runAudit(options: AuditCommandOptions, context: CommandContext): Promise<number> {
  const { sql, now, progress, connection, print } = context;
  const { by } = options;
  if (by !== 'table' && by !== 'hour') throw new UsageError('--by takes table or hour.');
  if (options.table !== undefined && options.ledger === true)
    throw new UsageError('--ledger writes the books of every table: leave out --table.');
  const span: Span = { from: options.since, to: options.until ?? now };
  if (span.from >= span.to) throw new UsageError('--since is not before --until.');
  const { limit, maxBytes } = options;
  const inProgressMs = options.inProgressSeconds * 1_000;
  const tables = options.table === undefined ? undefined : await namedEventTables(sql, options.table);
  const only = tables === undefined ? {} : { tables, onlyTables: true };
  const scope = { span, now, inProgressMs, ...only, ...(maxBytes === undefined ? {} : { maxBytes }) };
  if (options.estimate === true) return printEstimate(scope, context);
  const books = await audit(sql, {
    ...scope,
    limit,
    onEstimate: (count) => {
      progress.show(renderEstimate(count, connection.isLocal));
    },
  });
  if (options.ledger === true) await writeLedger(sql, { ...scope, actor: CLI_ACTOR });
  const deep =
    options.deep === true
      ? await runDeep(span, { tables, eventTypeFrom: options.eventTypeFrom }, context)
      : null;
  const overflow = await overflowOf(sql, { span, tables, maxBytes, now });
  const view: BooksView = {
    by,
    command: context.command,
    sameVerdict: sameVerdictOf(options),
    overflow,
    wide: options.wide ?? false,
  };
  print(renderBooks(books, deep, view), {
    ...books,
    overflow: { values: overflow.values, waiting: overflow.waiting, waits: overflow.waits },
    ...(deep === null ? {} : { deep }),
  });
  const isWell = books.totals.unaccounted + books.totals.mistimed + (deep?.altered ?? 0) === 0;
  return isWell ? EXIT.OK : EXIT.FOUND;
}

/** Reads `_overflow` of the span, which is NULL in most rows. */
async function overflowOf(
  sql: Sql,
  scope: {
    readonly span: Span;
    readonly tables: readonly string[] | undefined;
    readonly maxBytes: number | undefined;
    readonly now: Date;
  },
): Promise<OverflowSum> {
  const { span, tables = await listEventTables(sql), maxBytes, now } = scope;
  const groups = await overflowGroups(sql, tables, span, maxBytes);
  const byTable = new Map<string, number>();
  for (const { table, values } of groups) byTable.set(table, (byTable.get(table) ?? 0) + values);
  const sum = (of: readonly OverflowGroup[]): number => of.reduce((total, { values }) => total + values, 0);
  return {
    byTable,
    values: sum(groups),
    waiting: sum(groups.filter(({ reason }) => reason === 'AWAITING_COLUMN')),
    waits: await waitingValues(sql, groups, now),
  };
}

function sameVerdictOf({ inProgressSeconds }: AuditCommandOptions): string {
  const isDefault = inProgressSeconds === DEFAULT_IN_PROGRESS_MS / 1_000;
  return isDefault ? '' : ` --in-progress-seconds ${inProgressSeconds}`;
}

async function printEstimate(
  scope: Parameters<typeof estimateAudit>[1],
  { sql, connection, print }: CommandContext,
): Promise<number> {
  const estimatedBytes = await estimateAudit(sql, scope);
  const words = connection.isLocal
    ? 'The local cloud counts no bytes and bills nothing.'
    : `This audit would read ${formatBytes(estimatedBytes)} (without --deep). Nothing was read.`;
  print(words, { estimatedBytes });
  return EXIT.OK;
}

interface DeepScope {
  readonly tables: readonly string[] | undefined;
  readonly eventTypeFrom: EventTypeSources | undefined;
}

function runDeep(
  span: Span,
  { tables, eventTypeFrom }: DeepScope,
  { sql, readSchema, progress, signal }: CommandContext,
): Promise<DeepAudit> {
  return deepAudit(sql, {
    span,
    ...(tables === undefined ? {} : { tables }),
    ...(eventTypeFrom === undefined ? {} : { eventTypeFrom }),
    readSchema,
    signal,
    onProgress: (rows, table) => {
      progress.show(`Rebuilding values: ${rows} rows, now in ${table}`);
    },
  });
}
