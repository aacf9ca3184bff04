import { BigqueryTableStore } from '@pipeline/bigquery-tables';
import { BigqueryClient, BigquerySql, type Sql } from '@pipeline/google-clients';
import type { TableSchema } from '@pipeline/schema-inference';
import { resolveConnection, type Connection, type ConnectionOptions } from './connection.js';
import { readRunFiles, runFolder } from '../start/run-files.js';
import { commandWords, type CommandWords } from './command-line.js';
import { describeFailure, EXIT } from './exit-codes.js';
import { paint } from './paint.js';
import { printableJson, printableLines } from './printable.js';
import { Progress } from './progress.js';

/** The options that `pipelineCommand` gives to every command. */
export type CommonOptions = ConnectionOptions & { readonly json?: boolean; readonly wide?: boolean };

/** The dependencies of a command. Results go to stdout, everything else to stderr. */
export interface CommandContext {
  readonly connection: Connection;
  readonly client: BigqueryClient;
  readonly sql: Sql;
  readonly now: Date;
  readonly progress: Progress;
  /** Writes a command for a hint, complete for the way this one was started. */
  readonly command: CommandWords;
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
  readonly readSchema: (table: string) => Promise<TableSchema | null>;
  /** The text for people, or with `--json` the value. */
  readonly print: (text: string, value: unknown) => void;
}

export interface RunOptions {
  /** Ctrl-C lets it finish what is under way; a second one does not. */
  readonly finishesOnInterrupt?: boolean;
}

/** Longest wait for one answer of BigQuery, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** Runs a command and ends the process with its exit code. Failures are printed as sentences, never with a stack. */
export async function runCommand(
  options: CommonOptions,
  action: (context: CommandContext) => Promise<number>,
  { finishesOnInterrupt = false }: RunOptions = {},
): Promise<never> {
  const abort = new AbortController();
  const progress = new Progress(process.stderr);
  const interrupted = new Promise<number>((resolve) => {
    const onSignal = (): void => {
      if (abort.signal.aborted || !finishesOnInterrupt) resolve(EXIT.INTERRUPTED);
      abort.abort();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
  const exitCode = await Promise.race([interrupted, perform(options, { action, progress, abort })]);
  progress.end();
  if (exitCode === EXIT.INTERRUPTED) console.error('Interrupted.');
  process.exit(exitCode);
}

async function perform(
  options: CommonOptions,
  run: {
    readonly action: (context: CommandContext) => Promise<number>;
    readonly progress: Progress;
    readonly abort: AbortController;
  },
): Promise<number> {
  let isLocal = options.local ?? false;
  try {
    const connection = resolveConnection(options, {
      environment: process.env,
      runs: () => readRunFiles(runFolder(process.env)),
    });
    isLocal = connection.isLocal;
    const client = new BigqueryClient({
      projectId: connection.projectId,
      datasetId: connection.dataset,
      timeoutMs: TIMEOUT_MS,
      ...(connection.bigqueryUrl === undefined ? {} : { endpoint: connection.bigqueryUrl }),
    });
    const store = new BigqueryTableStore(client);
    return await run.action({
      connection,
      client,
      sql: new BigquerySql(client, connection.archiveDataset),
      now: new Date(),
      progress: run.progress,
      command: commandWords(options, process.env, process.argv),
      signal: run.abort.signal,
      readSchema: async (table) => (await store.read(table))?.schema ?? null,
      print: (text, value) => {
        run.progress.end();
        console.log(
          options.json === true ? printableJson(JSON.stringify(value, null, 2)) : paint(printableLines(text)),
        );
      },
    });
  } catch (cause) {
    const { message, exitCode } = describeFailure(cause, isLocal);
    run.progress.end();
    console.error(
      options.json === true
        ? printableJson(JSON.stringify({ error: { message, exitCode } }))
        : printableLines(message),
    );
    return exitCode;
  }
}
