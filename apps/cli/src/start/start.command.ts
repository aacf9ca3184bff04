import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../command/whole-number.js';
import { MAX_SEED } from './event-source.js';
import {
  DELIVERY_MODES,
  PORT_SETTINGS,
  portsFrom,
  type PortKey,
  type StartOptions,
} from './start.options.js';
import { start } from './start.js';

const MAX_PORT = 65_535;
const MAX_EVENTS = 10_000_000;
const MAX_RATE = 10_000;

/** As commander gives them: a switch that was not used is absent. */
type GivenOptions = Omit<StartOptions, 'exit' | 'verbose'> &
  Partial<Pick<StartOptions, 'exit' | 'verbose'>> & { readonly portBase?: number };

function folder(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('A folder has a name.');
}

/** The ports of `--port-base` that no option or variable of their own sets. */
function unnamedPorts(command: Command, base: number): Partial<Record<PortKey, number>> {
  const ports = Object.entries(portsFrom(base));
  return Object.fromEntries(ports.filter(([key]) => command.getOptionValueSource(key) === 'default'));
}

/** `start`: the whole pipeline on this machine. */
export function startCommand(): Command {
  const command = new Command('start')
    .usage('-- [options]')
    .description(
      'Runs the whole pipeline on this machine: the embedded cloud, table-manager and event-generator as processes of ' +
        'their own. Events of all types are generated and become rows; their tables appear by themselves. Ctrl-C stops it.',
    )
    .option(
      '--events <count>',
      'publish exactly this many events, then none',
      wholeNumber('The number of events', 1, MAX_EVENTS),
    )
    .option('--seed <number>', 'make the events reproducible', wholeNumber('A seed', 0, MAX_SEED))
    .option(
      '--rate <per-second>',
      'events per second while no --events is given',
      wholeNumber('A rate', 1, MAX_RATE),
      5,
    )
    .option('--no-generate', 'start everything, generate nothing')
    .option('--exit', 'end when every event is a row or a dead letter; exit code 1 if one is unaccounted')
    .option(
      '--patience <seconds>',
      'with --exit: give up after this long without progress',
      wholeNumber('Patience', 1, 86_400),
      60,
    )
    .option(
      '--data <folder>',
      'keep the warehouse in this folder over restarts; in memory without it',
      folder,
    )
    .addOption(
      new Option(
        '--delivery <mode>',
        'who writes the rows: table-manager, or the Dataflow job (needs a JDK 17)',
      )
        .choices(DELIVERY_MODES)
        .default('direct'),
    )
    .option('--verbose', 'print the services’ own log lines')
    .addOption(
      new Option(
        '--port-base <port>',
        'consecutive ports from this one on, except for those given by an option or variable of their own',
      )
        .argParser(wholeNumber('A port', 1, MAX_PORT - PORT_SETTINGS.length + 1))
        .env('PORT_BASE'),
    );
  for (const { service, flag, variable, port } of PORT_SETTINGS) {
    command.addOption(
      new Option(`${flag} <port>`, `port of ${service}`)
        .argParser(wholeNumber('A port', 1, MAX_PORT))
        .env(variable)
        .default(port),
    );
  }
  return command
    .addHelpText(
      'after',
      [
        '',
        'Examples:',
        '  npm start                                     # events of all types at a gentle rate, until Ctrl-C',
        '  npm start -- --events 300 --seed 7 --exit     # exactly 300 events, the same each time; then the books',
        '  npm start -- --no-generate --data .cache/lab  # only the services; tables are there again next time',
        '  npm start -- --port-base 20000                # a second pipeline beside the first',
        '  npm start -- --delivery dataflow              # rows by the Dataflow job, on Beam’s direct runner',
        '',
        'Exit codes: 0 all is well, 1 an event is unaccounted or a service failed, 2 wrong arguments, 130 interrupted before --exit.',
      ].join('\n'),
    )
    .configureOutput({
      outputError: (text, write) => {
        write(`${text.trimEnd()}\nSee npm start -- --help\n`);
      },
    })
    .exitOverride((error) => {
      process.exit(error.exitCode === 0 ? 0 : 2);
    })
    .action(async (given: GivenOptions) => {
      const ports = given.portBase === undefined ? {} : unnamedPorts(command, given.portBase);
      const options: StartOptions = {
        ...given,
        ...ports,
        exit: given.exit ?? false,
        verbose: given.verbose ?? false,
      };
      if (options.exit && options.generate && options.events === undefined) {
        command.error('error: --exit needs --events: without a number there is no end to wait for.');
      }
      if (!options.generate && (options.events !== undefined || options.exit)) {
        command.error('error: --no-generate goes with neither --events nor --exit.');
      }
      const exitCode = await start(options);
      // A request that is being tried again must not keep a finished run alive.
      process.exit(exitCode);
    });
}
