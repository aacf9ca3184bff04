import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { listEventTables, nearestName } from '@pipeline/books';
import { CloudError, type SqlRow } from '@pipeline/google-clients';
import { bytesOption } from '../command/arguments.js';
import { describeFailure, EXIT, SetupError, UsageError } from '../command/exit-codes.js';
import { pipelineCommand } from '../command/pipeline-command.js';
import { printableLines } from '../command/printable.js';
import { runCommand, type CommandContext, type CommonOptions } from '../command/run-command.js';
import { formatBytes } from '../command/text-table.js';
import { wholeNumber } from '../command/whole-number.js';
import { renderRows, toCsv } from './result-table.js';
import { runShell } from './sql-shell.js';

interface SqlOptions extends CommonOptions {
  readonly csv?: boolean;
  readonly maxBytes: number;
  readonly limit: number;
}

/** A GB, which BigQuery bills for less than a cent. */
const DEFAULT_MAX_BYTES = '1GB';

/** `sql`: GoogleSQL on the dataset of the events. */
export function sqlCommand(): Command {
  return pipelineCommand('sql', {
    summary: 'run GoogleSQL on the tables',
    description:
      'Runs a GoogleSQL statement. Tables without a dataset are those of the events; the archive is ' +
      'prod_events_archive._raw_events. Without a statement it reads statements that end in a semicolon, with a history.',
    examples: [
      `pipeline sql 'SELECT status, COUNT(*) AS n FROM orders GROUP BY status' --local`,
      `pipeline sql 'SELECT * FROM orders_unique' --csv --local > orders.csv`,
      `pipeline sql 'SELECT reason, COUNT(*) AS n FROM dead_letters GROUP BY reason' --json`,
      `echo 'SELECT 1 AS one;' | pipeline sql --local          statements from stdin; a shell on a terminal`,
    ],
  })
    .argument('[statement]', 'GoogleSQL; a shell when absent')
    .option('--csv', 'print CSV with a line of column names')
    .addOption(
      bytesOption('--max-bytes <size>', 'refuse a statement that reads more (500MB, 2TB)', DEFAULT_MAX_BYTES),
    )
    .option('--limit <rows>', 'rows to print', wholeNumber('The limit', 1, 10_000_000), 1_000)
    .action((statement: string | undefined, options: SqlOptions) =>
      runCommand(options, (context) =>
        statement === undefined ? shell(options, context) : runStatement(statement, options, context),
      ),
    );
}

async function shell(options: SqlOptions, context: CommandContext): Promise<number> {
  const session = { failed: false };
  await runShell({
    input: process.stdin,
    output: process.stdout,
    historyFile: join(homedir(), '.pipeline', 'sql-history'),
    run: async (statement) => {
      try {
        await runStatement(statement, options, context);
      } catch (cause) {
        session.failed = true;
        console.error(printableLines(describeFailure(cause, context.connection.isLocal).message));
      }
    },
  });
  return session.failed && !process.stdin.isTTY ? EXIT.FAILED : EXIT.OK;
}

async function runStatement(
  statement: string,
  { csv = false, json = false, maxBytes, limit }: SqlOptions,
  context: CommandContext,
): Promise<number> {
  const { sql, print, progress, connection } = context;
  if (csv && json) throw new UsageError('--csv and --json exclude each other.');
  if (!connection.isLocal) await checkBytes(statement, maxBytes, sql);
  const rows: SqlRow[] = [];
  try {
    for await (const row of sql.rows({ sql: statement, maximumBytesBilled: maxBytes })) {
      if (rows.push(row) > limit) break;
    }
  } catch (cause) {
    throw await refusalOf(cause, context);
  }
  const shown = rows.slice(0, limit);
  print(csv ? toCsv(shown) : renderRows(shown), shown);
  if (rows.length > limit) {
    progress.end();
    console.error(`The first ${limit} rows; --limit shows more.`);
  }
  return EXIT.OK;
}

/** A statement that BigQuery refuses is a wrong argument; of a table that is missing the nearest name is given. */
async function refusalOf(cause: unknown, { sql }: CommandContext): Promise<unknown> {
  if (!(cause instanceof CloudError)) return cause;
  if (cause.code === 'INVALID' || cause.code === 'UNSUPPORTED')
    return new UsageError(cause.message, { cause });
  if (cause.code !== 'TABLE_NOT_FOUND') return cause;
  const name = /[\w-]+$/.exec(cause.message)?.[0] ?? '';
  const nearest = nearestName(name, await listEventTables(sql));
  return new SetupError(`${cause.message}${nearest === null ? '' : `; did you mean ${nearest}?`}`, { cause });
}

async function checkBytes(statement: string, maxBytes: number, sql: CommandContext['sql']): Promise<void> {
  const estimated = await sql.estimateBytes({ sql: statement });
  if (estimated > maxBytes)
    throw new UsageError(
      `The statement would read ${formatBytes(estimated)}, more than the ${formatBytes(maxBytes)} of --max-bytes.`,
    );
}
