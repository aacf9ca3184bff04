import { Command } from 'commander';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { wholeNumber } from './whole-number.js';

/** A command of `pipeline` with what all of them have: connection, `--json`, examples, exit codes. */
export function pipelineCommand(
  name: string,
  text: {
    readonly summary: string;
    readonly description: string;
    readonly examples: readonly string[];
  },
): Command {
  const command = new Command(name)
    .summary(text.summary)
    .description(text.description)
    .option('--project <id>', 'Google Cloud project (or GCP_PROJECT_ID)')
    .option('--dataset <id>', 'BigQuery dataset of the events (or DATASET; default prod_events_dataset)')
    .option(
      '--archive-dataset <id>',
      'BigQuery dataset of the archive (or ARCHIVE_DATASET; default: prod_events_archive beside prod_events_dataset)',
    )
    .option('--local', 'the pipeline of npm start on this machine')
    .option(
      '--port-base <port>',
      'with --local: the pipeline that npm start -- --port-base started (or PORT_BASE); the one that runs when absent',
      wholeNumber('A port', 1, 65_529),
    )
    .option('--json', 'print JSON to stdout')
    .option('--wide', 'do not cut tables to the width of the terminal')
    .addHelpText(
      'after',
      ['', 'Examples:', ...text.examples.flatMap(exampleLines), '', EXIT_CODES_HELP].join('\n'),
    )
    .configureOutput({
      outputError: (message, write) => {
        write(`${message.trimEnd()}\nSee ${fullName(command)} --help\n`);
      },
    })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? EXIT.OK : EXIT.USAGE);
    });
  return command;
}

const HELP_WIDTH = 80;

/** An example with its explanation: in one line if that is not longer than a terminal, else above it. */
function exampleLines(example: string): string[] {
  const line = `  ${example.replace(/ {2,}/, '$&# ')}`;
  const [command = '', explanation] = example.split(/ {2,}/);
  return line.length <= HELP_WIDTH || explanation === undefined
    ? [line]
    : [`  # ${explanation}`, `  ${command}`];
}

/** `pipeline dead-letters list` */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
