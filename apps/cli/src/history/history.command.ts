import type { Command } from 'commander';
import {
  BigquerySchemaHistory,
  namedRecord,
  type ChangeRecord,
  type RowAppender,
} from '@pipeline/bigquery-tables';
import { listEventTables, namedEventTables } from '@pipeline/books';
import { CloudError } from '@pipeline/google-clients';
import { time } from '../command/arguments.js';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { listedOf, textTable } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';

interface HistoryOptions extends CommonOptions {
  readonly since?: Date;
  readonly until?: Date;
  readonly limit: number;
}

/** Never appends: table-manager writes the history. */
const READ_ONLY: RowAppender = {
  append: () =>
    Promise.reject(new CloudError({ code: 'UNSUPPORTED', message: 'the history is only read here' })),
};

/** `history`: which column appeared when, and which message caused it. */
export function historyCommand(): Command {
  return pipelineCommand('history', {
    summary: 'which column appeared when, and why',
    description:
      'Shows how tables changed: each new or widened column with its time, its author and the message that caused it. ' +
      'pipeline explain ID shows that message.',
    examples: [
      'pipeline history --local',
      'pipeline history orders --limit 20',
      'pipeline history --since 24h --local    what the last 24 hours changed',
      'pipeline history --since 2026-11-22 --until 2026-11-23    what a deployment on that day changed',
      'pipeline history orders --json',
    ],
  })
    .argument('[table]', 'only this table')
    .option('--since <time>', 'changed since: 24h, 7d, 2026-11-23 or a full time', time)
    .option('--until <time>', 'changed before', time)
    .option('--limit <count>', 'the newest changes to show', wholeNumber('The limit', 1, 100_000), 100)
    .action((table: string | undefined, options: HistoryOptions) =>
      runCommand(options, (context) => runHistory(table, options, context)),
    );
}

async function runHistory(
  table: string | undefined,
  { since, until, limit }: HistoryOptions,
  { client, sql, print }: CommandContext,
): Promise<number> {
  const tables = table === undefined ? await listEventTables(sql) : [table];
  const all = tables.length === 0 ? [] : await new BigquerySchemaHistory(client, READ_ONLY).read(tables);
  // A table that is gone may have a history; of one that never was, its name is wrong.
  if (all.length === 0 && table !== undefined) await namedEventTables(sql, [table]);
  const within = all.filter(
    ({ changedAtMs }) =>
      (since === undefined || changedAtMs >= since.getTime()) &&
      (until === undefined || changedAtMs < until.getTime()),
  );
  const records = within.slice(-limit);
  print(
    [...listedOf(records.length, within.length), renderHistory(records, table)].join('\n'),
    records.map(toView),
  );
  return EXIT.OK;
}

/** The names that `GET /tables/:table/history` uses, and the table. */
function toView(record: ChangeRecord): object {
  return { table: record.tableId, ...namedRecord(record) };
}

function renderHistory(records: readonly ChangeRecord[], table: string | undefined): string {
  if (records.length === 0)
    return `No schema changes are recorded${table === undefined ? '' : ` for table ${table}`} in this period.`;
  const named = table !== undefined;
  return textTable(
    ['when', ...(named ? [] : ['table']), 'change', 'column', 'type', 'message', 'by'],
    records.map(({ changedAtMs, tableId, kind, path, fromType, toType, messageId, actor }) => [
      new Date(changedAtMs).toISOString().slice(0, 19).replace('T', ' '),
      ...(named ? [] : [tableId]),
      kind,
      path,
      fromType === null ? toType : `${fromType} → ${toType ?? ''}`,
      messageId,
      actor,
    ]),
  );
}
