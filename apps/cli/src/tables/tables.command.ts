import type { Command } from 'commander';
import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import {
  columnLines,
  listEventTables,
  namedEventTables,
  overflowGroups,
  tableOverviews,
  waitingValues,
} from '@pipeline/books';
import { EXIT } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { renderColumns, renderTables } from './render-tables.js';

/** `tables`: the event tables, or the columns of one. */
export function tablesCommand(): Command {
  return pipelineCommand('tables', {
    summary: 'the event tables and their columns',
    description:
      'Lists the event tables with their columns, and the values of the last two days that wait in _overflow with the reason; or the ' +
      'columns of one table with the event key of each.',
    examples: ['pipeline tables --local', 'pipeline tables orders'],
  })
    .argument('[table]', 'show the columns of this table')
    .action((table: string | undefined, options: CommonOptions) =>
      runCommand(options, (context) => (table === undefined ? list(context) : show(table, context))),
    );
}

/** The days that promotion looks at every minute. */
const WAITING_MS = 2 * 86_400_000;

async function list({ sql, print, now }: CommandContext): Promise<number> {
  const names = await listEventTables(sql);
  const overviews = await tableOverviews(sql, names);
  const groups = await overflowGroups(sql, names, { from: new Date(now.getTime() - WAITING_MS), to: now });
  const waiting = new Map((await waitingValues(sql, groups, now)).map((values) => [values.table, values]));
  const tables = overviews.map((overview) => ({ ...overview, waiting: waiting.get(overview.table) ?? null }));
  print(renderTables(tables), tables);
  return EXIT.OK;
}

async function show(table: string, context: CommandContext): Promise<number> {
  const { client, sql, print } = context;
  const stored = await new BigqueryTableStore(client).read(table);
  if (stored === null) {
    // Throws with the nearest name, unless the table has been made just now.
    await namedEventTables(sql, [table]);
    return show(table, context);
  }
  const columns = columnLines(stored.schema.columns);
  print(renderColumns(table, stored.schema.closed, columns), {
    table,
    closed: stored.schema.closed,
    columns,
  });
  return EXIT.OK;
}
